import { createCheckoutSession, createStripeProvider, type PaymentPorts } from "@aira/core/payments";
import type { Table } from "@aira/core/table";
import { createStripeState, SANDBOX_SECRET_KEY, type SandboxEvent, type StripeState, sandboxFetch } from "../stripe/index.ts";
import type { EventType } from "../stripe/objects.ts";
import { freshOwner, ledgerPorts } from "./table-under-test.ts";

export const STAGE = "test";

interface TopUpRequest {
  readonly owner?: string;
  readonly currency?: "USD" | "INR";
  readonly amountMinor?: number;
}

/** A Stripe of its own, its events, and a clock that a test can push: what stands around core/payments. */
export interface PaymentWorld {
  readonly stripe: StripeState;
  /** Every event so far, oldest first. */
  readonly events: readonly SandboxEvent[];
  /** What goes to Stripe, for laying faults over it. */
  readonly fetch: typeof fetch;
  readonly clock: () => number;
  /** Lets time pass. */
  pass(ms: number): void;
  ports(table: Table, fetchLike?: typeof fetch): PaymentPorts;
  /** Opens a page to pay on. */
  checkout(ports: PaymentPorts, request?: TopUpRequest): Promise<{ owner: string; topUpId: string; sessionId: string; key: string }>;
  /** The body of the newest event of this type, as it comes from the queue. */
  newest(type: EventType): string;
}

let worlds = 0;

export function paymentWorld(startMs: number = Date.now()): PaymentWorld {
  let nowMs = startMs;
  const clock = () => nowMs;
  const seed = ++worlds;
  const stripe = createStripeState({ clock, seed });
  const events: SandboxEvent[] = [];
  stripe.onEvent((event) => events.push(event));
  const sandbox = sandboxFetch(stripe);
  return {
    stripe,
    events,
    fetch: sandbox,
    clock,
    pass(ms) {
      nowMs += ms;
    },
    ports: (table, fetchLike = sandbox) => ({
      ...ledgerPorts(table, seed),
      clock,
      provider: createStripeProvider({ secretKey: SANDBOX_SECRET_KEY, fetch: fetchLike }),
      stage: STAGE,
      publicUrl: "https://aira.example",
    }),
    async checkout(ports, { owner = freshOwner(), currency = "USD", amountMinor = 1_000 } = {}) {
      const key = freshOwner("key");
      const { topUpId, url } = await createCheckoutSession(ports, { owner, idempotencyKey: key, currency, amountMinor });
      return { owner, topUpId, sessionId: url.slice(url.lastIndexOf("/") + 1), key };
    },
    newest(type) {
      const event = events.findLast((one) => one.type === type);
      if (!event) throw new Error(`there was no event ${type}`);
      return JSON.stringify(event);
    },
  };
}
