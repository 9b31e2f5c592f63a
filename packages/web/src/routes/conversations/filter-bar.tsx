import { CONVERSATION_KINDS, type ConversationKind } from "@aira/contract";
import { Button, CloseButton, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { Segments } from "../../components/segments.tsx";
import { useMessages } from "../../i18n/language.tsx";
import { statementMessages } from "../../statement/messages.ts";
import { formatPhone } from "../numbers/phone-number.ts";
import { useNumbers } from "../numbers/use-numbers.ts";
import styles from "./conversations.module.css";
import { type ConversationFilters, countFilters, NO_FILTERS } from "./filters.ts";
import { conversationMessages } from "./messages.ts";

/** A calendar is much code: the rest of the page does not wait for it. */
const PeriodFilter = lazy(() => import("../../statement/period-filter.tsx"));

interface Props {
  readonly filters: ConversationFilters;
  readonly onChange: (change: Partial<ConversationFilters>) => void;
}

const TYPING_MS = 250;

/** Which conversations to show. */
export function FilterBar({ filters, onChange }: Props) {
  const messages = useMessages(conversationMessages);
  const { period, allTime } = useMessages(statementMessages);
  const { numbers = [] } = useNumbers();
  const known = numbers.some(({ numberId }) => numberId === filters.number);
  return (
    <div className={styles.filters}>
      <Segments
        label={messages.kindFilter}
        value={filters.kind ?? ""}
        onChange={(kind) => onChange({ kind: (kind || null) as ConversationKind | null })}
        options={[{ value: "", label: messages.all }, ...CONVERSATION_KINDS.map((kind) => ({ value: kind, label: messages.kinds[kind] }))]}
      />
      <Words value={filters.q} onChange={(q) => onChange({ q })} />
      <Select
        aria-label={messages.numberFilter}
        placeholder={messages.anyNumber}
        clearable
        value={filters.number}
        onChange={(number) => onChange({ number })}
        data={[
          ...numbers.map(({ numberId, phoneNumber }) => ({ value: numberId, label: formatPhone(phoneNumber) })),
          // One that was given back keeps its conversations.
          ...(filters.number && !known ? [{ value: filters.number, label: messages.numberFilter }] : []),
        ]}
      />
      <Suspense fallback={<TextInput aria-label={period} placeholder={allTime} readOnly />}>
        <PeriodFilter from={filters.from} to={filters.to} onChange={({ from = null, to = null }) => onChange({ from, to })} />
      </Suspense>
      {countFilters(filters) > 0 && (
        <Button variant="subtle" onClick={() => onChange(NO_FILTERS)}>
          {messages.clear}
        </Button>
      )}
    </div>
  );
}

function Words({ value, onChange }: { readonly value: string | null; readonly onChange: (value: string | null) => void }) {
  const messages = useMessages(conversationMessages);
  const [text, setText] = useState(value ?? "");
  const tell = useDebouncedCallback((typed: string) => onChange(typed.trim() === "" ? null : typed), TYPING_MS);
  // Cleared from outside, or by the browser's way back.
  useEffect(() => setText((typed) => (typed.trim() === (value ?? "").trim() ? typed : (value ?? ""))), [value]);
  const change = (typed: string) => {
    setText(typed);
    tell(typed);
  };
  return (
    <TextInput
      className={styles.words ?? ""}
      type="search"
      aria-label={messages.search}
      placeholder={messages.search}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      value={text}
      maxLength={100}
      autoComplete="off"
      onChange={(event) => change(event.currentTarget.value)}
      rightSection={text && <CloseButton size="sm" aria-label={messages.clear} onClick={() => change("")} />}
    />
  );
}
