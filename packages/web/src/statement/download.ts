import { type FilterState, toQuery } from "./filters.ts";
import type { StatementSource } from "./source.ts";

/** Fetches every part of the statement and hands it to the browser as one file. Answers the number of entries. */
export async function downloadStatement(csv: NonNullable<StatementSource["csv"]>, filters: FilterState, fileName: string): Promise<number> {
  const parts: string[] = [];
  let cursor: string | undefined;
  do {
    const part = await csv({ ...toQuery(filters), ...(cursor === undefined ? {} : { cursor }) });
    parts.push(parts.length === 0 ? part.csv : withoutHeader(part.csv));
    cursor = part.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const text = parts.join("");
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = Object.assign(document.createElement("a"), { href: url, download: fileName });
  link.click();
  URL.revokeObjectURL(url);
  return countRecords(text) - 1;
}

const withoutHeader = (csv: string): string => csv.slice(csv.indexOf("\r\n") + 2);

/** Lines that end outside of quotes: a description may hold a line break. */
function countRecords(csv: string): number {
  let quoted = false;
  let records = 0;
  for (const character of csv) {
    if (character === '"') quoted = !quoted;
    else if (character === "\n" && !quoted) records++;
  }
  return records;
}
