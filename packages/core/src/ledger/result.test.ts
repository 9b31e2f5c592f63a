import { expect, test } from "vitest";
import { AiraError } from "../lib/index.ts";
import type { Posted } from "./post.ts";
import { receiptOf } from "./result.ts";

test("a post and its repeat are receipts of one entry, and tell which is which", () => {
  expect(receiptOf({ outcome: "posted", entryKey: "ENTRY#1" } as Posted)).toEqual({ entryKey: "ENTRY#1", repeated: false });
  expect(receiptOf({ outcome: "already", entryKey: "ENTRY#1" })).toEqual({ entryKey: "ENTRY#1", repeated: true });
});

test.each<[Posted, Partial<AiraError>]>([
  [
    { outcome: "guarded", found: undefined },
    { code: "operation.conflict", retry: false, retryAfterSeconds: undefined },
  ],
  [
    { outcome: "declined", refusal: { code: "wallet.insufficient_funds", missingMinor: 5 } },
    { code: "wallet.insufficient_funds", retry: false, details: { missingMinor: 5 } },
  ],
  [
    { outcome: "declined", refusal: { code: "wallet.restricted" } },
    { code: "wallet.restricted", retry: false, details: {} },
  ],
  [
    { outcome: "declined", refusal: { code: "wallet.frozen" } },
    { code: "wallet.frozen", retry: false },
  ],
  [{ outcome: "busy" }, { code: "wallet.busy", retry: true, retryAfterSeconds: 1 }],
  [{ outcome: "unknown" }, { code: "outcome.unknown", retry: true, retryAfterSeconds: 2 }],
])("%o is an error that says whether and when to ask again", (posted, expected) => {
  let error: unknown;
  try {
    receiptOf(posted);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(AiraError);
  expect(error).toMatchObject(expected);
});

test("an outcome that nobody knows is a mistake of ours, never a receipt", () => {
  expect(() => receiptOf({ outcome: "invented" } as unknown as Posted)).toThrow("no such outcome");
});
