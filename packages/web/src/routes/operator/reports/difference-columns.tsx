import { StateBadge } from "../../../components/badge.tsx";
import type { Column } from "../../../components/data-table.tsx";
import { useMessages } from "../../../i18n/language.tsx";
import { operatorMessages } from "../messages.ts";
import { Amount } from "./amount.tsx";

interface Difference {
  readonly reason: string;
  readonly topUpId: string;
  readonly currency: string;
  readonly atStripeMinor: number;
  readonly inLedgerMinor: number;
}

/** How Stripe and the ledger differ about a top-up. */
export function useDifferenceColumns<Row extends Difference>(): Column<Row>[] {
  const { report } = useMessages(operatorMessages);
  return [
    { name: report.reason, cell: ({ reason }) => <StateBadge tone="warning">{reason.replaceAll("_", " ")}</StateBadge> },
    { name: report.topUp, cell: ({ topUpId }) => <code>{topUpId}</code> },
    {
      name: report.atStripe,
      figure: true,
      cell: ({ atStripeMinor, currency }) => <Amount amountMinor={atStripeMinor} currency={currency} />,
    },
    {
      name: report.inLedger,
      figure: true,
      cell: ({ inLedgerMinor, currency }) => <Amount amountMinor={inLedgerMinor} currency={currency} />,
    },
  ];
}
