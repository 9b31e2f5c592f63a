import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { amountMessages } from "../../../money/amount-messages.ts";
import { CURRENCIES, type Currency } from "../../../money/currency.ts";
import type { ParsedAmount } from "../../../money/parse.ts";
import { topUpMessages } from "./messages.ts";

/** The bounds, or what is wrong. While somebody types, an amount that is only too small, or not there, is not yet a mistake. */
export function useAmountHint(parsed: ParsedAmount, currency: Currency, done: boolean): { hint: string; wrong: boolean } {
  const messages = useMessages(topUpMessages);
  const problems = useMessages(amountMessages);
  const formats = useFormats();
  const { floorMinor, ceilingMinor } = CURRENCIES[currency];
  const [floor, ceiling] = [formats.money(floorMinor, currency), formats.money(ceilingMinor, currency)];
  const wrong = "problem" in parsed && (done || (parsed.problem !== "missing" && parsed.problem !== "too_small"));
  if (!wrong) return { hint: messages.bounds(floor, ceiling), wrong: false };
  const example = formats.plain(floorMinor * 10, currency);
  const words = { missing: example, unreadable: example, too_precise: example, too_small: floor, too_large: ceiling };
  return { hint: problems[parsed.problem](words[parsed.problem]), wrong: true };
}
