import { AiraError, InvariantError } from "@aira/core/lib";
import { describe, expect, test } from "vitest";
import { describeError, redact } from "./redaction.ts";

const redacted = (value: unknown) => JSON.parse(JSON.stringify(value, redact));

test.each([
  "authorization",
  "Authorization",
  "token",
  "accessToken",
  "body",
  "rawBody",
  "headers",
  "claims",
  "cookies",
  "stripe-signature",
  "email",
  "receiptEmail",
  "phone",
  "sub",
  "secret",
])("the field %s is never written", (field) =>
  expect(redacted({ deep: [{ [field]: { any: "canary" } }] })).toEqual({ deep: [{ [field]: "[redacted]" }] }),
);

test("an owner is written as a pseudonym that stays the same", () => {
  const { owner } = redacted({ owner: "auth0|someone" });
  expect(owner).toMatch(/^[0-9a-f]{12}$/);
  expect(redacted({ owner: "auth0|someone" }).owner).toBe(owner);
  expect(redacted({ owner: "auth0|another" }).owner).not.toBe(owner);
});

test.each<[string, string, string]>([
  ["a token", "got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln here", "got [token] here"],
  ["a bearer token", "Bearer abc.def", "[token]"],
  ["a signing secret", "with whsec_abcDEF123", "with [secret]"],
  ["an API key", "key sk_live_51Habc", "key [secret]"],
  ["an e-mail address", "mail to first.last+tag@mail.example.co.in.", "mail to [email]."],
  ["a phone number", "call +919876543210 now", "call [phone] now"],
])("%s is cut out of any text", (_, text, expected) => expect(redacted({ note: text })).toEqual({ note: expected }));

test.each(["GET /api/wallet/balance", "top_00000000000000000000000000", "2026-03-01T12:00:00.000Z", "req_123", "txn_ab12", "cs_test_a1"])(
  "%s is left as it is",
  (text) => expect(redacted({ note: text })).toEqual({ note: text }),
);

describe("an error", () => {
  test("of ours keeps its sentence, also as a cause; a vendor's keeps none", () => {
    const error = new Error("quotes a customer", { cause: new InvariantError("TABLE_NAME is not set") });
    expect(describeError(error)).toMatchObject({ name: "Error", cause: { name: "InvariantError", message: "TABLE_NAME is not set" } });
    expect(describeError(error).message).toBeUndefined();
    expect(describeError(new AiraError("wallet.busy", "The wallet is busy."))).toMatchObject({
      code: "wallet.busy",
      message: "The wallet is busy.",
    });
  });

  test("of DynamoDB says which parts of a transaction were cancelled, and nothing of the items", () => {
    const error = Object.assign(new Error("Transaction cancelled"), {
      name: "TransactionCanceledException",
      $metadata: { httpStatusCode: 400, requestId: "ABC" },
      CancellationReasons: [{ Code: "None" }, { Code: "ConditionalCheckFailed", Item: { owner: { S: "canary" } } }],
    });
    expect(describeError(error)).toMatchObject({ status: 400, vendorRequestId: "ABC", reasons: ["None", "ConditionalCheckFailed"] });
    expect(JSON.stringify(describeError(error))).not.toContain("canary");
  });

  test("has a stack of places, without the message that begins it", () => {
    const { stack } = describeError(new TypeError("canary\n    on two lines")) as { stack: string[] };
    expect(stack.length).toBeGreaterThan(0);
    expect(stack.every((line) => line.startsWith("at "))).toBe(true);
  });

  test("whose name or code is a sentence loses it", () => {
    const error = Object.assign(new Error(), { name: "canary with spaces", code: "someone@example.com" });
    expect(describeError(error)).not.toHaveProperty("code");
    expect(describeError(error).name).toBe("Error");
  });

  test("that is its own cause ends", () => {
    const error = new Error();
    error.cause = error;
    expect(JSON.stringify(describeError(error)).length).toBeLessThan(20_000);
  });

  test.each(["text", 7, null, undefined])("that is no error (%s) has only its type", (thrown) =>
    expect(describeError(thrown)).toEqual({ name: typeof thrown }),
  );
});
