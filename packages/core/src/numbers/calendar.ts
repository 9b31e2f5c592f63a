import { monthsAfter } from "./months.ts";
import type { NumberRecord } from "./number.ts";
import type { NumberPolicy } from "./ports.ts";

const DAY_MS = 86_400_000;

/** A month is charged so long before it begins, since the provider charges us when it does. */
const AHEAD_MS = DAY_MS;

type Paid = Pick<NumberRecord, "createdAt" | "periods" | "reminded">;

/** End of the time that is paid for. */
export const paidThrough = ({ createdAt, periods }: Paid): number => monthsAfter(createdAt, periods);

/** When the next month is charged. */
export const renewsAt = (number: Paid): number => paidThrough(number) - AHEAD_MS;

/** When its owner is reminded of that. */
export const remindsAt = (number: Paid, { reminderDays }: Pick<NumberPolicy, "reminderDays">): number =>
  renewsAt(number) - reminderDays * DAY_MS;

/** When a number that can't be paid stops working. */
export const suspendsAt = (number: Paid, { graceDays }: Pick<NumberPolicy, "graceDays">): number =>
  paidThrough(number) + graceDays * DAY_MS;

/**
 * When a suspended number is given back. Counted from the suspension, not only from the calendar: after an outage of weeks nobody loses a
 * number that was never suspended before.
 */
export const releasesAt = (number: Paid, policy: Pick<NumberPolicy, "graceDays" | "suspendedDays">, suspendedAtMs: number): number =>
  Math.max(suspendsAt(number, policy), suspendedAtMs) + policy.suspendedDays * DAY_MS;

/** What is next for a number whose months are paid: the reminder, if there is one, or the next charge. */
export function dueAfterPayment(number: Paid, policy: NumberPolicy): number {
  const reminded = policy.reminderDays === 0 || number.reminded >= number.periods;
  return reminded ? renewsAt(number) : remindsAt(number, policy);
}
