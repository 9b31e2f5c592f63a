import { sweep } from "@aira/core/payments";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createLaptop, type Payment, type Running } from "./fixtures/laptop.ts";
import { whereIsTool } from "./where-is.ts";

let laptop: Awaited<ReturnType<typeof createLaptop>>;
let running: Running;
let refunded: Payment;
let refundId: string;
let chargeId: string;
beforeAll(async () => {
  laptop = await createLaptop();
  running = await laptop.start();
  refunded = await running.pay({ amountMinor: 2_500 });
  refundId = running.stripe.state.refund({ session: refunded.sessionId }, { amountMinor: 500 }).id;
  chargeId = running.stripe.state.store.intents.get(refunded.intent)?.latest_charge ?? "";
  await sweep(running.ports);
});
afterAll(async () => {
  await running?.stop();
  laptop?.forget();
});

test("one payment is shown whole, whichever of its ids is known", async () => {
  const { code, printed } = await laptop.run(whereIsTool, [refunded.topUpId]);
  expect(code).toBe(0);
  const parts = [
    `Top-up ${refunded.topUpId}`,
    `USD 25.00 for the wallet of ${refunded.owner}`,
    "State: partially_reversed",
    `Session ${refunded.sessionId}: complete, paid, USD 25.00`,
    `Payment ${refunded.intent}: succeeded`,
    `Charge ${chargeId}: succeeded`,
    `Refund ${refundId}: succeeded, USD 5.00`,
    "Stripe has kept USD 20.00 of it",
    "credit  +USD 25.00  entry 1",
    "clawback  USD -5.00  entry 2",
    "Nothing: no quarantine, no settlement put off.",
    "Stripe and the ledger agree: USD 20.00.",
  ];
  let at = 0;
  for (const part of parts) {
    expect(printed.slice(at)).toContain(part);
    at = printed.indexOf(part, at);
  }
  for (const id of [refunded.sessionId, refunded.intent, chargeId, refundId])
    expect(await laptop.run(whereIsTool, [id]), id).toMatchObject({ code: 0, printed });
});

test("a payment that is not credited says so, and what waits in quarantine", async () => {
  const lost = await running.pay({ lost: true });
  const uncredited = await laptop.run(whereIsTool, [lost.intent]);
  expect(uncredited.code).toBe(1);
  expect(uncredited.printed).toContain("No entry. The wallet has been given USD 0.00 of it.");
  expect(uncredited.printed).toContain("DIFFERENCE  not_credited_yet");

  const twice = await running.pay();
  running.stripe.state.tamper.paySecondSession(twice.sessionId);
  await running.deliver();
  const { code, printed } = await laptop.run(whereIsTool, [twice.topUpId]);
  expect(code).toBe(1);
  expect(printed).toMatch(/Quarantine qtn_\w+ since \S+, over the session: the top-up says 1000 USD of/);
  expect(printed).toContain("DIFFERENCE  in_quarantine");
});

test("JSON holds the same, without the customer's address and page", async () => {
  const { printed } = await laptop.run(whereIsTool, [refunded.topUpId, "--json"]);
  const found = JSON.parse(printed);
  expect(found).toMatchObject({ atStripeMinor: 2_000, inLedgerMinor: 2_000, charges: [{ id: chargeId }], entries: [{}, {}] });
  expect(found.topUp).not.toHaveProperty("terms");
  expect(found.topUp).not.toHaveProperty("url");
});

test("an id that leads nowhere is told in a sentence", async () => {
  await expect(laptop.run(whereIsTool, [])).rejects.toThrow("Name a top-up, or a session");
  await expect(laptop.run(whereIsTool, ["xyz"])).rejects.toThrow('"xyz" is no id that this command knows');
  await expect(laptop.run(whereIsTool, ["top_none"])).rejects.toThrow("There is no top-up top_none in aira-local");
  for (const id of ["pi_none", "cs_none", "ch_none", "re_none", "du_none"])
    await expect(laptop.run(whereIsTool, [id]), id).rejects.toThrow(`Stripe knows no ${id} in this account and mode`);
  await expect(laptop.run(whereIsTool, [refunded.intent, "--stage", "another"])).rejects.toThrow("another app or stage");
});
