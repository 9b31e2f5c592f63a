import { invariant, iso } from "../lib/index.ts";

/** A day in UTC: `YYYY-MM-DD`. Text order is time order. */
export type Day = string;

const DAY_MS = 86_400_000;

export const dayOf = (epochMs: number): Day => iso(epochMs).slice(0, 10);

/** The first millisecond of a day. */
export function startOf(day: Day): number {
  const ms = Date.parse(`${day}T00:00:00.000Z`);
  invariant(/^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(ms) && dayOf(ms) === day, `"${day}" is not a day (YYYY-MM-DD)`);
  return ms;
}

export const dayAfter = (day: Day, days = 1): Day => dayOf(startOf(day) + days * DAY_MS);

/** Both ends included; empty when `from` is behind `to`. */
export function daysBetween(from: Day, to: Day): Day[] {
  const days: Day[] = [];
  for (let day = from; day <= to; day = dayAfter(day)) days.push(day);
  return days;
}

/**
 * How long after its end a day counts as finished. An entry takes its time from the clock of the machine that decides it and is
 * written within seconds; the hour covers that, clocks that differ, and an index that lags.
 */
const SETTLING_MS = 3_600_000;

/** The newest day that nothing can be posted to any more. */
export const lastFinishedDay = (nowMs: number): Day => dayOf(nowMs - SETTLING_MS - DAY_MS);
