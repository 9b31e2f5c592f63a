import type { Cell, ReportTable, Section, Verdict } from "./section.ts";

const NUMERIC = /^[-+~<>≤≥]?\s?\$?\d/;

/** Columns of which every filled cell starts with a number read better flush right. */
function rightAligned({ head, rows }: ReportTable): readonly boolean[] {
  return head.map((_, column) => {
    const filled = rows.map((row) => row[column] ?? "").filter((cell) => cell !== "" && cell !== "–");
    return filled.length > 0 && filled.every((cell) => NUMERIC.test(cell));
  });
}

/** Characters that a terminal shows, not code units. */
const width = (cell: Cell): number => [...cell].length;

const pad = (cell: Cell, columns: number, right: boolean): string => {
  const blank = " ".repeat(Math.max(0, columns - width(cell)));
  return right ? blank + cell : cell + blank;
};

/** The table for a terminal: columns two blanks apart, a rule below the head. */
export function textTable(table: ReportTable): string {
  const right = rightAligned(table);
  const widths = table.head.map((head, column) => Math.max(width(head), ...table.rows.map((row) => width(row[column] ?? ""))));
  const line = (row: readonly Cell[]) =>
    widths
      .map((columns, column) => pad(row[column] ?? "", columns, right[column] ?? false))
      .join("  ")
      .trimEnd();
  return [line(table.head), widths.map((columns) => "-".repeat(columns)).join("  "), ...table.rows.map(line)].join("\n");
}

/** The table as GitHub's Markdown. A bar in a cell would end it, so it is escaped. */
export function markdownTable(table: ReportTable): string {
  const right = rightAligned(table);
  const line = (row: readonly Cell[]) => `| ${table.head.map((_, column) => (row[column] ?? "").replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(table.head), `| ${right.map((isRight) => (isRight ? "--:" : "---")).join(" | ")} |`, ...table.rows.map(line)].join("\n");
}

const WORDS = new Map([
  [true, "yes"],
  [false, "NO"],
  [undefined, "–"],
]);

/** Promises beside what was measured. */
export const verdictTable = (verdicts: readonly Verdict[]): ReportTable => ({
  head: ["promise", "target", "measured", "met"],
  rows: verdicts.map(({ promise, target, measured, met }) => [promise, target, measured, WORDS.get(met) ?? ""]),
});

/** A part for the terminal. */
export function textSection({ title, tables, notes, verdicts }: Section): string {
  const blocks = [...tables, ...(verdicts.length > 0 ? [verdictTable(verdicts)] : [])].map(textTable);
  return [
    `\n${title}\n${"=".repeat(width(title))}`,
    ...blocks,
    ...(notes.length > 0 ? [notes.map((note) => `* ${note}`).join("\n")] : []),
  ].join("\n\n");
}

/** A part for RESULTS.md. */
export function markdownSection({ title, method, tables, notes, verdicts }: Section): string {
  const blocks = [...tables, ...(verdicts.length > 0 ? [verdictTable(verdicts)] : [])].map(markdownTable);
  return [`## ${title}`, method.join(" "), ...blocks, ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join("\n")] : [])].join(
    "\n\n",
  );
}
