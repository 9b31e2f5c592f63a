import { describe, expect, test } from "vitest";
import { hoursInWords, isOpen, nextOpening } from "./business-hours.ts";

type Hours = Parameters<typeof nextOpening>[0];
const week = (days: Hours["days"], timeZone = "Asia/Kolkata"): Hours => ({ timeZone, days });
const office = week({
  mon: [
    { from: "09:00", to: "13:00" },
    { from: "14:00", to: "18:00" },
  ],
  fri: [{ from: "09:00", to: "18:00" }],
});
const at = (time: string) => Date.parse(time);

describe("open by the clock on the wall of that place", () => {
  // 2026-11-23 is a Monday; Kolkata is five and a half hours ahead of UTC.
  test.each<[string, Hours | null, string, boolean]>([
    ["always, without hours", null, "2026-11-23T00:00:00Z", true],
    ["from the minute it opens", office, "2026-11-23T03:30:00Z", true],
    ["not a minute earlier", office, "2026-11-23T03:29:59Z", false],
    ["not at the minute it closes", office, "2026-11-23T07:30:00Z", false],
    ["in the afternoon again", office, "2026-11-23T08:30:00Z", true],
    ["not on a day that has none", office, "2026-11-24T05:00:00Z", false],
    ["by the day there, not here", office, "2026-11-22T20:00:00Z", false],
    ["a night over midnight", week({ sat: [{ from: "22:00", to: "02:00" }] }, "UTC"), "2026-11-29T01:59:00Z", true],
    ["until it is over", week({ sat: [{ from: "22:00", to: "02:00" }] }, "UTC"), "2026-11-29T02:00:00Z", false],
    ["not the morning of the same day", week({ sat: [{ from: "22:00", to: "02:00" }] }, "UTC"), "2026-11-28T01:00:00Z", false],
    ["a night from Sunday into Monday", week({ sun: [{ from: "20:00", to: "04:00" }] }, "UTC"), "2026-11-30T03:00:00Z", true],
    ["a whole day", week({ sun: [{ from: "00:00", to: "00:00" }] }, "UTC"), "2026-11-29T23:59:59Z", true],
    ["and no longer", week({ sun: [{ from: "00:00", to: "00:00" }] }, "UTC"), "2026-11-30T00:00:00Z", false],
    ["never, without a day", week({}), "2026-11-23T05:00:00Z", false],
  ])("%s", (_, hours, time, open) => {
    expect(isOpen(hours, at(time))).toBe(open);
  });
});

describe("summer time moves with the people", () => {
  const newYork = week({ sun: [{ from: "09:00", to: "10:00" }], mon: [{ from: "09:00", to: "10:00" }] }, "America/New_York");
  test.each<[string, string, boolean]>([
    ["the last Sunday of winter time", "2026-03-01T14:00:00Z", true],
    ["the Sunday on which clocks go forward", "2026-03-08T13:00:00Z", true],
    ["an hour later is too late", "2026-03-08T14:00:00Z", false],
    ["the Sunday on which clocks go back", "2026-11-01T14:00:00Z", true],
    ["an hour earlier is too early", "2026-11-01T13:00:00Z", false],
  ])("%s", (_, time, open) => {
    expect(isOpen(newYork, at(time))).toBe(open);
  });
});

describe("the next opening, in words", () => {
  test.each<[string, string, string, string, string]>([
    ["later today", "2026-11-23T08:00:00Z", "today at 2:00 PM", "today at 2:00 pm", "आज दोपहर 2 बजे"],
    ["another day", "2026-11-23T13:00:00Z", "on Friday at 9:00 AM", "on Friday at 9:00 am", "शुक्रवार को सुबह 9 बजे"],
    ["tomorrow", "2026-11-26T10:00:00Z", "tomorrow at 9:00 AM", "tomorrow at 9:00 am", "कल सुबह 9 बजे"],
    ["after the weekend", "2026-11-27T13:00:00Z", "on Monday at 9:00 AM", "on Monday at 9:00 am", "सोमवार को सुबह 9 बजे"],
  ])("%s", (_, time, enUs, enIn, hiIn) => {
    expect(nextOpening(office, at(time), "en-US")).toBe(enUs);
    expect(nextOpening(office, at(time), "en-IN")).toBe(enIn);
    expect(nextOpening(office, at(time), "hi-IN")).toBe(hiIn);
  });

  test("a week ahead, when it opens on one day only and that is over", () => {
    const once = week({ wed: [{ from: "10:30", to: "11:00" }] }, "UTC");
    expect(nextOpening(once, at("2026-11-25T12:00:00Z"), "en-US")).toBe("on Wednesday at 10:30 AM");
  });

  test("none, when it never opens", () => {
    expect(nextOpening(week({}), at("2026-11-25T12:00:00Z"), "en-US")).toBeUndefined();
  });
});

test("the week in words, days of the same hours together", () => {
  const hours = week({
    mon: [{ from: "09:00", to: "17:30" }],
    tue: [{ from: "09:00", to: "17:30" }],
    wed: [{ from: "09:00", to: "17:30" }],
    sat: [{ from: "00:00", to: "00:00" }],
  });
  expect(hoursInWords(hours, "en-US")).toBe("Monday to Wednesday 9:00 AM to 5:30 PM; Saturday around the clock");
  expect(hoursInWords(hours, "hi-IN")).toBe("सोमवार से बुधवार सुबह 9 से शाम 5:30 बजे तक; शनिवार चौबीसों घंटे");
  expect(hoursInWords(null, "en-US")).toBeNull();
  expect(hoursInWords(week({}), "en-IN")).toBe("closed on all days");
});
