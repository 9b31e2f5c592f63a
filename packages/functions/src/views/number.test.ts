import { OwnedNumber } from "@aira/contract";
import type { NumberPolicy, NumberRecord } from "@aira/core/numbers";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { toOwnedNumber } from "./number.ts";

const policy: NumberPolicy = {
  numbersPerOwner: 20,
  purchasesPerDay: 10,
  reminderDays: 3,
  graceDays: 3,
  suspendedDays: 14,
  coolDownDays: 30,
};

const active: NumberRecord = {
  phoneNumber: "+14155550100",
  numberId: `num_${"0".repeat(26)}`,
  purchaseId: `pur_${"0".repeat(26)}`,
  owner: "canary-owner",
  state: "active",
  attempt: "canary-attempt",
  attemptedAtMs: 0,
  country: "US",
  type: "local",
  region: "CA",
  locality: null,
  capabilities: ["voice", "sms"],
  currency: "USD",
  setUpMinor: 100,
  monthlyMinor: 200,
  sid: "PNcanary",
  periods: 1,
  reminded: 0,
  unpaidSince: undefined,
  suspendedAt: undefined,
  failure: undefined,
  availableFrom: undefined,
  settings: {
    friendlyName: "Desk",
    greeting: null,
    language: "en-US",
    answeringMode: "assistant",
    forwardTo: null,
    businessHours: null,
  },
  createdAt: "2026-01-31T12:00:00.000Z",
  updatedAt: "2026-01-31T12:00:01.000Z",
  authorized: undefined,
  settled: undefined,
  renewed: undefined,
};

const view = (change: Partial<NumberRecord>) => {
  const shown = toOwnedNumber({ ...active, ...change }, policy);
  expect(z.parse(OwnedNumber, shown)).toEqual(shown);
  return shown;
};

test("a number that is paid shows until when, and when its next month is charged: the day before", () => {
  expect(view({})).toMatchObject({ paidThrough: "2026-02-28T12:00:00.000Z", renewsAt: "2026-02-27T12:00:00.000Z", unpaidNext: null });
  expect(view({ periods: 2 })).toMatchObject({ paidThrough: "2026-03-31T12:00:00.000Z" });
});

test("one whose purchase is not settled was paid for no time, and one that is gone renews no more", () => {
  expect(view({ state: "pending", periods: 0 })).toMatchObject({ paidThrough: null, renewsAt: null });
  expect(view({ state: "failed", periods: 0, failure: "number.not_available" })).toMatchObject({ failure: "number.not_available" });
  expect(view({ state: "released" })).toMatchObject({ renewsAt: null });
});

test("an unpaid one says what happens next, and when", () => {
  const unpaidSince = "2026-02-27T12:00:00.000Z";
  expect(view({ unpaidSince }).unpaidNext).toEqual({ action: "suspend", at: "2026-03-03T12:00:00.000Z" });
  const suspended = view({ unpaidSince, state: "suspended", suspendedAt: "2026-03-03T12:00:00.000Z" });
  expect(suspended.unpaidNext).toEqual({ action: "release", at: "2026-03-17T12:00:00.000Z" });
});

test("what is ours to know stays with us: the provider's id, the attempt, the owner", () => {
  expect(JSON.stringify(view({}))).not.toContain("canary");
});
