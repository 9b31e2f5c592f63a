import { type Input, listTransactions } from "@aira/contract";
import { type LedgerPorts, listEntries } from "@aira/core/ledger";
import { iso } from "@aira/core/lib";
import { CsvFile } from "../edge/csv.ts";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";
import { statementHeader, statementRecord } from "../views/statement-csv.ts";
import { toOwnTransaction } from "../views/transaction.ts";

/** A page of the statement, newest first, or a longer part of it as a file. */
export const handler = http(listTransactions, async ({ query }, { owner, deadline, wantsCsv }) => {
  if (wantsCsv) return statementFile(ledgerPorts(), owner, query, deadline - LAST_PAGE_MS);
  const { entries, nextCursor } = await listEntries(ledgerPorts(), owner, query);
  return { transactions: entries.map(toOwnTransaction), nextCursor };
});

type Query = Input<typeof listTransactions>["query"];

/** A page of entries that is asked for in the last moment is answered within this. */
const LAST_PAGE_MS = 3_000;

/** About 2 MB: with the escapes of Lambda's JSON still far below its 6. */
const MAX_RECORDS = 10_000;
const MAX_BYTES = 4_000_000;
/** The most that one query to DynamoDB answers, which is 1 MB, holds about so many entries. */
const PAGE_ENTRIES = 1_000;

/** Read page by page until the statement, the room or the time ends. What is left is behind the file's `next`. */
async function statementFile(ports: LedgerPorts, owner: string, query: Query, stopAtMs: number): Promise<CsvFile> {
  const records = [statementHeader()];
  let bytes = 0;
  let cursor = query.cursor;
  do {
    const limit = Math.min(PAGE_ENTRIES, MAX_RECORDS + 1 - records.length);
    const page = await listEntries(ports, owner, { ...query, limit, cursor });
    for (const entry of page.entries) {
      const record = statementRecord(toOwnTransaction(entry));
      records.push(record);
      bytes += Buffer.byteLength(record);
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && records.length <= MAX_RECORDS && bytes < MAX_BYTES && ports.clock() < stopAtMs);
  const name = `statement-${iso(ports.clock()).slice(0, 10)}.csv`;
  return new CsvFile(records.join(""), name, cursor === undefined ? undefined : nextPart(query, cursor));
}

function nextPart({ limit, cursor: _, ...filters }: Query, cursor: string): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filters, cursor })) if (value !== undefined) search.set(name, value);
  return `${listTransactions.path}?${search}`;
}
