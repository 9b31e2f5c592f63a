import { keys, type Table, type WriteResult } from "../table/index.ts";

const NAME = "verify-ledger";

/** The owner behind which the next run of the schedule goes on; undefined: from the start. */
export async function loadPosition(table: Table): Promise<string | undefined> {
  const item = await table.get(keys.cursor(NAME), { consistent: true });
  return item?.after as string | undefined;
}

/** Unconditional: two runs side by side only verify some wallets twice. */
export const savePosition = (table: Table, after: string | undefined): Promise<WriteResult> =>
  table.write({ put: { ...keys.cursor(NAME), after } });
