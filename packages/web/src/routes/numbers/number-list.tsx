import { Button, Skeleton } from "@mantine/core";
import { IconPhonePlus, IconPlus } from "@tabler/icons-react";
import { lazy, Suspense, useCallback, useState } from "react";
import { Card } from "../../components/card.tsx";
import { Empty } from "../../components/empty.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { useEver } from "../../components/use-ever.ts";
import { useMessages } from "../../i18n/language.tsx";
import { AddFundsHere } from "./add-funds-here.tsx";
import { numberMessages } from "./messages.ts";
import { NumberRow } from "./number-row.tsx";
import styles from "./numbers.module.css";
import { PurchaseProgress } from "./purchase-progress.tsx";
import type { NumberView } from "./shapes.ts";
import { useNumbers, useWallet } from "./use-numbers.ts";

/** Fetched once somebody asks for it. */
const AddNumber = lazy(() => import("./add/add-number.tsx"));

export function NumberList() {
  const messages = useMessages(numberMessages);
  const { numbers, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useNumbers();
  const wallet = useWallet();
  const [adding, setAdding] = useState(false);
  const [addingFunds, setAddingFunds] = useState(false);
  const everAdded = useEver(adding);
  const { followed, dismiss } = useFollowed(numbers);
  const addButton = (
    <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={() => setAdding(true)}>
      {messages.add}
    </Button>
  );
  return (
    <>
      <PageHead title={messages.title} actions={addButton} />
      {followed.map((number) => (
        <PurchaseProgress key={number.numberId} number={number} onDismiss={() => dismiss(number.numberId)} />
      ))}
      {error && <ProblemNotice error={error} onRetry={() => void (numbers ? fetchNextPage() : refetch())} />}
      {(isPending || numbers) && (
        <Card label={messages.list} flush>
          {isPending && <SkeletonRows />}
          {numbers?.length === 0 && (
            <Empty icon={IconPhonePlus} title={messages.emptyTitle} action={addButton}>
              {messages.emptyText}
            </Empty>
          )}
          {numbers && numbers.length > 0 && (
            <ul className={styles.list}>
              {numbers.map((number) => (
                <NumberRow key={number.numberId} number={number} onAddFunds={() => setAddingFunds(true)} />
              ))}
            </ul>
          )}
          {hasNextPage && (
            <div className={styles.more}>
              <Button variant="default" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
                {messages.more}
              </Button>
            </div>
          )}
        </Card>
      )}
      <Suspense>{everAdded && <AddNumber opened={adding} onClose={() => setAdding(false)} />}</Suspense>
      <AddFundsHere opened={addingFunds} onClose={() => setAddingFunds(false)} wallet={wallet.data} />
    </>
  );
}

/** Purchases that were not settled when the page first saw them: what became of them is said, though a failed one leaves the list. */
function useFollowed(numbers: readonly NumberView[] | undefined) {
  const [followed, setFollowed] = useState<readonly NumberView[]>([]);
  const known = new Set(followed.map(({ numberId }) => numberId));
  const fresh = numbers?.filter(({ state, numberId }) => state === "pending" && !known.has(numberId)) ?? [];
  if (fresh.length > 0) setFollowed([...fresh, ...followed]);
  const dismiss = useCallback((numberId: string) => setFollowed((all) => all.filter((number) => number.numberId !== numberId)), []);
  return { followed, dismiss };
}

const ROWS = ["a", "b", "c"];

function SkeletonRows() {
  return (
    <div className={styles.list} aria-busy="true">
      {ROWS.map((row) => (
        <div key={row} className={styles.skeletonRow}>
          <Skeleton height={18} width={168} />
          <Skeleton height={14} width="70%" />
          <Skeleton height={14} width={80} />
        </div>
      ))}
    </div>
  );
}
