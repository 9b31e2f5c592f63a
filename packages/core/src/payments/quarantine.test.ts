import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { paymentWorld } from "@aira/local/testing/payment-world";
import { describe, expect, test } from "vitest";
import { listOwners, loadWallet } from "../ledger/index.ts";
import { consumeEvents, listQuarantined, replayQuarantined } from "./index.ts";

async function setting() {
  const at = paymentWorld();
  const table = memoryTable();
  const ports = at.ports(table);
  const checkout = await at.checkout(ports);
  const deliver = async (body: string) => (await consumeEvents(ports, [{ id: "m1", body }]))[0];
  const open = () => Array.fromAsync(listQuarantined(ports));
  const balance = async () => (await loadWallet(table, checkout.owner)).balances.USD?.availableMinor ?? 0;
  return { at, ports, deliver, open, balance, ...checkout };
}

describe("a paid session that is not what was asked for is kept for an operator, never credited", () => {
  test.each([
    ["amount", { amountMinor: 999 }],
    ["amount", { amountMinor: 1_001 }],
    ["currency", { currency: "eur" }],
    ["currency", { currency: "inr" }],
    ["owner", { metadata: { owner: "mallory" } }],
    ["owner", { metadata: { owner: "" } }],
    ["reference", { clientReferenceId: "top_other" }],
  ] as const)("another %s: %o", async (reason, forgery) => {
    const { at, ports, deliver, open, balance, sessionId, topUpId } = await setting();
    at.stripe.tamper.payAltered(sessionId, forgery);
    const body = at.newest("checkout.session.completed");
    expect(await deliver(body)).toMatchObject({ outcome: "quarantined", deltaMinor: 0 });
    const [finding, ...more] = await open();
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ reason, topUpId, sessionId, state: "open" });
    expect(await balance()).toBe(0);
    expect(await Array.fromAsync(listOwners(ports))).toEqual([]);

    // A repeat finds it there; a replay before anything was corrected leaves it there.
    expect(await deliver(body)).toMatchObject({ outcome: "quarantined" });
    expect(await replayQuarantined(ports, finding!.quarantineId)).toMatchObject([{ outcome: "quarantined", reason }]);
    expect(await open()).toEqual([finding]);

    at.stripe.refund({ session: sessionId });
    expect(await replayQuarantined(ports, finding!.quarantineId)).toMatchObject([{ outcome: "ignored" }]);
    expect(await open()).toEqual([]);
    expect(await balance()).toBe(0);
  });

  test("a second paid session on the very same terms", async () => {
    const { at, ports, deliver, open, balance, sessionId, topUpId } = await setting();
    at.stripe.pay(sessionId, "card");
    expect(await deliver(at.newest("checkout.session.completed"))).toMatchObject({ outcome: "credited" });
    const second = at.stripe.tamper.paySecondSession(sessionId);
    const body = at.newest("checkout.session.completed");
    expect(await deliver(body)).toMatchObject({ outcome: "quarantined", deltaMinor: 0 });
    const [finding] = await open();
    expect(finding).toMatchObject({ reason: "session", topUpId, sessionId: second.id });
    expect(await balance()).toBe(1_000);

    at.stripe.refund({ session: second.id });
    await replayQuarantined(ports, finding!.quarantineId);
    expect(await open()).toEqual([]);
    // The refund was the stranger's: the top-up's own money stays.
    expect(await deliver(at.newest("refund.created"))).toMatchObject({ deltaMinor: 0 });
    expect(await balance()).toBe(1_000);
  });

  test("a second session that is paid first, while the top-up's own stays open", async () => {
    const { at, deliver, open, balance, sessionId } = await setting();
    at.stripe.tamper.paySecondSession(sessionId);
    expect(await deliver(at.newest("checkout.session.completed"))).toMatchObject({ outcome: "quarantined" });
    at.stripe.pay(sessionId, "card");
    expect(await deliver(at.newest("checkout.session.completed"))).toMatchObject({ deltaMinor: 1_000 });
    expect(await open()).toHaveLength(1);
    expect(await balance()).toBe(1_000);
  });
});

test("a mismatch whose money has gone back needs nobody's attention", async () => {
  const { at, deliver, open, sessionId } = await setting();
  at.stripe.tamper.payAltered(sessionId, { amountMinor: 999 });
  const body = at.newest("checkout.session.completed");
  at.stripe.refund({ session: sessionId });
  expect(await deliver(body)).toMatchObject({ outcome: "irrelevant" });
  expect(await open()).toEqual([]);
});

test("a finding that there never was is not found", async () => {
  const { ports } = await setting();
  await expect(replayQuarantined(ports, "qtn_none")).rejects.toMatchObject({ code: "quarantine.not_found" });
});
