import { type Entry, entryKeyOf, queryEntries } from "../ledger/index.ts";
import { iso } from "../lib/index.ts";
import {
  type Deferral,
  type Facts,
  listQuarantined,
  loadDeferral,
  loadTopUp,
  type PaymentPorts,
  type Quarantined,
  seenAs,
  type TopUp,
  wantedMinor,
} from "../payments/index.ts";

/** Why the ledger and Stripe differ over a top-up. */
export const DIFFERENCES = {
  not_credited_yet: "Stripe has the money, and the wallet was never credited.",
  not_settled_yet: "Stripe refunded, withheld or gave back money that the wallet has not followed yet.",
  in_quarantine: "The payment contradicts the top-up and waits for an operator.",
  credited_more: "The wallet holds more of the payment than Stripe has.",
  credited_less: "The wallet holds less of the payment than Stripe has.",
  no_session: "A payment names the top-up and was not made on its payment page.",
  unknown_top_up: "The payment or the entry names a top-up that does not exist.",
  top_up_disagrees: "The ledger's entries add up to something else than the top-up says.",
} as const;
export type DifferenceReason = keyof typeof DIFFERENCES;

/** Everything that Stripe and the table say of one top-up now. */
export interface Examination {
  readonly topUpId: string;
  readonly topUp: TopUp | undefined;
  /** Its payments at Stripe. More than one is a mistake somewhere. */
  readonly payments: readonly Facts[];
  /** Payments that name it and belong to no session. */
  readonly withoutSession: readonly string[];
  /** What of the payments Stripe has kept for us, in the top-up's currency. */
  readonly atStripeMinor: number;
  /** Its entries, oldest first. */
  readonly entries: readonly Entry[];
  /** What those add up to. */
  readonly inLedgerMinor: number;
  readonly quarantined: readonly Quarantined[];
  /** A settlement of it that failed and will be tried again. */
  readonly deferral: Deferral | undefined;
  readonly difference: DifferenceReason | undefined;
}

/** Where else to look than at the top-up's own session. */
export interface Traces {
  /** Payments that name it. */
  readonly paymentIntentIds?: readonly string[];
  readonly sessionIds?: readonly string[];
  /** What was posted for it to wallets that are not its owner's. */
  readonly strayEntries?: readonly Entry[];
  /** Open quarantine by top-up, when it was read already. */
  readonly quarantine?: ReadonlyMap<string, readonly Quarantined[]>;
}

/** An entry of a top-up can't be older than it, but for clocks that differ. */
const CLOCKS_DIFFER_MS = 3_600_000;
const PAGE = 500;

/** Compares one top-up with Stripe's objects as both stand now. Reads only. Errors: `payment_provider.…`, `service.busy`. */
export async function examineTopUp(ports: PaymentPorts, topUpId: string, traces: Traces = {}): Promise<Examination> {
  const { table } = ports;
  const topUp = await loadTopUp(table, topUpId, { consistent: true });
  const quarantined = (traces.quarantine ?? (await readQuarantine(ports))).get(topUpId) ?? [];
  // A second session for the top-up is known from there, if at all.
  const sessionIds = [...(traces.sessionIds ?? []), ...quarantined.map(({ sessionId }) => sessionId)];
  const { payments, withoutSession } = await readPayments(ports, topUp, { ...traces, sessionIds });
  const intents = payments.map(({ session }) => session.paymentIntentId).filter((id) => id !== null);
  const deferrals = await Promise.all([topUpId, ...intents].map((name) => loadDeferral(table, name)));
  const entries = [...(topUp ? await readEntries(ports, topUp) : []), ...(traces.strayEntries ?? [])];
  const seen = {
    topUp,
    payments,
    withoutSession,
    quarantined,
    atStripeMinor: payments.reduce((sum, facts) => sum + (topUp && facts.session.currency !== topUp.currency ? 0 : keptMinor(facts)), 0),
    inLedgerMinor: entries.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
  };
  return { topUpId, ...seen, entries, deferral: deferrals.find((one) => one !== undefined), difference: differenceOf(seen) };
}

/** What Stripe has kept of a payment, by its own amount: whether that is the top-up's is another question. */
const keptMinor = (facts: Facts): number => wantedMinor(facts.session.amountMinor ?? 0, facts);

/** Why they differ; undefined: they do not. Pure. */
function differenceOf({
  topUp,
  payments,
  withoutSession,
  quarantined,
  atStripeMinor,
  inLedgerMinor,
}: Omit<Examination, "topUpId" | "entries" | "deferral" | "difference">): DifferenceReason | undefined {
  if (!topUp) return atStripeMinor === 0 && inLedgerMinor === 0 ? undefined : "unknown_top_up";
  if (inLedgerMinor !== topUp.postedMinor) return "top_up_disagrees";
  const otherCurrency = payments.some((facts) => facts.session.currency !== topUp.currency && keptMinor(facts) > 0);
  if (atStripeMinor === inLedgerMinor && !otherCurrency) return withoutSession.length > 0 ? "no_session" : undefined;
  if (quarantined.length > 0) return "in_quarantine";
  if (!topUp.credit && inLedgerMinor === 0) return "not_credited_yet";
  const reversals = payments.flatMap(({ refunds, disputes }) => [...refunds, ...disputes]);
  if (reversals.some((reversal) => topUp.seen[reversal.id] !== seenAs(reversal))) return "not_settled_yet";
  return inLedgerMinor > atStripeMinor ? "credited_more" : "credited_less";
}

async function readPayments(
  { provider }: PaymentPorts,
  topUp: TopUp | undefined,
  traces: Traces,
): Promise<Pick<Examination, "payments" | "withoutSession">> {
  const own = topUp?.sessionId === undefined ? [] : [topUp.sessionId];
  const sessions = await Promise.all([...new Set([...own, ...(traces.sessionIds ?? [])])].map((id) => provider.getSession(id)));
  const known = new Set(sessions.map(({ paymentIntentId }) => paymentIntentId));
  const unknown = (traces.paymentIntentIds ?? []).filter((id) => !known.has(id));
  const found = await Promise.all(unknown.map((id) => provider.findSession(id)));
  const all = [...sessions, ...found.filter((session) => session !== undefined)];
  const payments = await Promise.all(
    all.map(async (session) => ({
      session,
      refunds: session.paymentIntentId === null ? [] : await provider.listRefunds(session.paymentIntentId),
      disputes: session.paymentIntentId === null ? [] : await provider.listDisputes(session.paymentIntentId),
    })),
  );
  return { payments, withoutSession: unknown.filter((_, at) => found[at] === undefined) };
}

async function readEntries({ table }: PaymentPorts, { topUpId, owner, createdAt }: TopUp): Promise<Entry[]> {
  const from = iso(Date.parse(createdAt) - CLOCKS_DIFFER_MS);
  const found: Entry[] = [];
  let after: string | undefined;
  for (;;) {
    const { entries, more } = await queryEntries(table, owner, { from, after, limit: PAGE, consistent: true });
    found.push(...entries.filter(({ reference }) => reference.type === "top_up" && reference.id === topUpId));
    if (!more) return found;
    after = entryKeyOf(entries.at(-1)!);
  }
}

/** What waits in quarantine, by top-up. */
export async function readQuarantine(ports: PaymentPorts): Promise<ReadonlyMap<string, readonly Quarantined[]>> {
  const all: Quarantined[] = [];
  for await (const quarantined of listQuarantined(ports)) all.push(quarantined);
  return Map.groupBy(all, ({ topUpId }) => topUpId);
}
