import "@mantine/dates/styles.layer.css";
import "dayjs/locale/hi";
import { DatePickerInput } from "@mantine/dates";
import { useMediaQuery } from "@mantine/hooks";
import dayjs from "dayjs";
import { useState } from "react";
import type { Period } from "../filters/address.ts";
import { useMessages, useSpeech } from "../i18n/language.tsx";
import { statementMessages } from "./messages.ts";

interface Props extends Period {
  readonly onChange: (period: Period) => void;
}

const DAY = "YYYY-MM-DD";
const WRITTEN = "D MMM YY";

/** From one day to another, both included. */
export default function PeriodFilter({ from, to, onChange }: Props) {
  const messages = useMessages(statementMessages);
  const { language } = useSpeech();
  const narrow = useMediaQuery("(max-width: 48em)");
  // Between the first and the second day chosen there is no period yet.
  const [draft, setDraft] = useState<[string | null, string | null]>();
  const today = dayjs();
  const preset = (label: string, first: dayjs.Dayjs) => ({ label, value: [first.format(DAY), today.format(DAY)] as [string, string] });
  const choose = ([first, last]: [string | null, string | null]) => {
    const complete = (first === null) === (last === null);
    setDraft(complete ? undefined : [first, last]);
    if (complete) onChange({ from: first, to: last });
  };
  const written = (day: string) => dayjs(day).locale(language).format(WRITTEN);
  const shown = from === null ? messages.allTime : `${written(from)} – ${written(to ?? from)}`;
  return (
    <DatePickerInput
      type="range"
      aria-label={`${messages.period}: ${shown}`}
      placeholder={messages.allTime}
      clearable
      allowSingleDateInRange
      dropdownType={narrow ? "modal" : "popover"}
      modalProps={{ lockScroll: false, title: messages.period, closeButtonProps: { "aria-label": messages.close } }}
      value={draft ?? [from, to ?? from]}
      onChange={choose}
      onDropdownClose={() => setDraft(undefined)}
      locale={language}
      firstDayOfWeek={language === "hi" ? 0 : 1}
      valueFormat={WRITTEN}
      maxDate={today.format(DAY)}
      presets={[
        preset(messages.last30, today.subtract(29, "day")),
        preset(messages.last90, today.subtract(89, "day")),
        preset(messages.thisYear, today.startOf("year")),
      ]}
      previousLabel={messages.previousMonth}
      nextLabel={messages.nextMonth}
    />
  );
}
