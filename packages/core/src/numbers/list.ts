import type { NumberState } from "@aira/contract";
import { readCursor, writeCursor } from "../lib/index.ts";
import { queryNumbers } from "./number.store.ts";
import type { NumberRecord } from "./number.ts";
import type { NumberPorts } from "./ports.ts";

export interface NumberList {
  readonly numbers: readonly NumberRecord[];
  /** Hand it back as `cursor`. A page may be shorter than `limit` and not be the last. */
  readonly nextCursor: string | null;
}

/** An owner's numbers, newest first: one call. Without a state, those that are still theirs. Errors: `cursor.invalid`, `service.busy`. */
export async function listNumbers(
  { table }: Pick<NumberPorts, "table">,
  asked: { readonly owner: string; readonly state?: NumberState | undefined; readonly limit: number; readonly cursor?: string | undefined },
): Promise<NumberList> {
  const page = await queryNumbers(
    table,
    asked.owner,
    asked.limit,
    asked.cursor === undefined ? undefined : readCursor(asked.cursor, NUMBER_ID),
  );
  const wanted = ({ state }: NumberRecord) =>
    asked.state === undefined ? state !== "released" && state !== "failed" : state === asked.state;
  return { numbers: page.numbers.filter(wanted), nextCursor: page.more && page.lastId !== undefined ? writeCursor(page.lastId) : null };
}

const NUMBER_ID = /^num_[0-9a-hjkmnp-tv-z]{26}$/;
