import { Button } from "@mantine/core";
import { IconListSearch, IconReceipt2 } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { TransactionView } from "../api/shapes.ts";
import { Empty } from "../components/empty.tsx";
import { EndlessList } from "../components/endless/endless-list.tsx";
import { useEver } from "../components/use-ever.ts";
import { useFormats } from "../i18n/formats.ts";
import { useMessages } from "../i18n/language.tsx";
import { countFilters, type FilterState, NO_FILTERS } from "./filters.ts";
import { statementMessages } from "./messages.ts";
import type { StatementSource } from "./source.ts";
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
  const { pages, transactions, searching } = useStatement(source, filters);
  const [opened, setOpened] = useState<TransactionView>();
  const everOpened = useEver(opened !== undefined);
  const count = transactions.length;
  return (
    <>
      <EndlessList
        pages={pages}
        searching={searching}
        loaded={count}
        shown={count}
        count={messages.shown(formats.number(count))}
        skeleton={<SkeletonRows />}
      >
        {count > 0 || pages.hasNextPage ? (
          <TransactionTable transactions={transactions} onOpen={setOpened} />
        ) : countFilters(filters) > 0 ? (
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
        ) : (
          <Empty icon={IconReceipt2} title={messages.emptyTitle} action={firstStep}>
            {messages.emptyText}
          </Empty>
        )}
      </EndlessList>
      {everOpened && (
        <Suspense>
          <EntryDrawer source={source} transaction={opened} onClose={() => setOpened(undefined)} />
        </Suspense>
      )}
    </>
  );
}
