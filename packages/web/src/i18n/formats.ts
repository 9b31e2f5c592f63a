import type { Currency } from "../money/currency.ts";
import { formatMoney, formatPlain } from "../money/format.ts";
import { useSpeech } from "./language.tsx";

/** Making a format is slow: on a slow phone as slow as drawing a page, were all of them made at once. */
function onFirstUse<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function makeFormats(locales: readonly string[]) {
  const dates = (options: Intl.DateTimeFormatOptions) => onFirstUse(() => new Intl.DateTimeFormat(locales as string[], options));
  const day = dates({ day: "numeric", month: "short", year: "numeric" });
  const dayOfYear = dates({ day: "numeric", month: "short" });
  const time = dates({ hour: "numeric", minute: "2-digit" });
  const moment = dates({ dateStyle: "medium", timeStyle: "short" });
  const exact = dates({ dateStyle: "full", timeStyle: "long" });
  const utcDay = dates({ day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  const number = onFirstUse(() => new Intl.NumberFormat(locales as string[]));
  const list = onFirstUse(() => new Intl.ListFormat(locales as string[]));
  const thisYear = new Date().getFullYear();
  return {
    money: (amountMinor: number, currency: Currency) => formatMoney(amountMinor, currency, locales),
    signedMoney: (amountMinor: number, currency: Currency) => formatMoney(amountMinor, currency, locales, { signed: true }),
    shortMoney: (amountMinor: number, currency: Currency) => formatMoney(amountMinor, currency, locales, { short: true }),
    plain: (amountMinor: number, currency: Currency) => formatPlain(amountMinor, currency, locales),
    /** The year only where it is not this one. */
    day: (at: Date) => (at.getFullYear() === thisYear ? dayOfYear : day)().format(at),
    time: (at: Date) => time().format(at),
    moment: (at: Date) => moment().format(at),
    exact: (at: Date) => exact().format(at),
    /** A day of a report, which is a day in UTC. */
    utcDay: (isoDay: string) => utcDay().format(new Date(`${isoDay}T00:00:00Z`)),
    number: (value: number) => number().format(value),
    list: (items: readonly string[]) => list().format(items),
  };
}

/** Once for each language, not for each row of a table: making a format is slow. */
const made = new Map<string, ReturnType<typeof makeFormats>>();

/** Amounts and times as this person's locale writes them. */
export function useFormats() {
  const { locales } = useSpeech();
  const name = locales.join();
  const formats = made.get(name) ?? makeFormats(locales);
  made.set(name, formats);
  return formats;
}
