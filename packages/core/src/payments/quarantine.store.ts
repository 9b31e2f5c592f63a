import { deriveId, iso } from "../lib/index.ts";
import { type Item, keys, lists, type Table, type WriteResult } from "../table/index.ts";
import type { Mismatch } from "./top-up.ts";

/** A paid session that contradicts what we stored. Never credited; an operator corrects the cause and replays it. */
export interface Quarantined {
  readonly quarantineId: string;
  readonly reason: Mismatch;
  readonly topUpId: string;
  readonly sessionId: string;
  readonly state: "open" | "closed";
  /** What the top-up says and what the session says, for the operator. */
  readonly expected: string;
  readonly found: string;
  readonly at: string;
}

/**
 * Keeps a finding, once: repeats of it find it there. One that was closed opens again: the refund that had closed it may have failed,
 * and then the money is nobody's once more.
 */
export async function insertQuarantined(
  table: Table,
  finding: Pick<Quarantined, "reason" | "topUpId" | "sessionId" | "expected" | "found">,
  nowMs: number,
): Promise<{ quarantineId: string; result: WriteResult }> {
  const quarantineId = deriveId("quarantine", finding.topUpId, finding.sessionId, finding.reason);
  const at = iso(nowMs);
  const result = await table.write({
    put: {
      ...keys.quarantine(quarantineId),
      ...finding,
      state: "open",
      at,
      ...placeOf({ quarantineId, at }),
    },
    if: { any: [{ absent: true }, { equals: { state: "closed" } }] },
  });
  return { quarantineId, result };
}

export async function loadQuarantined(table: Table, quarantineId: string): Promise<Quarantined | undefined> {
  const item = await table.get(keys.quarantine(quarantineId), { consistent: true });
  return item && parse(quarantineId, item);
}

function parse(quarantineId: string, item: Item): Quarantined {
  return {
    quarantineId,
    reason: item.reason as Mismatch,
    topUpId: item.topUpId as string,
    sessionId: item.sessionId as string,
    state: item.state as Quarantined["state"],
    expected: item.expected as string,
    found: item.found as string,
    at: item.at as string,
  };
}

/** Takes a finding off the list of open ones. */
export const closeQuarantined = (table: Table, quarantineId: string): Promise<WriteResult> =>
  table.write({
    update: keys.quarantine(quarantineId),
    set: { state: "closed" },
    remove: ["gsi2pk", "gsi2sk"],
    if: { equals: { state: "open" } },
  });

const placeOf = ({ quarantineId, at }: Pick<Quarantined, "quarantineId" | "at">) => ({
  gsi2pk: lists.quarantine,
  gsi2sk: `${at}#${quarantineId}`,
});

/** Open findings, oldest first, behind `from` if it is given. */
export async function* queryQuarantined(table: Table, from?: Pick<Quarantined, "quarantineId" | "at">): AsyncGenerator<Quarantined> {
  let after: Item | undefined = from && { ...keys.quarantine(from.quarantineId), ...placeOf(from) };
  do {
    const page = await table.query({ pk: lists.quarantine, index: "gsi2", limit: 100, after });
    for (const { pk } of page.items) {
      const quarantined = await loadQuarantined(table, (pk as string).slice("QUARANTINE#".length));
      if (quarantined?.state === "open") yield quarantined;
    }
    after = page.lastKey;
  } while (after);
}
