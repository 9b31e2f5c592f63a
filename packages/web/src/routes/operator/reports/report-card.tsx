import { Skeleton } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Card } from "../../../components/card.tsx";
import { Empty } from "../../../components/empty.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { Segments } from "../../../components/segments.tsx";
import { useMessages } from "../../../i18n/language.tsx";
import { operatorMessages } from "../messages.ts";
import styles from "../operator.module.css";

interface Props {
  readonly title: string;
  readonly lead: string;
  readonly periods: readonly number[];
  readonly days: number;
  readonly onDays: (days: number) => void;
  readonly query: { readonly isPending: boolean; readonly error: unknown; readonly refetch: () => unknown };
  readonly empty: { readonly icon: Icon; readonly title: string; readonly text: string };
  readonly isEmpty: boolean;
  readonly children: ReactNode;
}

/** A report by day, over a period that ends yesterday. */
export function ReportCard({ title, lead, periods, days, onDays, query, empty, isEmpty, children }: Props) {
  const { report } = useMessages(operatorMessages);
  return (
    <Card
      title={title}
      flush
      tools={
        <Segments
          small
          label={report.period}
          value={String(days)}
          onChange={(value) => onDays(Number(value))}
          options={periods.map((count) => ({ value: String(count), label: report.days(count) }))}
        />
      }
    >
      <p className={styles.lead}>{lead}</p>
      {query.isPending && (
        <div className={styles.aside}>
          <Skeleton height={160} />
        </div>
      )}
      {Boolean(query.error) && (
        <div className={styles.aside}>
          <ProblemNotice error={query.error} onRetry={() => void query.refetch()} />
        </div>
      )}
      {!query.isPending && !query.error && isEmpty && (
        <Empty icon={empty.icon} title={empty.title}>
          {empty.text}
        </Empty>
      )}
      {!isEmpty && children}
    </Card>
  );
}

const DAY_MS = 86_400_000;

/** So many days in UTC, the last of which was yesterday. */
export function lastDays(count: number, now = Date.now()): { from: string; to: string } {
  const dayAt = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return { from: dayAt(now - count * DAY_MS), to: dayAt(now - DAY_MS) };
}
