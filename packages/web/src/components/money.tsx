import { useSpeech } from "../i18n/language.tsx";
import type { Currency } from "../money/currency.ts";
import { moneyParts } from "../money/format.ts";
import styles from "./money.module.css";

interface Props {
  readonly amountMinor: number;
  readonly currency: Currency;
  /** A plus before money in, in the colour of gains. */
  readonly signed?: boolean;
  /** The fraction set smaller, for the figures that a page is about. */
  readonly large?: boolean;
}

/** An amount of money. The fraction is a span of its own only where it looks different, so that a screen reader hears one number. */
export function Money({ amountMinor, currency, signed = false, large = false }: Props) {
  const { locales } = useSpeech();
  const parts = moneyParts(amountMinor, currency, locales, { signed });
  const tone = signed && amountMinor > 0 ? "in" : !signed && amountMinor < 0 ? "below" : undefined;
  const at = large ? parts.findIndex(({ type }) => type === "decimal") : -1;
  const text = (from: number, to: number) =>
    parts
      .slice(from, to)
      .map(({ value }) => value)
      .join("");
  return (
    <span className={styles.money} data-tone={tone} data-large={large || undefined}>
      {at < 0 ? (
        text(0, parts.length)
      ) : (
        <>
          {text(0, at)}
          <span className={styles.fraction}>{text(at, parts.length)}</span>
        </>
      )}
    </span>
  );
}
