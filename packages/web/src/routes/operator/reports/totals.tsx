import type { Client } from "@aira/contract/client";
import { IconCalendarStats } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../../api/use-api.ts";
import { StateBadge } from "../../../components/badge.tsx";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { Money } from "../../../components/money.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { type Currency, currencies } from "../../../money/currency.ts";
import { operatorMessages } from "../messages.ts";
import { lastDays, ReportCard } from "./report-card.tsx";

type DayTotals = Awaited<ReturnType<Client["listTotals"]>>["days"][number];
type Kinds = NonNullable<DayTotals["byKind"][Currency]>;
interface Row {
  readonly day: DayTotals;
  readonly currency: Currency;
}

const sum = (kinds: Kinds | undefined, ...of: (keyof Kinds)[]): number =>
  of.reduce((total, kind) => total + (kinds?.[kind]?.amountMinor ?? 0) + (kinds?.[kind]?.heldMinor ?? 0), 0);

/** The days that moved something in a currency, newest first. */
const rowsOf = (days: readonly DayTotals[]): Row[] =>
  days
    .toReversed()
    .flatMap((day) => currencies.filter((currency) => day.byKind[currency] !== undefined).map((currency) => ({ day, currency })));

export function Totals() {
  const api = useApi();
  const { report } = useMessages(operatorMessages);
  const formats = useFormats();
  const [days, setDays] = useState(30);
  const query = useQuery({
    queryKey: ["operator", "totals", days],
    queryFn: ({ signal }) => api.listTotals({ query: lastDays(days) }, { signal }),
  });
  const rows = rowsOf(query.data?.days ?? []);
  const figure = (name: string, amountOf: (row: Row) => number): Column<Row> => ({
    name,
    figure: true,
    cell: (row) => <Money amountMinor={amountOf(row)} currency={row.currency} />,
  });
  const kinds = ({ day, currency }: Row) => day.byKind[currency];
  const columns: Column<Row>[] = [
    { name: report.day, cell: ({ day }) => formats.utcDay(day.day) },
    { name: report.currency, cell: ({ currency }) => currency },
    figure(report.in, (row) => sum(kinds(row), "credit", "reinstatement")),
    figure(report.back, (row) => -sum(kinds(row), "clawback")),
    figure(report.spent, (row) => -sum(kinds(row), "debit", "usage", "capture")),
    figure(report.corrected, (row) => sum(kinds(row), "adjustment")),
    figure(report.available, ({ day, currency }) => day.closing[currency]?.availableMinor ?? 0),
    figure(report.held, ({ day, currency }) => day.closing[currency]?.heldMinor ?? 0),
    {
      name: report.carries,
      cell: ({ day }) => <StateBadge tone={day.carries ? "good" : "problem"}>{day.carries ? report.yes : report.no}</StateBadge>,
    },
  ];
  return (
    <ReportCard
      title={report.totals}
      lead={report.totalsLead}
      periods={[7, 30, 90, 365]}
      days={days}
      onDays={setDays}
      query={query}
      empty={{ icon: IconCalendarStats, title: report.totalsEmpty, text: report.totalsEmptyText }}
      isEmpty={rows.length === 0}
    >
      <DataTable label={report.totals} columns={columns} rows={rows} keyOf={({ day, currency }) => `${day.day} ${currency}`} />
    </ReportCard>
  );
}
