import { paidThrough, releasesAt, remindsAt, renewsAt, suspendsAt } from "./calendar.ts";
import type { NumberRecord } from "./number.ts";
import type { NumberPolicy } from "./ports.ts";

/** What is to be done for a number at this moment. */
export type Step =
  /** Find out whether it was bought. */
  | { readonly do: "settle" }
  /** Tell its owner that the next month will be charged. */
  | { readonly do: "remind" }
  /** Charge the next month. */
  | { readonly do: "renew" }
  /** Tell its owner that it works again. */
  | { readonly do: "tell_restored" }
  /** The grace is over: callers hear a notice from now on. */
  | { readonly do: "suspend" }
  /** It was suspended for long enough: give it back. */
  | { readonly do: "give_up" }
  /** Go on giving it back. */
  | { readonly do: "finish_release" }
  /** Nothing yet. */
  | { readonly do: "wait"; readonly untilMs: number }
  /** Nothing ever again. */
  | { readonly do: "nothing" };

/**
 * At first it is tried again soon: money that came in at the very moment may not have known that a month waits for it, and then nobody
 * else will see to it.
 */
const SOON_MS = 5 * 60_000;
const SOON_FOR_MS = 15 * 60_000;

/** How long an unpaid number waits before its month is tried again. A top-up does not wait for that. */
const RETRY_MS = 6 * 3_600_000;

/**
 * The next step of a number. Pure. An unpaid month is always tried first, so that a run which comes late, or after an outage of weeks,
 * charges what can be paid before it takes anything away; `unpaid` says that this was just tried.
 */
export function stepOf(number: NumberRecord, policy: NumberPolicy, nowMs: number, unpaid = false): Step {
  switch (number.state) {
    case "pending":
      return { do: "settle" };
    case "releasing":
      return { do: "finish_release" };
    case "released":
    case "failed":
      return { do: "nothing" };
    case "active":
    case "suspended":
      // Before the next month: a notice is named by the month that brought it.
      if (number.state === "active" && number.suspendedAt !== undefined) return { do: "tell_restored" };
      return unpaid ? stepOfUnpaid(number, policy, nowMs) : stepOfPaid(number, policy, nowMs);
    default:
      return number.state satisfies never;
  }
}

function stepOfPaid(number: NumberRecord, policy: NumberPolicy, nowMs: number): Step {
  if (nowMs >= renewsAt(number)) return { do: "renew" };
  const remind = policy.reminderDays > 0 && number.reminded < number.periods;
  if (remind && nowMs >= remindsAt(number, policy)) return { do: "remind" };
  return { do: "wait", untilMs: remind ? remindsAt(number, policy) : renewsAt(number) };
}

function stepOfUnpaid(number: NumberRecord, policy: NumberPolicy, nowMs: number): Step {
  const fresh = number.unpaidSince === undefined || nowMs - Date.parse(number.unpaidSince) < SOON_FOR_MS;
  const again = nowMs + (fresh ? SOON_MS : RETRY_MS);
  if (number.state === "active") {
    const suspend = suspendsAt(number, policy);
    return nowMs >= suspend ? { do: "suspend" } : { do: "wait", untilMs: Math.min(again, suspend) };
  }
  const suspendedAtMs = number.suspendedAt === undefined ? nowMs : Date.parse(number.suspendedAt);
  const release = releasesAt(number, policy, suspendedAtMs);
  return nowMs >= release ? { do: "give_up" } : { do: "wait", untilMs: Math.min(again, release) };
}

/** What happens next to a number that could not be paid, and when. */
export function unpaidNext(
  number: NumberRecord,
  policy: NumberPolicy,
): { readonly action: "suspend" | "release"; readonly atMs: number } | undefined {
  if (number.unpaidSince === undefined) return undefined;
  if (number.state === "active") return { action: "suspend", atMs: suspendsAt(number, policy) };
  if (number.state !== "suspended" || number.suspendedAt === undefined) return undefined;
  return { action: "release", atMs: releasesAt(number, policy, Date.parse(number.suspendedAt)) };
}

/** For the statement: which month a charge is for. */
export function describeMonth(number: NumberRecord): string {
  const from = new Date(paidThrough(number)).toISOString().slice(0, 10);
  const to = new Date(paidThrough({ ...number, periods: number.periods + 1 })).toISOString().slice(0, 10);
  return `Number ${number.phoneNumber}, ${from} to ${to}`;
}
