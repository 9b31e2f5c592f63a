import { type BusinessHours, type Language, WEEKDAYS, type Weekday } from "@aira/contract";
import type * as z from "zod/mini";
import { sentence, WEEKDAY_NAMES } from "./sentences.ts";

type Hours = Readonly<z.infer<typeof BusinessHours>>;

const DAY = 24 * 60;
const WEEK = WEEKDAYS.length;

/** A clock on a wall of that place: whatever summer time does, people go by it. */
interface WallTime {
  /** 0 is Monday. */
  readonly day: number;
  readonly minute: number;
}

function wallTime(atMs: number, timeZone: string): WallTime {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  const day = (WEEKDAYS as readonly string[]).indexOf(parts.weekday?.toLowerCase() ?? "");
  return { day, minute: Number(parts.hour) * 60 + Number(parts.minute) };
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** The spans of a day, in minutes from its beginning. One that ends no later than it begins ends on the next day: 00:00 to 00:00 is a whole one. */
function spansOf(hours: Hours, day: number): { from: number; to: number }[] {
  const name = WEEKDAYS[((day % WEEK) + WEEK) % WEEK] as Weekday;
  return (hours.days[name] ?? []).map(({ from, to }) => {
    const [start, end] = [minuteOf(from), minuteOf(to)];
    return { from: start, to: end > start ? end : end + DAY };
  });
}

/** Is somebody there? Null: always. */
export function isOpen(hours: Hours | null, atMs: number): boolean {
  if (!hours) return true;
  const { day, minute } = wallTime(atMs, hours.timeZone);
  return (
    spansOf(hours, day).some(({ from, to }) => from <= minute && minute < to) || spansOf(hours, day - 1).some(({ to }) => minute + DAY < to)
  );
}

/** A time of day as people say it. */
function timeInWords(minute: number, language: Language): string {
  const at = Date.UTC(2024, 0, 1, 0, minute);
  // Hindi speakers say the part of the day, not am or pm.
  const part = language === "hi-IN" ? ({ dayPeriod: "short" } as const) : {};
  const minutes = language === "hi-IN" && minute % 60 === 0 ? {} : ({ minute: "2-digit" } as const);
  return new Intl.DateTimeFormat(language, { hour: "numeric", ...minutes, hour12: true, ...part, timeZone: "UTC" }).format(at);
}

/** When it opens next, like "tomorrow at 9:00 AM". Undefined: never. For a time at which it is closed. */
export function nextOpening(hours: Hours, atMs: number, language: Language): string | undefined {
  const now = wallTime(atMs, hours.timeZone);
  for (let ahead = 0; ahead <= WEEK; ahead++) {
    const starts = spansOf(hours, now.day + ahead).map(({ from }) => from);
    const [next] = starts.filter((from) => ahead > 0 || from > now.minute).sort((a, b) => a - b);
    if (next === undefined) continue;
    const day = WEEKDAY_NAMES[language][WEEKDAYS[(now.day + ahead) % WEEK] as Weekday];
    const key = ahead === 0 ? "today" : ahead === 1 ? "tomorrow" : "onDay";
    return sentence(language, key, { time: timeInWords(next, language), day });
  }
  return undefined;
}

/** The hours of the week in words, days of the same hours together. Null when always open. */
export function hoursInWords(hours: Hours | null, language: Language): string | null {
  if (!hours) return null;
  const ofDay = WEEKDAYS.map((_, day) => ({ day, hours: dayInWords(hours, day, language) }));
  const runs: { first: number; last: number; hours: string }[] = [];
  for (const { day, hours: words } of ofDay) {
    const run = runs.at(-1);
    if (run?.hours === words && words !== "") run.last = day;
    else if (words !== "") runs.push({ first: day, last: day, hours: words });
  }
  if (runs.length === 0) return sentence(language, "neverOpen");
  const name = (day: number) => WEEKDAY_NAMES[language][WEEKDAYS[day] as Weekday];
  return runs
    .map(({ first, last, hours: words }) => {
      const days = first === last ? name(first) : sentence(language, "dayRange", { first: name(first), last: name(last) });
      return sentence(language, "dayHours", { days, hours: words });
    })
    .join("; ");
}

const dayInWords = (hours: Hours, day: number, language: Language): string =>
  spansOf(hours, day)
    .sort((a, b) => a.from - b.from)
    .map(({ from, to }) =>
      to - from === DAY && from === 0
        ? sentence(language, "always")
        : sentence(language, "timeRange", { from: timeInWords(from, language), to: timeInWords(to % DAY, language) }),
    )
    .join(", ");
