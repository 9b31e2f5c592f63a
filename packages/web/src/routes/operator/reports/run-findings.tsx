import { StateBadge } from "../../../components/badge.tsx";
import { Card } from "../../../components/card.tsx";
import { type Column, DataTable } from "../../../components/data-table.tsx";
import { useFormats } from "../../../i18n/formats.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { useDifferenceColumns } from "./difference-columns.tsx";
import { runMessages } from "./run-messages.ts";
import styles from "./runs.module.css";
import type { Run } from "./use-runs.ts";

type Finding = Run["findings"][number];
type Of<T extends Finding["type"]> = Extract<Finding, { type: T }>;

const ofType = <T extends Finding["type"]>(findings: readonly Finding[], type: T): Of<T>[] =>
  findings.filter((finding): finding is Of<T> => finding.type === type);

/** What a run has found, the first of it by name. */
export function RunFindings({ run }: { readonly run: Run }) {
  const messages = useMessages(runMessages);
  const formats = useFormats();
  const { findings, findingCount, kind } = run;
  if (findings.length === 0) return null;
  const label = messages.kinds[kind].foundList;
  return (
    <Card title={label} flush>
      <Violations label={label} rows={ofType(findings, "violation")} />
      <PaymentDifferences label={label} rows={ofType(findings, "payment_difference")} />
      <NumberDifferences label={label} rows={ofType(findings, "number_difference")} />
      {findingCount > findings.length && (
        <p className={styles.more}>{messages.shown(formats.number(findings.length), formats.number(findingCount))}</p>
      )}
    </Card>
  );
}

interface Rows<T extends Finding["type"]> {
  readonly label: string;
  readonly rows: readonly Of<T>[];
}

function Violations({ label, rows }: Rows<"violation">) {
  const { finding } = useMessages(runMessages);
  const formats = useFormats();
  const columns: Column<Of<"violation">>[] = [
    { name: finding.owner, cell: ({ owner }) => <code>{owner}</code> },
    { name: finding.seq, figure: true, cell: ({ seq }) => formats.number(seq) },
    {
      name: finding.broken,
      cell: ({ broken }) => (
        // The ledger's rules are English sentences.
        <span className={styles.rule} lang="en">
          {broken}
        </span>
      ),
    },
  ];
  return (
    rows.length > 0 && (
      <DataTable label={label} columns={columns} rows={rows} keyOf={({ owner, seq, broken }) => `${owner} ${seq} ${broken}`} />
    )
  );
}

function PaymentDifferences({ label, rows }: Rows<"payment_difference">) {
  const { finding } = useMessages(runMessages);
  const formats = useFormats();
  const columns: Column<Of<"payment_difference">>[] = [
    { name: finding.day, cell: ({ day }) => formats.utcDay(day) },
    ...useDifferenceColumns<Of<"payment_difference">>(),
  ];
  return rows.length > 0 && <DataTable label={label} columns={columns} rows={rows} keyOf={({ day, topUpId }) => `${day} ${topUpId}`} />;
}

function NumberDifferences({ label, rows }: Rows<"number_difference">) {
  const { finding } = useMessages(runMessages);
  const columns: Column<Of<"number_difference">>[] = [
    { name: finding.number, cell: ({ phoneNumber }) => phoneNumber },
    { name: finding.differs, cell: ({ kind }) => <StateBadge tone="warning">{finding[kind]}</StateBadge> },
    { name: finding.sid, cell: ({ sid }) => (sid === null ? "–" : <code>{sid}</code>) },
  ];
  return (
    rows.length > 0 && <DataTable label={label} columns={columns} rows={rows} keyOf={({ phoneNumber, kind }) => `${phoneNumber} ${kind}`} />
  );
}
