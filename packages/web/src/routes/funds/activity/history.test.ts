import { expect, test } from "vitest";
import type { TransactionView } from "../../../api/shapes.ts";
import { dailyBalances, spendByKind } from "./history.ts";

const at = (day: number, hour = 12) => new Date(2026, 2, day, hour).toISOString();
const entry = (
  day: number,
  kind: TransactionView["kind"],
  amountMinor: number,
  heldMinor: number,
  afterMinor: number,
): TransactionView => ({
  transactionId: `txn_${day}${kind}`,
  seq: day,
  kind,
  currency: "USD",
  amountMinor,
  heldMinor,
  balanceAfter: [{ currency: "USD", availableMinor: afterMinor, heldMinor: 0, totalMinor: afterMinor }],
  reference: { type: "charge", id: "x" },
  description: "",
  actor: "system",
  at: at(day),
});

test("the balance of a day is what its last entry left, and the last point is the balance of now", () => {
  const points = dailyBalances(
    [entry(27, "credit", 2_000, 0, 2_500), entry(30, "usage", -300, 0, 2_200)],
    "USD",
    new Date(2026, 2, 26).getTime(),
    new Date(2026, 2, 31, 9).getTime(),
    2_150,
  );
  expect(points.map(({ availableMinor }) => availableMinor)).toEqual([500, 2_500, 2_500, 2_500, 2_200, 2_150]);
  // Across the change of the clock, too, every point is a midnight.
  expect(points.every(({ day }) => new Date(day).getHours() === 0)).toBe(true);
});

test("an empty history is the balance of now", () => {
  const now = new Date(2026, 2, 3, 9).getTime();
  expect(dailyBalances([], "USD", now - 2 * 86_400_000, now, 700).map(({ availableMinor }) => availableMinor)).toEqual([700, 700, 700]);
});

test("setting money aside spends nothing, the capture does, and what came back is not counted", () => {
  const history = [
    entry(1, "authorization", -500, 500, 500),
    entry(2, "capture", 200, -500, 700),
    entry(3, "usage", -50, 0, 650),
    entry(4, "adjustment", 100, 0, 750),
  ];
  expect(spendByKind(history, "USD")).toEqual([
    { kind: "capture", spentMinor: 300 },
    { kind: "usage", spentMinor: 50 },
  ]);
  expect(spendByKind(history, "INR")).toEqual([]);
});
