import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Wallet } from "../ledger/index.ts";
import { priceCall } from "../pricing/index.ts";
import { affordsText, connectableSeconds, planCall, spendableMinor } from "./allowance.ts";
import { numberOf, PHONE } from "./fixtures/answering.ts";

const overdraft = { USD: 100, INR: 9_000 };
const wallet = (USD: number, change: Partial<Wallet> = {}): Wallet => ({
  owner: "asha",
  seq: 1,
  head: "",
  lastAt: "",
  frozen: false,
  balances: { USD: { availableMinor: USD, heldMinor: 0 } },
  ...change,
});

describe("what may be spent", () => {
  test.each<[string, Wallet, number | undefined]>([
    ["the balance and the overdraft", wallet(500), 600],
    ["the overdraft alone", wallet(0), 100],
    ["what is left of the overdraft", wallet(-60), 40],
    ["nothing at its end", wallet(-100), 0],
    ["nothing behind its end", wallet(-101), undefined],
    ["nothing of a frozen wallet", wallet(500, { frozen: true }), undefined],
    [
      "nothing while another currency is too far below zero",
      wallet(500, { balances: { USD: { availableMinor: 500, heldMinor: 0 }, INR: { availableMinor: -9_001, heldMinor: 0 } } }),
      undefined,
    ],
    ["the overdraft of a wallet that was never posted to", wallet(0, { balances: {} }), 100],
  ])("%s", (_, of, expected) => expect(spendableMinor(of, "USD", overdraft)).toBe(expected));
});

describe("the plan of a call", () => {
  const number = numberOf();
  // Five cents a started minute, seven for a minute put into words.
  test.each<[string, number, "assistant" | "forward" | "voicemail", string | undefined, unknown]>([
    ["as long as a conversation may be", 10_000, "assistant", undefined, { capSeconds: 900, budgetMinor: 75 + 14, holdMinor: 89 }],
    ["as long as the money lasts", 0, "assistant", undefined, { capSeconds: 900, budgetMinor: 89, holdMinor: 0 }],
    ["a little into the overdraft", -80, "assistant", undefined, { capSeconds: 240, budgetMinor: 20, holdMinor: 0 }],
    ["of what is set aside, no more than there is", 30, "assistant", undefined, { capSeconds: 900, budgetMinor: 89, holdMinor: 30 }],
    [
      "a phone that may be dialled is planned as if it were at once",
      10_000,
      "assistant",
      PHONE,
      { capSeconds: 900, budgetMinor: 127, holdMinor: 127 },
    ],
    ["an hour with another phone", 10_000, "forward", PHONE, { capSeconds: 3_600, budgetMinor: 464, holdMinor: 464 }],
    ["a voicemail takes five minutes at most", 10_000, "voicemail", undefined, { capSeconds: 300, budgetMinor: 39, holdMinor: 39 }],
    ["not even a minute", -96, "assistant", undefined, undefined],
  ])("%s", (_, balance, taker, connectTo, expected) => {
    expect(planCall(wallet(balance), number, overdraft, { taker, connectTo })).toEqual(expected);
  });

  test("Hindi is not put into words, so nothing is set aside for it", () => {
    const hindi = numberOf({}, { language: "hi-IN" });
    expect(planCall(wallet(10_000), hindi, overdraft, { taker: "assistant", connectTo: undefined })).toMatchObject({ budgetMinor: 75 });
  });

  test("whatever the balance: never longer than it pays for, and never more set aside than there is", () => {
    fc.assert(
      fc.property(fc.integer({ min: -200, max: 2_000 }), fc.boolean(), (balance, connects) => {
        const plan = planCall(wallet(balance), number, overdraft, { taker: "forward", connectTo: connects ? PHONE : undefined });
        if (!plan) return;
        const legs = [{ direction: "inbound" as const }, ...(connects ? [{ direction: "forwarded" as const, to: PHONE }] : [])];
        const cost = legs.reduce(
          (sum, leg) => sum + priceCall({ ...leg, country: "US", type: "local", currency: "USD", seconds: plan.capSeconds }).amountMinor,
          0,
        );
        expect(cost).toBeLessThanOrEqual(plan.budgetMinor);
        expect(plan.budgetMinor).toBeLessThanOrEqual(balance + 100);
        expect(plan.holdMinor).toBeLessThanOrEqual(Math.max(0, balance));
        expect(plan.holdMinor).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

test("a call that is connected late gets what its budget has left", () => {
  const number = numberOf();
  expect(connectableSeconds(number, PHONE, 127, 0)).toBe(960);
  expect(connectableSeconds(number, PHONE, 127, 600)).toBeLessThan(960);
  expect(connectableSeconds(number, PHONE, 10, 600)).toBe(0);
  // Premium numbers cost a dollar a minute.
  expect(connectableSeconds(number, "+19005550100", 127, 0)).toBe(60);
});

test("a text is answered if it and a short answer can be paid", () => {
  const afford = (balance: number) => affordsText(wallet(balance), numberOf(), overdraft, 1, "+14155550199");
  expect(afford(0)).toBe(true);
  expect(afford(-96)).toBe(true);
  expect(afford(-97)).toBe(false);
  expect(affordsText(wallet(0, { frozen: true }), numberOf(), overdraft, 1, "+14155550199")).toBe(false);
});
