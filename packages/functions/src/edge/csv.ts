/** An answer as a file for spreadsheets. */
export class CsvFile {
  readonly text: string;
  /** Safe in a header: letters, digits, hyphens and dots. */
  readonly name: string;
  /** Where the next part is, below the same origin. */
  readonly next: string | undefined;

  constructor(text: string, name: string, next?: string) {
    this.text = text;
    this.name = name;
    this.next = next;
  }
}

/** What makes a spreadsheet run a text: the first character, also behind spaces and in its full width, or a control character. */
const FORMULA = /^(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])/;

/** A text that somebody wrote, harmless to spreadsheets. Never for numbers: -5.00 must stay one. */
export const plainText = (text: string): string => (FORMULA.test(text) ? `'${text}` : text);

const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** One record, with its line end (RFC 4180). */
export const csvRecord = (cells: readonly string[]): string =>
  `${cells.map((cell) => (NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\r\n`;
