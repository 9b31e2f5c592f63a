import { TOP_UP_STATES } from "@aira/contract";
import { expect, test } from "vitest";
import { pauseAfter, reportOf } from "./report.ts";

test("every state of a top-up has words, and only those that waiting can change are asked about again", () => {
  for (const state of TOP_UP_STATES) expect(pauseAfter(1, state) === undefined, state).toBe(reportOf({ state }).settled);
});

test("it stops asking at last, and sooner for a bank that takes days", () => {
  const questions = (state: (typeof TOP_UP_STATES)[number]) => {
    let asked = 1;
    while (pauseAfter(asked, state) !== undefined) asked++;
    return asked;
  };
  expect(questions("open")).toBe(15);
  expect(questions("processing")).toBe(10);
  expect(questions("failed")).toBe(1);
});

test("a question without an answer is asked again", () => expect(pauseAfter(2, undefined)).toBe(1_000));
