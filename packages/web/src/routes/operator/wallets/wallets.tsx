import { ProblemError } from "@aira/contract/client";
import { Button, Skeleton, TextInput } from "@mantine/core";
import { IconUserQuestion, IconUserSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { useApi } from "../../../api/use-api.ts";
import { Card } from "../../../components/card.tsx";
import { Empty } from "../../../components/empty.tsx";
import { ProblemNotice } from "../../../components/problem-notice.tsx";
import { useAddressFilters } from "../../../filters/use-address-filters.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { FilterBar } from "../../../statement/filter-bar.tsx";
import { readFilters } from "../../../statement/filters.ts";
import { statementMessages } from "../../../statement/messages.ts";
import type { StatementSource } from "../../../statement/source.ts";
import { Transactions } from "../../../statement/transactions.tsx";
import { operatorMessages } from "../messages.ts";
import styles from "../operator.module.css";
import { AdjustDialog } from "./adjust-dialog.tsx";
import { WalletCard } from "./wallet-card.tsx";

/** One customer's wallet: found by its owner, which stands in the address. */
export function Wallets() {
  const { find } = useMessages(operatorMessages);
  const [query, setQuery] = useSearchParams();
  const owner = query.get("owner");
  return (
    <>
      <Card label={find.startTitle}>
        <FindForm key={owner} owner={owner ?? ""} onFind={(found) => setQuery(found ? { owner: found } : {})} />
      </Card>
      {owner === null ? (
        <Card label={find.startTitle}>
          <Empty icon={IconUserSearch} title={find.startTitle}>
            {find.startText}
          </Empty>
        </Card>
      ) : (
        <Found key={owner} owner={owner} />
      )}
    </>
  );
}

function FindForm({ owner, onFind }: { readonly owner: string; readonly onFind: (owner: string) => void }) {
  const { find } = useMessages(operatorMessages);
  const [text, setText] = useState(owner);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onFind(text.trim());
  };
  return (
    <form className={styles.find} onSubmit={submit}>
      <TextInput
        label={find.label}
        description={find.hint}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maxLength={128}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
      <Button type="submit">{find.submit}</Button>
    </form>
  );
}

function Found({ owner }: { readonly owner: string }) {
  const api = useApi();
  const { find } = useMessages(operatorMessages);
  const [correcting, setCorrecting] = useState(false);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["operator", "wallet", owner],
    queryFn: ({ signal }) => api.getWallet({ params: { owner } }, { signal }),
  });
  if (isPending) return <Skeleton height={180} radius="lg" />;
  if (error instanceof ProblemError && error.problem.code === "wallet.not_found")
    return (
      <Card label={find.noneTitle(owner)}>
        <Empty
          icon={IconUserQuestion}
          title={find.noneTitle(owner)}
          action={
            <Button variant="default" onClick={() => setCorrecting(true)}>
              {find.adjust}
            </Button>
          }
        >
          {find.noneText}
        </Empty>
        <AdjustDialog owner={owner} balances={[]} opened={correcting} onClose={() => setCorrecting(false)} />
      </Card>
    );
  if (error) return <ProblemNotice error={error} onRetry={refetch} />;
  return (
    <>
      <WalletCard wallet={data} />
      <Statement owner={owner} />
    </>
  );
}

function Statement({ owner }: { readonly owner: string }) {
  const api = useApi();
  const messages = useMessages(statementMessages);
  const [filters, change] = useAddressFilters(readFilters);
  const source = useMemo<StatementSource>(
    () => ({
      key: ["operator", owner],
      page: (asked, signal) => api.listWalletTransactions({ params: { owner }, query: asked }, { signal }),
      actorOf: ({ actor }) => actor,
    }),
    [api, owner],
  );
  return (
    <Card title={messages.title} flush>
      <FilterBar filters={filters} onChange={change} />
      <Transactions source={source} filters={filters} onFilter={change} />
    </Card>
  );
}
