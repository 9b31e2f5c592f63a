import type { Client } from "@aira/contract/client";
import { IconScale } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../../api/use-api.ts";
import { StateBadge } from "../../../components/badge.tsx";
import { Card } from "../../../components/card.tsx";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { operatorMessages } from "../messages.ts";
import { Amount } from "./amount.tsx";
import { useDifferenceColumns } from "./difference-columns.tsx";
import { lastDays, ReportCard } from "./report-card.tsx";
import type { Run } from "./use-runs.ts";

type Reconciliation = Awaited<ReturnType<Client["listReconciliations"]>>["days"][number];
type Sums = Reconciliation["currencies"][string];
type Difference = Reconciliation["differences"][number];
interface Row {
  readonly day: Reconciliation;
  readonly currency: string;
  readonly sums: Sums;
}

const rowsOf = (days: readonly Reconciliation[]): Row[] =>
  days.toReversed().flatMap((day) => Object.entries(day.currencies).map(([currency, sums]) => ({ day, currency, sums })));

interface Props {
  /** What stands above already, and need not stand here again. */
  readonly listed: readonly Run["findings"][number][];
}

export function Reconciliations({ listed }: Props) {
  const api = useApi();
  const { report } = useMessages(operatorMessages);
  const formats = useFormats();
  const [days, setDays] = useState(30);
  const query = useQuery({
    queryKey: ["operator", "reconciliations", days],
    queryFn: ({ signal }) => api.listReconciliations({ query: lastDays(days) }, { signal }),
  });
  const reports = query.data?.days ?? [];
  const rows = rowsOf(reports);
  const above = new Set(listed.flatMap((finding) => (finding.type === "payment_difference" ? [`${finding.day} ${finding.topUpId}`] : [])));
  const differences = reports.flatMap(({ day, differences: some }) => some.filter(({ topUpId }) => !above.has(`${day} ${topUpId}`)));
  const figure = (name: string, field: keyof Sums): Column<Row> => ({
    name,
    figure: true,
    cell: ({ sums, currency }) => <Amount amountMinor={sums[field]} currency={currency} />,
  });
  const columns: Column<Row>[] = [
    { name: report.day, cell: ({ day }) => formats.utcDay(day.day) },
    { name: report.currency, cell: ({ currency }) => currency },
    figure(report.gross, "grossMinor"),
    figure(report.refunded, "refundedMinor"),
    figure(report.disputed, "disputedMinor"),
    figure(report.fees, "feesMinor"),
    figure(report.credited, "creditedMinor"),
    figure(report.clawedBack, "clawedBackMinor"),
    figure(report.differing, "differingMinor"),
    {
      name: report.outcome,
      cell: ({ day }) =>
        day.differenceCount === 0 ? (
          <StateBadge tone="good">{report.agrees}</StateBadge>
        ) : (
          <StateBadge tone="warning">{report.differences(formats.number(day.differenceCount))}</StateBadge>
        ),
    },
  ];
  return (
    <>
      <ReportCard
        title={report.reconciliations}
        lead={report.reconciliationsLead}
        periods={[7, 30]}
        days={days}
        onDays={setDays}
        query={query}
        empty={{ icon: IconScale, title: report.reconciliationsEmpty, text: report.reconciliationsEmptyText }}
        isEmpty={rows.length === 0}
      >
        <DataTable label={report.reconciliations} columns={columns} rows={rows} keyOf={({ day, currency }) => `${day.day} ${currency}`} />
      </ReportCard>
      {differences.length > 0 && <Differences differences={differences} />}
    </>
  );
}

function Differences({ differences }: { readonly differences: readonly Difference[] }) {
  const { report } = useMessages(operatorMessages);
  const columns = useDifferenceColumns<Difference>();
  return (
    <Card title={report.differenceList} flush>
      <DataTable
        label={report.differenceList}
        columns={columns}
        rows={differences}
        keyOf={({ topUpId, reason }) => `${topUpId} ${reason}`}
      />
    </Card>
  );
}
