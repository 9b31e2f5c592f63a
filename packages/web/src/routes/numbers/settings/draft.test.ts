import { NumberSettingsPatch } from "@aira/contract";
import { expect, test } from "vitest";
import type { NumberSettings } from "../shapes.ts";
import { readPhone, toDraft, toPatch } from "./draft.ts";

const SETTINGS: NumberSettings = {
  friendlyName: "Office",
  greeting: null,
  language: "en-US",
  answeringMode: "assistant",
  forwardTo: null,
  businessHours: null,
};

test("a form that nobody touched changes nothing", () => {
  const full: NumberSettings = { ...SETTINGS, greeting: "Hello", answeringMode: "forward", forwardTo: "+14155550123" };
  expect(toPatch(SETTINGS, toDraft(SETTINGS))).toEqual({});
  expect(toPatch(full, toDraft(full))).toEqual({});
});

test("only what was changed is sent, and it follows the contract", () => {
  const patch = toPatch(SETTINGS, {
    ...toDraft(SETTINGS),
    greeting: "Hello,\nthis is   Aira. ",
    answeringMode: "forward",
    forwardTo: "+1 (415) 555-0123",
    businessHours: { timeZone: "Asia/Kolkata", days: { mon: [{ from: "09:00", to: "17:00" }] } },
  });
  expect(patch).toEqual({
    greeting: "Hello, this is Aira.",
    answeringMode: "forward",
    forwardTo: "+14155550123",
    businessHours: { timeZone: "Asia/Kolkata", days: { mon: [{ from: "09:00", to: "17:00" }] } },
  });
  expect(NumberSettingsPatch.safeParse(patch).success).toBe(true);
});

test("what was emptied is reset", () => {
  const full: NumberSettings = { ...SETTINGS, greeting: "Hello" };
  expect(toPatch(full, { ...toDraft(full), greeting: " " })).toEqual({ greeting: null });
});

test.each([
  ["+1 (415) 555-0123", "+14155550123"],
  ["0044 20 7946 0231", "+442079460231"],
  ["4155550123", undefined],
  ["+0123456789", undefined],
  ["", undefined],
])("%j is read as %s", (text, number) => expect(readPhone(text)).toBe(number));
