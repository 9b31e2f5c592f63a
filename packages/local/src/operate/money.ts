/** How many decimals a currency has, of any that Stripe may name. */
const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat("en-US", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** `1,234.50` */
export function decimal(amountMinor: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const format = new Intl.NumberFormat("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return format.format(amountMinor / 10 ** decimals);
}

/** `USD 1,234.50` */
export const money = (amountMinor: number, currency: string): string => `${currency} ${decimal(amountMinor, currency)}`;

/** Rows of cells as a table: the first columns are words and begin at the left, the others are numbers and end at the right. */
export function tableOf(header: readonly string[], rows: readonly (readonly string[])[], words: number): string[] {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column < words ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(header), widths.map((width) => "─".repeat(width)).join("  "), ...rows.map(line)];
}

/** `1 wallet`, `2,000 wallets` */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
