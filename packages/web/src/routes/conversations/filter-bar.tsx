import { CONVERSATION_KINDS, type ConversationKind } from "@aira/contract";
import { Button, Select, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense } from "react";
import { Segments } from "../../components/segments.tsx";
import { TypedFilter } from "../../filters/typed-filter.tsx";
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
      <TypedFilter
        className={styles.words ?? ""}
        type="search"
        name={messages.search}
        clearName={messages.clear}
        patienceMs={TYPING_MS}
        leftSection={<IconSearch size={16} aria-hidden="true" />}
        maxLength={100}
        value={filters.q}
        onChange={(q) => onChange({ q })}
      />
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
        <PeriodFilter from={filters.from} to={filters.to} onChange={onChange} />
      </Suspense>
      {countFilters(filters) > 0 && (
        <Button variant="subtle" onClick={() => onChange(NO_FILTERS)}>
          {messages.clear}
        </Button>
      )}
    </div>
  );
}
