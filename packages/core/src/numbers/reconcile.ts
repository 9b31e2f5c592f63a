import { AiraError, iso } from "../lib/index.ts";
import { claimOrphan, loadNumber } from "./number.store.ts";
import { isInUse, type NumberRecord, purchaseOfTag, tagOf } from "./number.ts";
import { type NumberPorts, webhooksOf } from "./ports.ts";
import type { ProvidedNumber } from "./provider.ts";
import { QUIET_MS } from "./quiet.ts";
import { finishRelease } from "./release.ts";

/**
 * How the provider and the table differ about one number.
 * `orphan`: the provider charges us for it, and nobody has it here; `missing`: somebody has it here, and the provider does not;
 * `webhooks`: its calls go elsewhere, or its tag names another purchase.
 */
export interface NumberDifference {
  readonly kind: "orphan" | "missing" | "webhooks";
  readonly phoneNumber: string;
  readonly sid: string | undefined;
  readonly purchaseId: string | undefined;
  /** Whether it was mended by this run. `missing` never is: an operator decides. */
  readonly mended: boolean;
}

export interface NumberReconciliation {
  /** Numbers of this deployment at the provider, and numbers in use here. */
  readonly provided: number;
  readonly held: number;
  /** Numbers of the provider's account that are not this deployment's: another stage's, or somebody's by hand. */
  readonly foreign: number;
  readonly differences: readonly NumberDifference[];
  readonly balance: { readonly amount: string; readonly currency: string };
}

interface Options {
  /** Mend what can be mended: webhooks are set again, orphans are given back. */
  readonly apply: boolean;
  /** Numbers in use, to be found at the provider too. Default: none, which leaves out `missing`. */
  readonly held?: AsyncIterable<NumberRecord>;
  /** Told now and then how far it is. */
  readonly progress?: (seen: number) => void;
}

/**
 * What the provider says we have against what the table says. A number whose purchase, change or release is on its way is left alone: only
 * what has been quiet counts. Reads only, unless `apply`. Errors: `number_provider.unavailable`, `number_provider.refused`, `service.busy`.
 */
export async function reconcileNumbers(ports: NumberPorts, options: Options): Promise<NumberReconciliation> {
  const differences: NumberDifference[] = [];
  const provided = new Map<string, ProvidedNumber>();
  let foreign = 0;
  let after: string | undefined;
  do {
    // Before the look, since that shows what was then, however long the rest takes.
    const askedAtMs = ports.clock();
    const page = await ports.provider.listOwned(after);
    for (const number of page.numbers) {
      const record = await loadNumber(ports.table, number.phoneNumber, { consistent: true });
      const ours = purchaseOfTag(number.tag, ports.stage) !== undefined || record?.sid === number.sid;
      if (!ours) {
        foreign++;
        continue;
      }
      provided.set(number.phoneNumber, number);
      const difference = differenceOf(ports, number, record, askedAtMs);
      if (difference) differences.push(await mend(ports, number, difference, options.apply));
    }
    options.progress?.(provided.size + foreign);
    after = page.next;
  } while (after);

  let held = 0;
  for await (const record of options.held ?? []) {
    if (!isInUse(record.state)) continue;
    held++;
    if (provided.get(record.phoneNumber)?.sid === record.sid) continue;
    if (await isMissing(ports, record))
      differences.push({ kind: "missing", phoneNumber: record.phoneNumber, sid: record.sid, purchaseId: record.purchaseId, mended: false });
  }
  return { provided: provided.size, held, foreign, differences, balance: await ports.provider.balance() };
}

function differenceOf(
  { stage, publicUrl }: NumberPorts,
  number: ProvidedNumber,
  record: NumberRecord | undefined,
  askedAtMs: number,
): Omit<NumberDifference, "mended"> | undefined {
  const about = { phoneNumber: number.phoneNumber, sid: number.sid, purchaseId: purchaseOfTag(number.tag, stage) };
  // Its purchase may still be on its way, its release is.
  if (record?.state === "pending" || record?.state === "releasing") return undefined;
  const inUse = record !== undefined && isInUse(record.state) && record.sid === number.sid;
  if (!inUse) {
    const quiet = record === undefined || askedAtMs >= Math.max(record.attemptedAtMs, Date.parse(record.updatedAt)) + QUIET_MS;
    return quiet ? { ...about, kind: "orphan" } : undefined;
  }
  const right = webhooksOf(publicUrl);
  const asserted =
    number.tag === tagOf(stage, record.purchaseId) &&
    Object.entries(right).every(([name, url]) => number.webhooks[name as keyof typeof right] === url);
  return asserted ? undefined : { ...about, purchaseId: record.purchaseId, kind: "webhooks" };
}

async function mend(
  ports: NumberPorts,
  number: ProvidedNumber,
  difference: Omit<NumberDifference, "mended">,
  apply: boolean,
): Promise<NumberDifference> {
  if (!apply) return { ...difference, mended: false };
  if (difference.kind === "webhooks" && difference.purchaseId !== undefined) {
    const mended = await ports.provider.update(number.sid, {
      tag: tagOf(ports.stage, difference.purchaseId),
      webhooks: webhooksOf(ports.publicUrl),
    });
    return { ...difference, mended: mended !== undefined };
  }
  return { ...difference, mended: await giveBackOrphan(ports, number) };
}

/** First out of everybody's reach, then released like any other: what a crash leaves is finished by the schedule. */
async function giveBackOrphan(ports: NumberPorts, { phoneNumber, sid }: ProvidedNumber): Promise<boolean> {
  const found = await loadNumber(ports.table, phoneNumber, { consistent: true });
  if (found && found.state !== "failed" && found.state !== "released") return false;
  const claimed = await claimOrphan(ports.table, { phoneNumber, sid }, found, iso(ports.clock()));
  if (claimed.outcome !== "committed") return false;
  const claim = await loadNumber(ports.table, phoneNumber, { consistent: true });
  return claim !== undefined && (await finishRelease(ports, claim)).state === "released";
}

/** The provider's list lags, and the number may have been given back since: both are asked again before somebody is alarmed. */
async function isMissing(ports: NumberPorts, seen: NumberRecord): Promise<boolean> {
  const askedAtMs = ports.clock();
  const found = await ports.provider.findOwned(seen.phoneNumber);
  if (found?.sid === seen.sid) return false;
  const now = await loadNumber(ports.table, seen.phoneNumber, { consistent: true });
  const same = now?.purchaseId === seen.purchaseId && isInUse(now.state);
  return same && askedAtMs >= now.attemptedAtMs + QUIET_MS;
}

/**
 * Sets one number's webhooks and tag at the provider again. Errors: `number.not_found`, `number.not_active`,
 * `number_provider.unavailable`, `number_provider.refused`.
 */
export async function repairNumber(ports: NumberPorts, phoneNumber: string): Promise<{ readonly repaired: boolean }> {
  const number = await loadNumber(ports.table, phoneNumber, { consistent: true });
  if (!number) throw new AiraError("number.not_found", "There is no such number.");
  if (number.sid === undefined || !isInUse(number.state))
    throw new AiraError("number.not_active", "Only a number that is in use can be repaired.");
  const updated = await ports.provider.update(number.sid, {
    tag: tagOf(ports.stage, number.purchaseId),
    webhooks: webhooksOf(ports.publicUrl),
  });
  return { repaired: updated !== undefined };
}
