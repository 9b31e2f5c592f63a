import { type Day, DIFFERENCES, dayAfter, dayOf, daysBetween, type ReconciliationReport, reconcile } from "@aira/core/audit";
import { StartFailure } from "../start-failure.ts";
import { counted, decimal, money, tableOf } from "./money.ts";
import { openStripe, paymentPorts, STRIPE_HELP, STRIPE_OPTIONS } from "./open-stripe.ts";
import { openTable, TABLE_HELP, TABLE_OPTIONS } from "./open-table.ts";
import { EXIT, readArguments, runTool, type Surroundings, type Tool } from "./tool.ts";

const HELP = `npm run reconcile [-- options]

Compares Stripe's balance transactions with what the ledger posted, a day in UTC at a time, and names every difference.
It only reads; interrupt it at any time. The schedule stores its reports, this command prints them.

${TABLE_HELP}
${STRIPE_HELP}
  --from DAY     YYYY-MM-DD; default: a week ago
  --to DAY       default: today, as far as it has come
  --json         the reports as JSON
  --help         this text

Exit code: 0 both agree, 1 differences were found, 2 it could not run, 130 it was interrupted.`;

/** The command `npm run reconcile`. */
export const reconcileTool: Tool = async (args, surroundings) => {
  const { values } = readArguments("reconcile", args, {
    ...TABLE_OPTIONS,
    ...STRIPE_OPTIONS,
    from: { type: "string" },
    to: { type: "string" },
    json: { type: "boolean" },
  });
  const { out, note, progress, interrupted } = surroundings;
  if (values.help) {
    out(HELP);
    return EXIT.ok;
  }
  await using target = await openTable(values, surroundings);
  const to = values.to ?? dayOf(target.clock());
  const from = values.from ?? dayAfter(to, -6);
  if (daysBetween(from, to).length === 0) throw new StartFailure(`--from ${from} is behind --to ${to}`);
  const stripe = await openStripe(target, values, surroundings);
  note(`Table: ${target.where}\nStripe: ${stripe.where}`);

  const ports = paymentPorts(target, stripe);
  const reports: ReconciliationReport[] = [];
  const run = reconcile(ports, daysBetween(from, to), {
    stop: () => interrupted.aborted,
    progress: (step) =>
      progress(`${step.from === step.to ? "" : `${step.from} to `}${step.to}: ${step.done.toLocaleString("en-US")} ${step.of} …`),
  });
  for await (const report of run) reports.push(report);
  const complete = reports.at(-1)?.day === to;
  if (values.json) out(JSON.stringify({ table: target.where, stripe: stripe.where, from, to, complete, reports }, null, 2));
  else printReports(reports, { from, to, complete, today: dayOf(target.clock()) }, surroundings);
  if (reports.some(({ differenceCount }) => differenceCount > 0)) return EXIT.found;
  return complete ? EXIT.ok : EXIT.interrupted;
};

const HEADER = [
  "Day",
  "Currency",
  "Paid",
  "Refunded",
  "Disputed",
  "Fees",
  "Credited",
  "Clawed back",
  "Reinstated",
  "Explained",
  "Differing",
  "Foreign",
];

function printReports(
  reports: readonly ReconciliationReport[],
  { from, to, complete, today }: { readonly from: Day; readonly to: Day; readonly complete: boolean; readonly today: Day },
  { out }: Surroundings,
): void {
  const rows = reports.flatMap(({ day, currencies }) =>
    Object.entries(currencies).map(([currency, sums]) =>
      [
        day,
        currency,
        ...[sums.grossMinor, sums.refundedMinor, sums.disputedMinor, sums.feesMinor],
        ...[sums.creditedMinor, sums.clawedBackMinor, sums.reinstatedMinor],
        ...[sums.explainedMinor, sums.differingMinor, sums.foreignMinor],
      ].map((cell) => (typeof cell === "number" ? decimal(cell, currency) : cell)),
    ),
  );
  if (rows.length > 0) for (const line of tableOf(HEADER, rows, 2)) out(line);
  for (const { day, differences, differenceCount } of reports) {
    for (const { topUpId, reason, currency, atStripeMinor, inLedgerMinor, paymentIntentIds, quarantineIds, failedTries } of differences) {
      out(`DIFFERENCE  ${day} ${topUpId} ${reason}: ${DIFFERENCES[reason]}`);
      const amount = (amountMinor: number) => (currency ? money(amountMinor, currency) : String(amountMinor));
      out(
        `            at Stripe ${amount(atStripeMinor)}, in the ledger ${amount(inLedgerMinor)}; ${[...paymentIntentIds, ...quarantineIds].join(", ") || "no payment"}`,
      );
      if (failedTries > 0) out(`            its settlement failed ${counted(failedTries, "time")} and will be tried again`);
    }
    if (differenceCount > differences.length) out(`            and ${differenceCount - differences.length} more on ${day}`);
  }
  const sum = (pick: (report: ReconciliationReport) => number) => reports.reduce((total, report) => total + pick(report), 0);
  const differences = sum(({ differenceCount }) => differenceCount);
  out(
    `${complete ? "" : "Interrupted. "}${from} to ${reports.at(-1)?.day ?? from}${to === today && complete ? " (today is not over)" : ""}: ${counted(
      sum(({ transactions }) => transactions),
      "balance transaction",
    )}, ${counted(
      sum(({ topUps }) => topUps),
      "top-up",
    )}, ${counted(
      sum(({ foreign }) => foreign),
      "foreign transaction",
    )}.`,
  );
  out(
    differences === 0
      ? "Stripe and the ledger agree."
      : `${counted(differences, "difference")}. \`npm run where-is -- <top-up>\` shows one whole.`,
  );
}

if (import.meta.main) await runTool(reconcileTool);
