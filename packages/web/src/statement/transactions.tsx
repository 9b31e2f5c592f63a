import { Button, Loader } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import { IconListSearch, IconReceipt2 } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";
import type { TransactionView } from "../api/shapes.ts";
import { Empty } from "../components/empty.tsx";
import { ProblemNotice } from "../components/problem-notice.tsx";
import { useEver } from "../components/use-ever.ts";
import { useFormats } from "../i18n/formats.ts";
import { useMessages } from "../i18n/language.tsx";
import { countFilters, type FilterState, NO_FILTERS } from "./filters.ts";
import { statementMessages } from "./messages.ts";
import type { StatementSource } from "./source.ts";
import styles from "./statement.module.css";
import { SkeletonRows, TransactionTable } from "./transaction-table.tsx";
import { useStatement } from "./use-statement.ts";

/** Fetched once a first entry is opened. */
const EntryDrawer = lazy(() => import("./entry-drawer.tsx"));

interface Props {
  readonly source: StatementSource;
  readonly filters: FilterState;
  readonly onFilter: (change: Partial<FilterState>) => void;
  /** What to do where there is nothing yet. */
  readonly firstStep?: React.ReactNode;
}

/** The statement with its running balance: endless, with the details of each entry. */
export function Transactions({ source, filters, onFilter, firstStep }: Props) {
  const messages = useMessages(statementMessages);
  const formats = useFormats();
  const { transactions, error, isPending, isFetchingNextPage, isPlaceholderData, hasNextPage, searching, refetch, fetchNextPage } =
    useStatement(source, filters);
  const [opened, setOpened] = useState<TransactionView>();
  const everOpened = useEver(opened !== undefined);
  const { ref, entry } = useIntersection({ rootMargin: "600px" });
  const atEnd = entry?.isIntersecting ?? false;
  const more = hasNextPage && !isFetchingNextPage && !error && !searching;
  useEffect(() => {
    if (atEnd && more && transactions.length > 0) void fetchNextPage();
  }, [atEnd, more, transactions.length, fetchNextPage]);

  if (isPending) return <SkeletonRows />;
  const retry = () => void (transactions.length > 0 ? fetchNextPage() : refetch());
  if (error && transactions.length === 0)
    return (
      <div className={styles.aside}>
        <ProblemNotice error={error} onRetry={retry} />
      </div>
    );
  const nothing = transactions.length === 0 && !hasNextPage;
  if (nothing && countFilters(filters) > 0)
    return (
      <Empty
        icon={IconListSearch}
        title={messages.noneTitle}
        action={
          <Button variant="default" onClick={() => onFilter(NO_FILTERS)}>
            {messages.clear}
          </Button>
        }
      >
        {messages.noneText}
      </Empty>
    );
  if (nothing)
    return (
      <Empty icon={IconReceipt2} title={messages.emptyTitle} action={firstStep}>
        {messages.emptyText}
      </Empty>
    );
  return (
    <div aria-busy={isPlaceholderData}>
      <TransactionTable transactions={transactions} onOpen={setOpened} />
      <p className={styles.hidden} role="status">
        {messages.shown(formats.number(transactions.length))}
      </p>
      {error && (
        <div className={styles.aside}>
          <ProblemNotice error={error} onRetry={retry} />
        </div>
      )}
      <div ref={ref} className={styles.more}>
        {isFetchingNextPage || searching ? (
          <span className={styles.searching}>
            <Loader size={16} /> {messages.searching}
          </span>
        ) : hasNextPage ? (
          <Button variant="default" onClick={() => fetchNextPage()}>
            {messages.older}
          </Button>
        ) : (
          messages.end
        )}
      </div>
      {everOpened && (
        <Suspense>
          <EntryDrawer source={source} transaction={opened} onClose={() => setOpened(undefined)} />
        </Suspense>
      )}
    </div>
  );
}
