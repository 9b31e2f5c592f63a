import { post, receiptOf } from "../ledger/index.ts";
import { AiraError } from "../lib/error.ts";
import { invariant, iso } from "../lib/index.ts";
import { type PaymentPorts, tellArrears } from "./ports.ts";
import type { SessionSnapshot } from "./provider.ts";
import { insertQuarantined } from "./quarantine.store.ts";
import { loadTopUp, type Settled, settleGuard, settleWithoutMoney } from "./top-up.store.ts";
import {
  attributionOf,
  describeChange,
  type Facts,
  isPaid,
  type Mismatch,
  mismatchOf,
  seenAs,
  stateOf,
  type TopUp,
  wantedMinor,
} from "./top-up.ts";

/** What a settlement came to. */
export type Settlement =
  | { readonly outcome: "settled"; readonly deltaMinor: number }
  | { readonly outcome: "quarantined"; readonly quarantineId: string; readonly reason: Mismatch }
  /** Nothing of ours, and no money in it. */
  | { readonly outcome: "ignored"; readonly why: "foreign" | "irrelevant" };

/** Others may settle the same top-up at the same time; each loss means that one of them got through. */
const MAX_TRIES = 20;

/**
 * Brings the wallet in line with what Stripe says of one top-up now. The top-up is read before Stripe is asked, and what is
 * posted is conditional on that version, so a snapshot that has grown old while it travelled can't be posted.
 * `sessionIds`: sessions that events named; one that is not the top-up's own is looked at by itself.
 * Throws when it can't be done now: what asked for it must ask again.
 */
export async function settle(ports: PaymentPorts, topUpId: string, sessionIds: readonly string[]): Promise<Settlement[]> {
  const settlements: Settlement[] = [];
  const topUp = await loadTopUp(ports.table, topUpId, { consistent: true });
  if (!topUp) return [await settleUnknown(ports, topUpId, sessionIds)];
  const [first] = sessionIds;
  const own = topUp.sessionId ?? first;
  if (own !== undefined) settlements.push(await settleOwn(ports, topUpId, own));
  // Read again: the session may have been bound just now.
  const bound = (await loadTopUp(ports.table, topUpId, { consistent: true }))?.sessionId ?? own;
  for (const sessionId of new Set(sessionIds)) if (sessionId !== bound) settlements.push(await inspectStranger(ports, topUp, sessionId));
  return settlements;
}

/** Settles by a payment intent, whose metadata name the top-up. */
export async function settlePayment(ports: PaymentPorts, paymentIntentId: string): Promise<Settlement[]> {
  const ours = attributionOf(await ports.provider.getPaymentMetadata(paymentIntentId), ports.stage);
  if (!ours) return [{ outcome: "ignored", why: "foreign" }];
  const session = await ports.provider.findSession(paymentIntentId);
  return settle(ports, ours.topUpId, session ? [session.id] : []);
}

/** A paid session that names a top-up of ours which does not exist is a failure, never a silent success. */
async function settleUnknown(ports: PaymentPorts, topUpId: string, sessionIds: readonly string[]): Promise<Settlement> {
  for (const sessionId of sessionIds) {
    const facts = await readFacts(ports, await ports.provider.getSession(sessionId));
    invariant(!isPaid(facts.session) || isReturned(facts), `a paid session names the top-up ${topUpId}, which does not exist`);
  }
  return { outcome: "ignored", why: "irrelevant" };
}

async function readFacts({ provider }: PaymentPorts, session: SessionSnapshot): Promise<Facts> {
  // A fully discounted session has no payment intent, and nothing to give back.
  if (session.paymentIntentId === null) return { session, refunds: [], disputes: [] };
  const [refunds, disputes] = await Promise.all([
    provider.listRefunds(session.paymentIntentId),
    provider.listDisputes(session.paymentIntentId),
  ]);
  return { session, refunds, disputes };
}

/** Has all of its money gone back? */
const isReturned = (facts: Facts): boolean => wantedMinor(facts.session.amountMinor ?? 0, facts) === 0;

async function settleOwn(ports: PaymentPorts, topUpId: string, sessionId: string): Promise<Settlement> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    // First our version, then Stripe's objects: never the other way round.
    const topUp = await loadTopUp(ports.table, topUpId, { consistent: true });
    invariant(topUp, "top-ups are never deleted");
    const session = await ports.provider.getSession(topUp.sessionId ?? sessionId);
    const facts = await readFacts(ports, session);
    const ours = attributionOf(session.metadata, ports.stage);
    if (!ours) return { outcome: "ignored", why: "foreign" };
    const mismatch = mismatchOf(topUp, facts, ours);
    if (mismatch) return judgeMismatch(ports, topUp, facts, mismatch);
    const done = await postSettlement(ports, topUp, facts);
    if (done) return done;
    await ports.wait(ports.random() * Math.min(2 ** tries, 100));
  }
  throw new AiraError("wallet.busy", "The top-up is being settled by others.", { retryAfterSeconds: 1 });
}

/** Undefined: the top-up has moved since it was read, so everything must be read again. */
async function postSettlement(ports: PaymentPorts, topUp: TopUp, facts: Facts): Promise<Settlement | undefined> {
  const wanted = wantedMinor(topUp.amountMinor, facts);
  const deltaMinor = wanted - topUp.postedMinor;
  const settled: Settled = {
    sessionId: facts.session.id,
    postedMinor: wanted,
    state: stateOf(topUp.amountMinor, facts),
    seen: Object.fromEntries([...facts.refunds, ...facts.disputes].map((reversal) => [reversal.id, seenAs(reversal)])),
    updatedAt: iso(ports.clock()),
  };
  if (deltaMinor === 0) {
    const { outcome } = await settleWithoutMoney(ports.table, topUp, settled);
    return outcome === "committed" ? { outcome: "settled", deltaMinor } : undefined;
  }
  const posted = await post(ports, topUp.owner, {
    movement: {
      kind: deltaMinor < 0 ? "clawback" : topUp.credit ? "reinstatement" : "credit",
      currency: topUp.currency,
      amountMinor: deltaMinor,
      heldMinor: 0,
      reference: { type: "top_up", id: topUp.topUpId },
      description: describeChange(topUp, facts, deltaMinor),
      actor: "system:stripe",
    },
    guard: settleGuard(topUp, settled, deltaMinor),
  });
  tellArrears(ports, posted);
  if (posted.outcome === "guarded") return undefined;
  // A worker beside this one may have posted the very same: its money is counted there.
  const { repeated } = receiptOf(posted);
  return { outcome: "settled", deltaMinor: repeated ? 0 : deltaMinor };
}

/** A paid session beside the top-up's own, or one that differs from it. Money that has gone back needs nobody's attention. */
async function inspectStranger(ports: PaymentPorts, topUp: TopUp, sessionId: string): Promise<Settlement> {
  const facts = await readFacts(ports, await ports.provider.getSession(sessionId));
  return judgeMismatch(ports, topUp, facts, "session");
}

async function judgeMismatch(ports: PaymentPorts, topUp: TopUp, facts: Facts, reason: Mismatch): Promise<Settlement> {
  const { session } = facts;
  if (!isPaid(session) || isReturned(facts)) return { outcome: "ignored", why: "irrelevant" };
  const { quarantineId, result } = await insertQuarantined(
    ports.table,
    {
      reason,
      topUpId: topUp.topUpId,
      sessionId: session.id,
      expected: `${topUp.amountMinor} ${topUp.currency} of ${topUp.owner}, session ${topUp.sessionId ?? "not bound"}`,
      found: `${session.amountMinor} ${session.currency} of ${session.metadata.owner ?? "nobody"}, session ${session.id}`,
    },
    ports.clock(),
  );
  // Kept, or kept before: anything else must be asked again.
  if (result.outcome === "committed" || result.outcome === "refused") return { outcome: "quarantined", quarantineId, reason };
  throw new AiraError("service.busy", "The finding could not be kept.", { cause: result.cause, retryAfterSeconds: 1 });
}
