import { describe, expect, test } from "vitest";
import { canonical, epochSeconds, judge, KEPT_SECONDS, type RequestRecord, toRecord } from "./request.ts";

const now = Date.parse("2026-03-01T12:00:00Z");
const asked = { nonce: "mine", fingerprint: "f", now };
const running: RequestRecord = {
  state: "in_progress",
  nonce: "other",
  fingerprint: "f",
  lockedUntil: now + 10_000,
  answer: undefined,
  ttl: epochSeconds(now) + KEPT_SECONDS,
};
const answer = { status: 201, body: "{}" };
const done: RequestRecord = { ...running, state: "done", answer };

describe("the record of a key says", () => {
  test.each<[string, RequestRecord | undefined, ReturnType<typeof judge>]>([
    ["free when there is none", undefined, { is: "free" }],
    ["running while its execution has time", running, { is: "running" }],
    ["running at the very end of that time", { ...running, lockedUntil: now }, { is: "running" }],
    ["free once its execution must be dead", { ...running, lockedUntil: now - 1 }, { is: "free" }],
    ["replay when it was answered, however long ago the lock ended", { ...done, lockedUntil: 0 }, { is: "replay", answer }],
    ["reused when another request had it", { ...done, fingerprint: "g" }, { is: "reused" }],
    ["reused even after a crash", { ...running, fingerprint: "g", lockedUntil: 0 }, { is: "reused" }],
    ["mine when an attempt of this execution wrote it", { ...running, nonce: "mine" }, { is: "mine" }],
    ["replay in its last second", { ...done, ttl: epochSeconds(now) }, { is: "replay", answer }],
    ["free past its time to live, though DynamoDB has not deleted it yet", { ...done, ttl: epochSeconds(now) - 1 }, { is: "free" }],
  ])("%s", (_, record, verdict) => expect(judge(record, asked)).toEqual(verdict));
});

describe("one meaning has one text", () => {
  test.each<[string, unknown, unknown]>([
    ["the order of fields", { a: 1, b: { c: [1, { x: 1, y: 2 }] } }, { b: { c: [1, { y: 2, x: 1 }] }, a: 1 }],
    ["a field that is not there and one that is undefined", { a: 1 }, { a: 1, b: undefined }],
  ])("whatever %s", (_, one, other) => expect(canonical(one)).toBe(canonical(other)));

  test.each<[string, unknown, unknown]>([
    ["a number and its digits", { a: 1 }, { a: "1" }],
    ["null and nothing", { a: null }, {}],
    ["the order of a list", [1, 2], [2, 1]],
    ["where a text ends", ["ab", "c"], ["a", "bc"]],
    ["a text that looks like a structure", { a: '","b":"' }, { a: "", b: "" }],
  ])("and tells apart %s", (_, one, other) => expect(canonical(one)).not.toBe(canonical(other)));
});

test("an item without an answer is in progress, whatever else it holds", () => {
  expect(toRecord({ pk: "p", sk: "s", state: "in_progress", nonce: "n", fingerprint: "f", lockedUntil: 1, ttl: 2 })).toEqual({
    state: "in_progress",
    nonce: "n",
    fingerprint: "f",
    lockedUntil: 1,
    answer: undefined,
    ttl: 2,
  });
  expect(toRecord(undefined)).toBeUndefined();
});
