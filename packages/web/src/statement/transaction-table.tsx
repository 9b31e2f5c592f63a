import { Skeleton, VisuallyHidden } from "@mantine/core";
import type { TransactionView } from "../api/shapes.ts";
import { Money } from "../components/money.tsx";
import { useFormats } from "../i18n/formats.ts";
import { useMessages } from "../i18n/language.tsx";
import { kindMessages } from "./kind-messages.ts";
import { statementMessages } from "./messages.ts";
import styles from "./statement.module.css";

interface Props {
  readonly transactions: readonly TransactionView[];
  readonly onOpen: (transaction: TransactionView) => void;
}

export function TransactionTable({ transactions, onOpen }: Props) {
  const messages = useMessages(statementMessages);
  return (
    <table className={styles.table}>
      <caption>
        <VisuallyHidden>{messages.title}</VisuallyHidden>
      </caption>
      <Head />
      <tbody>
        {transactions.map((transaction) => (
          <Row key={transaction.transactionId} transaction={transaction} onOpen={onOpen} />
        ))}
      </tbody>
    </table>
  );
}

function Head() {
  const messages = useMessages(statementMessages);
  return (
    <thead>
      <tr>
        <th scope="col">{messages.when}</th>
        <th scope="col">{messages.what}</th>
        <th scope="col" className={styles.figure}>
          {messages.amount}
        </th>
        <th scope="col" className={styles.figure}>
          {messages.balance}
        </th>
      </tr>
    </thead>
  );
}

/** The name of the kind is the button; its reach is the whole row. */
function Row({ transaction, onOpen }: { readonly transaction: TransactionView; readonly onOpen: Props["onOpen"] }) {
  const { kind, currency, amountMinor, heldMinor, description, at } = transaction;
  const messages = useMessages(statementMessages);
  const kinds = useMessages(kindMessages);
  const formats = useFormats();
  const time = new Date(at);
  const after = transaction.balanceAfter.find((balance) => balance.currency === currency);
  const moves = amountMinor !== 0 || heldMinor !== 0;
  return (
    <tr className={styles.row}>
      <td className={styles.when}>
        <time dateTime={at} title={formats.exact(time)}>
          {formats.day(time)} <span className={styles.fine}>{formats.time(time)}</span>
        </time>
      </td>
      <td className={styles.what}>
        <button type="button" className={styles.open} onClick={() => onOpen(transaction)}>
          {kinds.name[kind]}
        </button>
        {description !== kinds.name[kind] && <span className={styles.description}>{description}</span>}
      </td>
      <td className={`${styles.figure} ${styles.amount}`}>
        {moves ? <Money amountMinor={amountMinor} currency={currency} signed /> : "–"}
        {heldMinor !== 0 && <span className={styles.description}>{messages.held(formats.signedMoney(heldMinor, currency))}</span>}
      </td>
      <td className={`${styles.figure} ${styles.after}`}>
        {after && moves && <Money amountMinor={after.availableMinor} currency={currency} />}
      </td>
    </tr>
  );
}

const ROWS = ["a", "b", "c", "d", "e", "f"];

/** As tall as what comes, so that nothing jumps. */
export function SkeletonRows() {
  return (
    <div className={styles.skeletons} aria-busy="true">
      {ROWS.map((row) => (
        <div key={row} className={styles.skeletonRow}>
          <Skeleton height={14} width={88} />
          <Skeleton height={14} width="46%" />
          <Skeleton height={14} width={72} />
          <Skeleton height={14} width={72} />
        </div>
      ))}
    </div>
  );
}
