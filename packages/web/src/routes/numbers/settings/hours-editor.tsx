import { WEEKDAYS, type Weekday } from "@aira/contract";
import { ActionIcon, Button, Select } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { Segments } from "../../../components/segments.tsx";
import { useMessages, useSpeech } from "../../../i18n/language.tsx";
import type { BusinessHours } from "./draft.ts";
import { settingsMessages } from "./messages.ts";
import styles from "./settings.module.css";

interface Props {
  readonly value: BusinessHours | null;
  readonly onChange: (value: BusinessHours | null) => void;
}

type Period = { readonly from: string; readonly to: string };

const USUAL: Period = { from: "09:00", to: "17:00" };
/** The contract's most of one day. */
const MOST_PERIODS = 4;
/** A Monday, for the names of the days. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

const usualHours = (): BusinessHours => ({
  timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
  days: Object.fromEntries(WEEKDAYS.slice(0, 5).map((day) => [day, [USUAL]])),
});

/** When somebody is there: always, or by the days of the week. */
export function HoursEditor({ value, onChange }: Props) {
  const messages = useMessages(settingsMessages);
  return (
    <fieldset className={styles.hours}>
      <legend>{messages.hours}</legend>
      <Segments
        label={messages.hours}
        value={value ? "within" : "always"}
        onChange={(choice) => onChange(choice === "within" ? usualHours() : null)}
        options={[
          { value: "always", label: messages.always },
          { value: "within", label: messages.within },
        ]}
      />
      {value && <Week value={value} onChange={onChange} />}
    </fieldset>
  );
}

function Week({ value, onChange }: { readonly value: BusinessHours; readonly onChange: Props["onChange"] }) {
  const messages = useMessages(settingsMessages);
  const { locales } = useSpeech();
  const names = new Intl.DateTimeFormat(locales as string[], { weekday: "long", timeZone: "UTC" });
  const nameOf = (day: Weekday) => names.format(MONDAY + WEEKDAYS.indexOf(day) * DAY_MS);
  const zones = Intl.supportedValuesOf("timeZone");
  const set = (day: Weekday, periods: readonly Period[]) => {
    const { [day]: _, ...others } = value.days;
    onChange({ ...value, days: periods.length === 0 ? others : { ...others, [day]: [...periods] } });
  };
  const firstOpen = WEEKDAYS.find((day) => value.days[day] !== undefined);
  const copy = (from: Weekday) => {
    const open = WEEKDAYS.filter((day) => value.days[day] !== undefined);
    onChange({ ...value, days: Object.fromEntries(open.map((day) => [day, value.days[from] ?? [USUAL]])) });
  };
  return (
    <>
      <p className={styles.note}>{messages.hoursHint}</p>
      <Select
        label={messages.timeZone}
        searchable
        allowDeselect={false}
        limit={60}
        nothingFoundMessage={messages.noTimeZone}
        value={value.timeZone}
        onChange={(timeZone) => timeZone && onChange({ ...value, timeZone })}
        data={zones.includes(value.timeZone) ? zones : [value.timeZone, ...zones]}
      />
      <ul className={styles.week}>
        {WEEKDAYS.map((day) => (
          <Day key={day} name={nameOf(day)} periods={value.days[day] ?? []} onChange={(periods) => set(day, periods)} />
        ))}
      </ul>
      {firstOpen && (
        <Button variant="subtle" size="xs" className={styles.copy ?? ""} onClick={() => copy(firstOpen)}>
          {messages.copy(nameOf(firstOpen))}
        </Button>
      )}
    </>
  );
}

interface DayProps {
  readonly name: string;
  readonly periods: readonly Period[];
  readonly onChange: (periods: readonly Period[]) => void;
}

function Day({ name, periods, onChange }: DayProps) {
  const messages = useMessages(settingsMessages);
  const change = (at: number, next: Partial<Period>) =>
    onChange(periods.map((period, index) => (index === at ? { ...period, ...next } : period)));
  return (
    <li className={styles.day}>
      <label className={styles.dayName}>
        <input type="checkbox" checked={periods.length > 0} onChange={() => onChange(periods.length > 0 ? [] : [USUAL])} />
        {name}
      </label>
      {periods.length === 0 ? (
        <span className={styles.note}>{messages.closed}</span>
      ) : (
        <div className={styles.periods}>
          {periods.map(({ from, to }, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a period is nothing but its place and its times.
            <div key={at} className={styles.period}>
              <TimeOfDay label={messages.from(name)} value={from} onChange={(next) => change(at, { from: next })} />
              <span aria-hidden="true">–</span>
              <TimeOfDay label={messages.to(name)} value={to} onChange={(next) => change(at, { to: next })} />
              {periods.length > 1 && (
                <ActionIcon
                  variant="subtle"
                  aria-label={messages.removePeriod(name)}
                  onClick={() => onChange(periods.filter((_, index) => index !== at))}
                >
                  <IconX size={16} />
                </ActionIcon>
              )}
              {at === periods.length - 1 && periods.length < MOST_PERIODS && (
                <ActionIcon variant="subtle" aria-label={messages.addPeriod(name)} onClick={() => onChange([...periods, USUAL])}>
                  <IconPlus size={16} />
                </ActionIcon>
              )}
            </div>
          ))}
        </div>
      )}
    </li>
  );
}

interface TimeProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A time that is emptied stays what it was: an empty one is no time. */
function TimeOfDay({ label, value, onChange }: TimeProps) {
  return (
    <input
      type="time"
      className={styles.time}
      aria-label={label}
      value={value}
      required
      onChange={(event) => event.currentTarget.value && onChange(event.currentTarget.value)}
    />
  );
}
