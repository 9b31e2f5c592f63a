import { styleText } from "node:util";
import type { Currency } from "@aira/contract";
import { decimal, money as inWords, tableOf } from "../operate/money.ts";
import { StartFailure } from "../start-failure.ts";
import type { Money, StatementLine } from "./customer.ts";
import { BrokenPromise } from "./promise.ts";

type Style = Parameters<typeof styleText>[0];

/** Colours on a terminal only, and not where NO_COLOR is set: `styleText` asks the stream and the environment. */
const styled = (style: Style, text: string): string => styleText(style, text, { stream: process.stdout });
const styledError = (style: Style, text: string): string => styleText(style, text, { stream: process.stderr });

const seconds = (durationMs: number): string => `${(durationMs / 1_000).toFixed(2)} s`;

/** `USD 1,234.50` */
export const money = ({ currency, amountMinor }: Money): string => inWords(amountMinor, currency);

/** A step that was done, what is true now, and the time it took. */
export function printStep(done: string, now: string, durationMs: number): void {
  console.log(`${styled("green", "✓")} ${styled("dim", seconds(durationMs).padStart(7))}  ${done.padEnd(54)}  ${now}`);
}

/** What is told while nothing has been promised yet. */
export const printNote = (text: string): void => console.log(styled("dim", text));

/** The statement, oldest first, with the balance of every currency after each line. */
export function printStatement(lines: readonly StatementLine[]): void {
  const currencies = [...new Set(lines.map(({ currency }) => currency))];
  const balanceOf = ({ balanceAfter }: StatementLine, currency: Currency) =>
    decimal(balanceAfter.find((balance) => balance.currency === currency)?.totalMinor ?? 0, currency);
  const header = ["Time (UTC)", "What", "Amount", ...currencies.map((currency) => `Balance ${currency}`)];
  const rows = lines.map((line) => [
    line.at.slice(0, 19).replace("T", " "),
    line.description,
    `${line.amountMinor > 0 ? "+" : ""}${decimal(line.amountMinor, line.currency)} ${line.currency}`,
    ...currencies.map((currency) => balanceOf(line, currency)),
  ]);
  const [titles = "", rule = "", ...table] = tableOf(header, rows, 2);
  console.log(`\n${styled("bold", titles)}`);
  console.log(styled("dim", rule));
  for (const row of table) console.log(row);
  console.log();
}

export function printSuccess(verified: string, steps: number, durationMs: number): void {
  console.log(verified);
  console.log(styled(["green", "bold"], `Every promise held: ${steps} steps in ${seconds(durationMs)}.`));
}

/**
 * What broke, in which step, and the failures of functions meanwhile, which may tell why. A broken promise is told as a sentence, anything
 * unforeseen with its stack.
 */
export function printFailure(step: string, error: unknown, failures: readonly string[]): void {
  for (const failure of failures) console.error(styledError("dim", failure));
  console.error(`${styledError("red", "✗")} ${step}`);
  if (error instanceof BrokenPromise) {
    console.error(styledError(["red", "bold"], `Broken promise: ${error.message}.`));
    console.error(error.seen);
  } else console.error(error instanceof StartFailure ? error.message : error);
}
