import { createCustomer, createSession, expireSession } from "./checkout.ts";
import * as disputes from "./disputes.ts";
import type { StripeFault } from "./fault.ts";
import type { Customer, Dispute, Refund, SandboxEvent, Session } from "./objects.ts";
import type { Parameters } from "./parameters.ts";
import { decline, type Outcome, type PaymentMethod, type PaymentReference, pay, type Settlement, settle } from "./payments.ts";
import * as refunds from "./refunds.ts";
import { createStore, type Snapshot, type Store, type StoreOptions } from "./store.ts";
import * as tamper from "./tamper.ts";

export interface StripeStateOptions {
  /** Epoch milliseconds. Expiry, the settling of bank debits and `created` all go by it. */
  readonly clock: () => number;
  /** Makes the ids; the same seed and history give the same ids. Default 1. */
  readonly seed?: number;
  /** A world to continue, from `snapshot()`. */
  readonly snapshot?: Snapshot;
  /** Where a session is paid. Default: an address that leads nowhere, for use in process. */
  readonly sessionUrl?: (sessionId: string) => string;
}

/**
 * Stripe's world for one-off payments by Checkout: pure, synchronous, no sockets. Every operation first lets the clock have its due
 * (`advance`), then changes the objects and emits the events that Stripe would. A refused operation throws a `StripeFault` and changes nothing.
 */
export interface StripeState {
  /** The objects, to be read. */
  readonly store: Store;
  createCustomer(parameters: Parameters<"createCustomer">): Customer;
  createSession(parameters: Parameters<"createSession">): Session;
  expire(sessionId: string): Session;
  pay(sessionId: string, method: PaymentMethod, settlement?: Settlement): Session;
  /** Declines a card. The session stays open; the returned fault carries Stripe's wording. */
  decline(sessionId: string): StripeFault;
  settleAsync(sessionId: string, outcome: Outcome): Session;
  refund(reference: PaymentReference, options?: refunds.RefundOptions): Refund;
  succeedRefund(refundId: string): Refund;
  failRefund(refundId: string): Refund;
  cancelRefund(refundId: string): Refund;
  openDispute(reference: PaymentReference, options?: disputes.DisputeOptions): Dispute;
  submitEvidence(disputeId: string): Dispute;
  escalateInquiry(disputeId: string): Dispute;
  winDispute(disputeId: string): Dispute;
  loseDispute(disputeId: string): Dispute;
  closeInquiry(disputeId: string): Dispute;
  readonly tamper: {
    payAltered(sessionId: string, forgery: tamper.Forgery): Session;
    paySecondSession(sessionId: string, forgery?: tamper.Forgery): Session;
    repeatEvent(eventId: string): SandboxEvent;
  };
  /** Expires open sessions and settles bank debits whose time has come. */
  advance(): void;
  /** When the clock will next have something to do, in epoch milliseconds. */
  nextDueMs(): number | undefined;
  /** Calls back with every event as it is emitted; returns the end of that. */
  onEvent(listener: (event: SandboxEvent) => void): () => void;
  snapshot(): Snapshot;
}

/** A world of its own. See `StripeState`. */
export function createStripeState(options: StripeStateOptions): StripeState {
  const storeOptions: StoreOptions = {
    clock: options.clock,
    seed: options.seed ?? 1,
    sessionUrl: options.sessionUrl ?? ((id) => `https://checkout.stripe.com/c/pay/${id}`),
    ...(options.snapshot && { snapshot: options.snapshot }),
  };
  const store = createStore(storeOptions);

  /** What is due at which time: an open session's expiry, a bank debit's settling. */
  function* due(): Generator<{ readonly atMs: number; readonly run: () => void }> {
    for (const id of store.waiting) {
      const session = store.sessions.get(id)!;
      const settles = store.details.get(id)?.settles;
      if (session.status === "open") yield { atMs: session.expires_at * 1000, run: () => expireSession(store, id) };
      else if (settles) yield { atMs: settles.atMs, run: () => settle(store, id, settles.outcome) };
      else store.waiting.delete(id);
    }
  }
  const nextDueMs = () => {
    let next: number | undefined;
    for (const { atMs } of due()) if (next === undefined || atMs < next) next = atMs;
    return next;
  };
  const advance = () => {
    const now = options.clock();
    const ready = [...due()].filter(({ atMs }) => atMs <= now).sort((a, b) => a.atMs - b.atMs);
    for (const { run } of ready) run();
  };
  /** An operation that meets the world as it is by the clock. */
  const timed =
    <A extends unknown[], R>(operation: (store: Store, ...rest: A) => R) =>
    (...rest: A): R => {
      advance();
      return operation(store, ...rest);
    };

  return {
    store,
    createCustomer: timed(createCustomer),
    createSession: timed(createSession),
    expire: timed(expireSession),
    pay: timed(pay),
    decline: timed(decline),
    settleAsync: timed(settle),
    refund: timed(refunds.createRefund),
    succeedRefund: timed(refunds.succeedRefund),
    failRefund: timed(refunds.failRefund),
    cancelRefund: timed(refunds.cancelRefund),
    openDispute: timed(disputes.openDispute),
    submitEvidence: timed(disputes.submitEvidence),
    escalateInquiry: timed(disputes.escalateInquiry),
    winDispute: timed(disputes.winDispute),
    loseDispute: timed(disputes.loseDispute),
    closeInquiry: timed(disputes.closeInquiry),
    tamper: {
      payAltered: timed(tamper.payAltered),
      paySecondSession: timed(tamper.paySecondSession),
      repeatEvent: timed(tamper.repeatEvent),
    },
    advance,
    nextDueMs,
    onEvent: (listener) => {
      store.listeners.add(listener);
      return () => void store.listeners.delete(listener);
    },
    snapshot: () => store.snapshot(),
  };
}
