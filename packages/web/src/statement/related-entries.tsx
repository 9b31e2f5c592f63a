import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { TransactionView } from "../api/shapes.ts";
import { Money } from "../components/money.tsx";
import { ProblemNotice } from "../components/problem-notice.tsx";
import { useFormats } from "../i18n/formats.ts";
import { useMessages } from "../i18n/language.tsx";
import styles from "./entry-drawer.module.css";
import { kindMessages } from "./kind-messages.ts";
import { statementMessages } from "./messages.ts";
import type { StatementSource } from "./source.ts";

/** Hold and capture, top-up and refund: what happened to one business object, oldest first. */
export function RelatedEntries({ source, transaction }: { readonly source: StatementSource; readonly transaction: TransactionView }) {
  const messages = useMessages(statementMessages);
  const kinds = useMessages(kindMessages);
  const formats = useFormats();
  const { type, id } = transaction.reference;
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["statement", ...source.key, "related", id],
    queryFn: ({ signal }) => source.page({ reference: id, limit: 50 }, signal),
  });
  const related = data?.transactions.toReversed() ?? [];
  return (
    <section>
      <h3 className={styles.relatedTitle}>{type === "hold" ? messages.relatedHold : messages.related}</h3>
      {isPending && <Skeleton height={52} />}
      {error && <ProblemNotice error={error} onRetry={refetch} />}
      {data && related.length <= 1 && <p className={styles.alone}>{messages.alone}</p>}
      {related.length > 1 && (
        <ol className={styles.related}>
          {related.map(({ transactionId, kind, at, amountMinor, heldMinor, currency }) => (
            <li key={transactionId} aria-current={transactionId === transaction.transactionId || undefined}>
              <span>
                {kinds.name[kind]}
                <time className={styles.relatedTime} dateTime={at}>
                  {formats.moment(new Date(at))}
                </time>
              </span>
              <span className={styles.relatedAmount}>
                <Money amountMinor={amountMinor} currency={currency} signed />
                {heldMinor !== 0 && <span className={styles.held}>{messages.held(formats.signedMoney(heldMinor, currency))}</span>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
