import { expect, it } from "vitest";
import { PARTS, readArguments } from "./arguments.ts";

it("without options every part runs in full", () => {
  expect(readArguments([])).toEqual({ quick: false, help: false, parts: new Set(PARTS) });
});

it("--only takes a list", () => {
  expect(readArguments(["--quick", "--only", "calls, growth"])).toEqual({ quick: true, help: false, parts: new Set(["calls", "growth"]) });
});

it("a part that there is not is named, with those that there are", () => {
  expect(() => readArguments(["--only", "calls,speed"])).toThrow("--only speed: there is no such part. The parts are calls, faults");
});
