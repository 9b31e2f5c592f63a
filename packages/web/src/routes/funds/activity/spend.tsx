import { Money } from "../../../components/money.tsx";
import { useMessages } from "../../../i18n/language.tsx";
import type { Currency } from "../../../money/currency.ts";
import { fundsMessages } from "../messages.ts";
import styles from "./activity.module.css";
import type { SpendKind } from "./history.ts";

interface Props {
  readonly rows: readonly { readonly kind: SpendKind; readonly spentMinor: number }[];
  readonly currency: Currency;
}

/** Bars, the longest first, each with its amount: to be read as a list as well as to be seen. */
export function Spend({ rows, currency }: Props) {
  const messages = useMessages(fundsMessages);
  const total = rows.reduce((sum, { spentMinor }) => sum + spentMinor, 0);
  const most = rows[0]?.spentMinor ?? 1;
  return (
    <>
      <p className={styles.total}>
        <span>{messages.spentTotal}</span>
        <Money amountMinor={total} currency={currency} />
      </p>
      <ul className={styles.bars}>
        {rows.map(({ kind, spentMinor }) => (
          <li key={kind}>
            <span className={styles.barName}>{messages.spendKinds[kind]}</span>
            <span className={styles.barAmount}>
              <Money amountMinor={spentMinor} currency={currency} />
            </span>
            <span className={styles.track} aria-hidden="true">
              <span className={styles.bar} style={{ inlineSize: `${Math.max(1, (spentMinor / most) * 100)}%` }} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
