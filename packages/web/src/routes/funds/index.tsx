import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDownload, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { useDescribeError } from "../../api/describe-error.ts";
import type { TransactionView } from "../../api/shapes.ts";
import { useApi } from "../../api/use-api.ts";
import { Card } from "../../components/card.tsx";
import { PageHead } from "../../components/page-head.tsx";
import { ProblemNotice } from "../../components/problem-notice.tsx";
import { useEver } from "../../components/use-ever.ts";
import { useNear } from "../../components/use-near.ts";
import { useAddressFilters } from "../../filters/use-address-filters.ts";
import { useFormats } from "../../i18n/formats.ts";
import { useMessages, useSpeech } from "../../i18n/language.tsx";
import { type Currency, usualCurrency } from "../../money/currency.ts";
import { usePerson } from "../../session/use-session.ts";
import { downloadStatement } from "../../statement/download.ts";
import { FilterBar } from "../../statement/filter-bar.tsx";
import { type FilterState, readFilters } from "../../statement/filters.ts";
import { statementMessages } from "../../statement/messages.ts";
import type { StatementSource } from "../../statement/source.ts";
import { SkeletonRows } from "../../statement/transaction-table.tsx";
import { Transactions } from "../../statement/transactions.tsx";
import { Activity } from "./activity/activity.tsx";
import { Balances } from "./balances.tsx";
import { fundsMessages } from "./messages.ts";
import { TopUpProgress } from "./top-up/progress.tsx";
import { useReturn } from "./top-up/use-return.ts";
import { WalletNotices } from "./wallet-notices.tsx";

/** Fetched once they are first asked for. */
const AddFunds = lazy(() => import("./top-up/add-funds.tsx"));
const AlertDialog = lazy(() => import("./alerts/alert-dialog.tsx"));

/** Funds: what there is, how it came and went, and more of it. */
export default function Funds() {
  const api = useApi();
  const { sub } = usePerson();
  const { locales } = useSpeech();
  const messages = useMessages(fundsMessages);
  const [adding, setAdding] = useState(false);
  const [editing, setEditing] = useState<Currency>();
  const everAdded = useEver(adding);
  const everEdited = useEver(editing !== undefined);
  const { following, follow, settled, dismiss } = useReturn(sub);
  const wallet = useQuery({ queryKey: ["balances"], queryFn: ({ signal }) => api.getBalance({}, { signal }) });
  const busiest = wallet.data?.balances.find(({ totalMinor }) => totalMinor !== 0)?.currency;
  const addButton = (
    <Button leftSection={<IconPlus size={18} aria-hidden="true" />} onClick={() => setAdding(true)}>
      {messages.addFunds}
    </Button>
  );
  return (
    <>
      <PageHead title={messages.title} actions={addButton} />
      {following && (
        <TopUpProgress
          key={`${following.topUpId} ${following.left}`}
          following={following}
          onSettled={settled}
          onDismiss={dismiss}
          onStartAgain={() => {
            dismiss();
            setAdding(true);
          }}
        />
      )}
      {wallet.error && !wallet.data && <ProblemNotice error={wallet.error} onRetry={() => wallet.refetch()} />}
      {wallet.data && <WalletNotices wallet={wallet.data} />}
      <Balances wallet={wallet.data} onEditAlert={setEditing} />
      {wallet.data?.seq !== 0 && <Activity wallet={wallet.data} initialCurrency={busiest ?? usualCurrency(locales)} />}
      <Statement firstStep={addButton} />
      <Suspense>
        {everAdded && (
          <AddFunds
            opened={adding}
            onClose={() => setAdding(false)}
            wallet={wallet.data}
            onKnown={(topUpId) => {
              setAdding(false);
              follow(topUpId);
            }}
          />
        )}
        {everEdited && (
          <AlertDialog currency={editing} current={editing && wallet.data?.alerts[editing]} onClose={() => setEditing(undefined)} />
        )}
      </Suspense>
    </>
  );
}

function Statement({ firstStep }: { readonly firstStep: React.ReactNode }) {
  const api = useApi();
  const { sub } = usePerson();
  const messages = useMessages(statementMessages);
  const [filters, change] = useAddressFilters(readFilters);
  const source = useMemo<StatementSource>(
    () => ({
      key: ["own", sub],
      page: (asked, signal) => api.listTransactions({ query: asked }, { signal }),
      csv: (asked) => api.listTransactionsCsv({ query: asked }),
      actorOf: ({ actor }: TransactionView) =>
        actor === "system:stripe"
          ? messages.actors.stripe
          : actor === "operator"
            ? messages.actors.operator
            : actor.startsWith("system")
              ? messages.actors.system
              : messages.actors.you,
    }),
    [api, sub, messages],
  );
  const { ref, near } = useNear();
  return (
    <div ref={ref}>
      <Card title={messages.title} tools={<CsvButton source={source} filters={filters} />} flush>
        {near ? (
          <>
            <FilterBar filters={filters} onChange={change} />
            <Transactions source={source} filters={filters} onFilter={change} firstStep={firstStep} />
          </>
        ) : (
          <SkeletonRows />
        )}
      </Card>
    </div>
  );
}

function CsvButton({ source, filters }: { readonly source: StatementSource; readonly filters: FilterState }) {
  const messages = useMessages(statementMessages);
  const describe = useDescribeError();
  const formats = useFormats();
  const { csv } = source;
  const download = useMutation({
    mutationFn: async () => (csv ? downloadStatement(csv, filters, `aira-statement-${new Date().toISOString().slice(0, 10)}.csv`) : 0),
    onSuccess: (rows) => notifications.show({ message: messages.csvDone(formats.number(rows)) }),
    onError: (error) => {
      const { title, detail, requestId } = describe(error);
      notifications.show({ color: "red", title, message: [detail, requestId].filter(Boolean).join(" · ") });
    },
  });
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconDownload size={16} aria-hidden="true" />}
      aria-label={messages.csvLabel}
      aria-disabled={download.isPending}
      onClick={() => !download.isPending && download.mutate()}
    >
      {download.isPending ? messages.csvBusy : messages.csv}
    </Button>
  );
}
