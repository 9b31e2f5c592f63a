import { Money } from "../../components/money.tsx";
import { useMessages } from "../../i18n/language.tsx";
import { kindMessages } from "../../statement/kind-messages.ts";
import styles from "./welcome.module.css";

/** Each line's balance is the one below it plus its amount: what the product promises, as a picture. */
const LINES = [
  { kind: "capture", detail: "+1 415 555 0134", amountMinor: 185, afterMinor: 4_620 },
  { kind: "authorization", detail: "+1 415 555 0134", amountMinor: -200, afterMinor: 4_435 },
  { kind: "usage", detail: "+44 20 7946 0231", amountMinor: -65, afterMinor: 4_635 },
  { kind: "debit", detail: "+1 415 555 0134", amountMinor: -115, afterMinor: 4_700 },
  { kind: "credit", detail: "Visa", amountMinor: 2_500, afterMinor: 4_815 },
] as const;

/** A picture of a statement, for the eyes only. */
export function SampleStatement() {
  const { name } = useMessages(kindMessages);
  return (
    <div className={styles.sample} aria-hidden="true">
      <p className={styles.sampleBalance}>
        <Money amountMinor={LINES[0].afterMinor} currency="USD" large />
      </p>
      <ul>
        {LINES.map(({ kind, detail, amountMinor, afterMinor }) => (
          <li key={kind}>
            <span>
              {name[kind]}
              <small>{detail}</small>
            </span>
            <Money amountMinor={amountMinor} currency="USD" signed />
            <span className={styles.sampleAfter}>
              <Money amountMinor={afterMinor} currency="USD" />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
