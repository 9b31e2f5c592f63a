import { createStripeProvider } from "@aira/core/payments";
import { describe, expect, test } from "vitest";
import { createStripeState, SANDBOX_SECRET_KEY, sandboxFetch } from "../stripe/index.ts";
import { faultAt, runInContainer } from "./fault-plan.ts";
import { type FetchFault, faultyFetch } from "./fetch-faults.ts";

const never = () => Promise.reject(new Error("nothing crashes here"));
const METADATA = { app: "aira", stage: "test", owner: "asha" };

/** Stripe's client and a sandbox, with one fault at the first call between them. */
function meeting(fault: FetchFault, crash: () => Promise<never> = never) {
  const state = createStripeState({ clock: Date.now });
  const fetch = faultyFetch(sandboxFetch(state), faultAt(0, fault), { crash, slowMs: 5 });
  const provider = createStripeProvider({ secretKey: SANDBOX_SECRET_KEY, fetch });
  const create = () => provider.createCustomer({ owner: "asha", metadata: METADATA }, "key-1");
  return { state, provider, create, customers: () => state.store.customers.size };
}

describe("a creation", () => {
  test.each([
    ["rate_limited", "payment_provider.unavailable", 0],
    ["server_error", "outcome.unknown", 0],
    ["reset", "outcome.unknown", 0],
    ["timeout_before", "outcome.unknown", 0],
    ["timeout_after", "outcome.unknown", 1],
  ] as const)("that meets %s is %s, and the same key asks for the same again", async (fault, code, made) => {
    const { create, customers } = meeting(fault);
    await expect(create()).rejects.toMatchObject({ code, retry: true });
    expect(customers()).toBe(made);
    await expect(create()).resolves.toMatch(/^cus_/);
    expect(customers()).toBe(1);
  });

  test("that is slow is answered all the same", async () => {
    await expect(meeting("slow").create()).resolves.toMatch(/^cus_/);
  });

  test.each([
    ["crash_before", 0],
    ["crash_after", 1],
  ] as const)("in a container that dies (%s) is never answered", async (fault, made) => {
    let count = () => -1;
    const ended = await runInContainer((crash) => {
      const { create, customers } = meeting(fault, crash);
      count = customers;
      return create();
    });
    expect(ended).toEqual({ end: "crash" });
    expect(count()).toBe(made);
  });
});

test.each(["rate_limited", "server_error", "reset", "timeout_before", "timeout_after"] as const)(
  "a read that meets %s can be asked again",
  async (fault) => {
    const { provider, state } = meeting(fault);
    const session = state.createSession({
      mode: "payment",
      line_items: [{ quantity: 1, price_data: { currency: "usd", unit_amount: 500, product_data: { name: "Top-up" } } }],
      metadata: METADATA,
      success_url: "https://aira.example/",
    });
    await expect(provider.getSession(session.id)).rejects.toMatchObject({ code: "payment_provider.unavailable", retry: true });
    await expect(provider.getSession(session.id)).resolves.toMatchObject({ id: session.id, amountMinor: 500 });
  },
);
