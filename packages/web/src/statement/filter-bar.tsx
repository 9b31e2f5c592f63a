import { ENTRY_KINDS, type EntryKind } from "@aira/contract";
import { Button, Select, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconFilter } from "@tabler/icons-react";
import { lazy, Suspense, useId } from "react";
import { Segments } from "../components/segments.tsx";
import { TypedFilter } from "../filters/typed-filter.tsx";
import { useMessages } from "../i18n/language.tsx";
import { currencies } from "../money/currency.ts";
import { countFilters, type FilterState, NO_FILTERS } from "./filters.ts";
import { kindMessages } from "./kind-messages.ts";
import { statementMessages } from "./messages.ts";
import styles from "./statement.module.css";

/** A calendar is much code: the rest of the page does not wait for it. */
const PeriodFilter = lazy(() => import("./period-filter.tsx"));

interface Props {
  readonly filters: FilterState;
  readonly onChange: (change: Partial<FilterState>) => void;
}

const TYPING_MS = 400;

/** Which transactions to show. On a phone it unfolds. */
export function FilterBar({ filters, onChange }: Props) {
  const messages = useMessages(statementMessages);
  const kinds = useMessages(kindMessages);
  const [open, { toggle }] = useDisclosure(false);
  const fields = useId();
  const count = countFilters(filters);
  return (
    <div className={styles.filters}>
      <Button
        className={styles.filterToggle}
        variant="default"
        leftSection={<IconFilter size={16} aria-hidden="true" />}
        aria-expanded={open}
        aria-controls={fields}
        onClick={toggle}
      >
        {messages.filters}
        {count > 0 && ` (${count})`}
      </Button>
      <div id={fields} className={styles.fields} data-open={open || undefined}>
        <Segments
          label={messages.currency}
          value={filters.currency ?? ""}
          onChange={(currency) => onChange({ currency: currency || null })}
          options={[{ value: "", label: messages.allCurrencies }, ...currencies.map((code) => ({ value: code, label: code }))]}
        />
        <Select
          aria-label={messages.kind}
          placeholder={messages.allKinds}
          clearable
          value={filters.kind}
          onChange={(kind) => onChange({ kind })}
          data={(Object.keys(ENTRY_KINDS) as EntryKind[]).map((kind) => ({ value: kind, label: kinds.name[kind] }))}
        />
        <Select
          aria-label={messages.direction}
          placeholder={messages.bothDirections}
          clearable
          value={filters.direction}
          onChange={(direction) => onChange({ direction })}
          data={[
            { value: "in", label: messages.in },
            { value: "out", label: messages.out },
          ]}
        />
        <Suspense fallback={<TextInput aria-label={messages.period} placeholder={messages.allTime} readOnly />}>
          <PeriodFilter from={filters.from} to={filters.to} onChange={onChange} />
        </Suspense>
        <TypedFilter
          name={messages.reference}
          clearName={messages.clear}
          patienceMs={TYPING_MS}
          title={messages.referenceHint}
          maxLength={128}
          spellCheck={false}
          value={filters.reference}
          onChange={(reference) => onChange({ reference })}
        />
        {count > 0 && (
          <Button variant="subtle" onClick={() => onChange(NO_FILTERS)}>
            {messages.clear}
          </Button>
        )}
      </div>
    </div>
  );
}
