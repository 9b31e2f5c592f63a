import { AiraError, invariant } from "../lib/index.ts";
import type { PaymentPorts } from "./ports.ts";
import { type Sighting, WALKED, type Walked } from "./provider.ts";
import { type Settlement, settle, settlePayment } from "./settle.ts";
import { type Cursor, type Deferral, loadCursor, queryDueDeferrals, removeDeferral, saveCursor, saveDeferral } from "./sweep.store.ts";
import { loadTopUp } from "./top-up.store.ts";
import { attributionOf, isPaid, seenAs, stateOf, type TopUp } from "./top-up.ts";

/** How far back the very first sweep looks, in seconds. Stripe keeps events for 30 days, objects for ever. */
const FIRST_LOOK = 30 * 86_400;

/**
 * How far behind its cursor each walk starts again, in seconds. Sessions are found by their creation, so they are looked at until
 * they can no longer be open; whatever pays or fails later makes a balance transaction of its own. The rest covers Stripe's lag.
 */
const OVERLAP: Record<Walked, number> = {
  sessions: 26 * 3_600,
  refunds: 3_600,
  disputes: 3_600,
  balance_transactions: 3_600,
};

/** The longest span walked at once, in seconds: after a long pause the way is made in steps. */
const SPAN = 7 * 86_400;

const FIRST_RETRY_MS = 5 * 60_000;
const LAST_RETRY_MS = 6 * 3_600_000;

export interface SweepReport {
  /** Objects looked at. */
  readonly seen: number;
  /** Settlements made because an object was news to us. */
  readonly settled: number;
  /** Top-ups that were paid, that no event had credited, and that this run credited. */
  readonly recovered: number;
  /** Top-ups that are paid and that this run could not credit. */
  readonly uncredited: number;
  /** Failures put off to a later run. */
  readonly deferred: number;
  readonly quarantined: number;
  /** Whether every walk came to its end before the deadline. */
  readonly complete: boolean;
}

/**
 * Settles what no event announced: walks Stripe's sessions, refunds, disputes and balance transactions from a stored cursor,
 * with overlap. One that fails is put off and does not stop the walk. Stops before `deadlineMs` and goes on there next time.
 */
export async function sweep(ports: PaymentPorts, deadlineMs = Number.POSITIVE_INFINITY): Promise<SweepReport> {
  const run = new Sweep(ports, deadlineMs);
  await run.retryDeferred();
  for (const kind of WALKED) await run.walk(kind);
  return run.report;
}

class Sweep {
  readonly #ports: PaymentPorts;
  readonly #deadlineMs: number;
  #report = { seen: 0, settled: 0, recovered: 0, uncredited: 0, deferred: 0, quarantined: 0, complete: true };

  constructor(ports: PaymentPorts, deadlineMs: number) {
    this.#ports = ports;
    this.#deadlineMs = deadlineMs;
  }

  get report(): SweepReport {
    return this.#report;
  }

  /** Is there time left? If not, the report says that the run is not complete. */
  #goesOn(): boolean {
    if (this.#ports.clock() < this.#deadlineMs) return true;
    this.#report.complete = false;
    return false;
  }

  async retryDeferred(): Promise<void> {
    const { table, clock } = this.#ports;
    for await (const deferral of queryDueDeferrals(table, clock())) {
      if (!this.#goesOn()) return;
      if (await this.#attempt(deferral)) await removeDeferral(table, deferral);
    }
  }

  async walk(kind: Walked): Promise<void> {
    const { table, provider, clock } = this.#ports;
    const now = Math.floor(clock() / 1000);
    let cursor: Cursor = (await loadCursor(table, kind)) ?? { walkedTo: now - FIRST_LOOK, span: undefined, after: undefined };
    while (cursor.walkedTo < now || cursor.span) {
      if (!this.#goesOn()) return;
      const span = cursor.span ?? {
        from: cursor.walkedTo - OVERLAP[kind],
        to: Math.min(now, cursor.walkedTo + SPAN),
      };
      const page = await provider.walk(kind, span, cursor.after);
      for (const sighting of page.sightings) await this.#look(sighting);
      cursor = page.next === undefined ? { walkedTo: span.to, span: undefined, after: undefined } : { ...cursor, span, after: page.next };
      // Behind the work: a crash before this walks the page again.
      await saveCursor(table, kind, cursor);
    }
  }

  async #look(sighting: Sighting): Promise<void> {
    this.#report.seen++;
    let deferral: Deferral = {
      topUpId: undefined,
      sessionId: sighting.session?.id,
      paymentIntentId: sighting.paymentIntentId ?? undefined,
      credit: sighting.reversal === undefined && (sighting.session === undefined || isPaid(sighting.session)),
      tries: 0,
    };
    try {
      const ours = await this.#attribute(sighting);
      if (!ours) return;
      deferral = { ...deferral, topUpId: ours.topUpId };
      const topUp = await loadTopUp(this.#ports.table, ours.topUpId);
      if (topUp && !isNews(topUp, sighting)) return;
    } catch (error) {
      await this.#putOff(deferral, error);
      return;
    }
    // Outside of the try: a failure that can't be put off must end the run, not be put off a second time.
    await this.#attempt(deferral);
  }

  async #attribute({ session, paymentIntentId }: Sighting) {
    const { provider, stage } = this.#ports;
    if (session) return attributionOf(session.metadata, stage);
    return paymentIntentId === null ? undefined : attributionOf(await provider.getPaymentMetadata(paymentIntentId), stage);
  }

  /** Settles; false when it failed and was put off. */
  async #attempt(deferral: Deferral): Promise<boolean> {
    try {
      const settlements = await this.#settle(deferral);
      this.#count(settlements, deferral);
      return true;
    } catch (error) {
      await this.#putOff(deferral, error);
      return false;
    }
  }

  async #settle({ topUpId, sessionId, paymentIntentId }: Deferral): Promise<Settlement[]> {
    if (topUpId !== undefined && sessionId !== undefined) return settle(this.#ports, topUpId, [sessionId]);
    if (paymentIntentId !== undefined) return settlePayment(this.#ports, paymentIntentId);
    invariant(topUpId !== undefined, "what is put off names a top-up or a payment");
    return settle(this.#ports, topUpId, []);
  }

  #count(settlements: readonly Settlement[], { credit }: Deferral): void {
    for (const settlement of settlements) {
      if (settlement.outcome === "quarantined") this.#report.quarantined++;
      if (settlement.outcome !== "settled") continue;
      this.#report.settled++;
      if (credit && settlement.deltaMinor > 0) this.#report.recovered++;
    }
  }

  /** A failure that can't even be put off ends the run: then the cursor has not moved past it. */
  async #putOff(deferral: Deferral, error: unknown): Promise<void> {
    this.#report.deferred++;
    if (deferral.credit) this.#report.uncredited++;
    const waitMs = Math.min(FIRST_RETRY_MS * 2 ** deferral.tries, LAST_RETRY_MS);
    const { outcome } = await saveDeferral(this.#ports.table, { ...deferral, tries: deferral.tries + 1 }, this.#ports.clock() + waitMs);
    if (outcome !== "committed")
      throw new AiraError("service.busy", "A failed settlement could not be put off.", { cause: error, retryAfterSeconds: 1 });
  }
}

/** Does the object say something that the last settlement did not know? */
function isNews(topUp: TopUp, { session, reversal }: Sighting): boolean {
  if (reversal) return topUp.seen[reversal.id] !== seenAs(reversal);
  if (!session) return !topUp.credit;
  if (topUp.sessionId !== session.id) return true;
  const state = stateOf(topUp.amountMinor, { session, refunds: [], disputes: [] });
  if (state === "credited") return !topUp.credit;
  return state !== "open" && state !== topUp.state;
}
