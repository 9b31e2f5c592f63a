import { CAPABILITIES, type Capability, type NumberType } from "@aira/contract";
import { Select, TextInput } from "@mantine/core";
import { useId } from "react";
import { Segments } from "../../../components/segments.tsx";
import { useMessages, useSpeech } from "../../../i18n/language.tsx";
import { currencies } from "../../../money/currency.ts";
import { numberMessages } from "../messages.ts";
import styles from "./add-number.module.css";
import { type Criteria, hasAreaCodes, isWrong, type TextField } from "./criteria.ts";
import { addMessages } from "./messages.ts";

interface Props {
  /** Undefined: not known yet. */
  readonly countries: readonly { readonly country: string; readonly types: readonly NumberType[] }[] | undefined;
  readonly criteria: Criteria;
  readonly onChange: (criteria: Criteria) => void;
}

/** Where numbers are looked for when a person's own country sells none. */
const USUAL_COUNTRY = "US";

/** The conditions. Each takes effect by itself. */
export function SearchForm({ countries, criteria, onChange }: Props) {
  const messages = useMessages(addMessages);
  const { types: typeNames } = useMessages(numberMessages);
  const { locales } = useSpeech();
  const change = (next: Partial<Criteria>) => onChange({ ...criteria, ...next });
  const { country, type } = criteria;
  const sold = countries?.find((each) => each.country === country);
  if (countries && !sold && country !== USUAL_COUNTRY) change({ country: USUAL_COUNTRY });
  const types = sold?.types ?? [type];
  const names = new Intl.DisplayNames(locales as string[], { type: "region" });
  const options = (countries ?? [{ country }])
    .map((each) => ({ value: each.country, label: names.of(each.country) ?? each.country }))
    .sort((a, b) => a.label.localeCompare(b.label, locales as string[]));
  const moveTo = (next: string) => {
    const there = countries?.find((each) => each.country === next)?.types ?? [];
    change({ country: next, type: there.includes(type) ? type : (there[0] ?? "local") });
  };
  return (
    <form className={styles.form} onSubmit={(event) => event.preventDefault()}>
      <Select
        label={messages.country}
        searchable
        allowDeselect={false}
        nothingFoundMessage={messages.noCountry}
        value={country}
        onChange={(value) => value && moveTo(value)}
        data={options}
      />
      <Select
        label={messages.type}
        allowDeselect={false}
        value={type}
        onChange={(value) => value && change({ type: value as NumberType })}
        data={types.map((each) => ({ value: each, label: typeNames[each] }))}
      />
      {hasAreaCodes(country) && (
        <Typed field="areaCode" hint={messages.areaCodeHint} wrong={messages.wrongAreaCode} criteria={criteria} change={change} />
      )}
      <Typed field="contains" hint={messages.containsHint} wrong={messages.wrongContains} criteria={criteria} change={change} />
      <Typed field="locality" wrong={messages.wrongLocality} criteria={criteria} change={change} />
      <div className={styles.choice}>
        <span className={styles.label} aria-hidden="true">
          {messages.currency}
        </span>
        <Segments
          label={messages.currency}
          value={criteria.currency}
          onChange={(currency) => change({ currency })}
          options={currencies.map((code) => ({ value: code, label: code }))}
        />
      </div>
      <Abilities wanted={criteria.capabilities} onChange={(capabilities) => change({ capabilities })} />
    </form>
  );
}

interface TypedProps {
  readonly field: TextField;
  readonly hint?: string;
  readonly wrong: string;
  readonly criteria: Criteria;
  readonly change: (next: Partial<Criteria>) => void;
}

function Typed({ field, hint, wrong, criteria, change }: TypedProps) {
  const messages = useMessages(addMessages);
  return (
    <TextInput
      label={messages[field]}
      placeholder={hint}
      value={criteria[field]}
      maxLength={field === "locality" ? 64 : 16}
      autoComplete="off"
      spellCheck={false}
      inputMode={field === "areaCode" ? "numeric" : "text"}
      onChange={(event) => change({ [field]: event.currentTarget.value })}
      error={isWrong(criteria, field) ? wrong : undefined}
    />
  );
}

function Abilities({
  wanted,
  onChange,
}: {
  readonly wanted: readonly Capability[];
  readonly onChange: (wanted: readonly Capability[]) => void;
}) {
  const messages = useMessages(addMessages);
  const { capabilities } = useMessages(numberMessages);
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot stand in a grid.
    <div className={styles.choice} role="group" aria-labelledby={id}>
      <span className={styles.label} id={id}>
        {messages.able}
      </span>
      <div className={styles.chips}>
        {CAPABILITIES.map((each) => {
          const on = wanted.includes(each);
          return (
            <button
              key={each}
              type="button"
              className={styles.chip}
              aria-pressed={on}
              onClick={() =>
                onChange(on ? wanted.filter((other) => other !== each) : CAPABILITIES.filter((one) => one === each || wanted.includes(one)))
              }
            >
              {capabilities[each]}
            </button>
          );
        })}
      </div>
    </div>
  );
}
