import { ERROR_CODES } from "@aira/contract";
import { describe, expect, test } from "vitest";
import { TwilioError } from "./twilio-client.ts";
import { failedCall, failedOrder, isGone, isNotSold, TWILIO_ERRORS } from "./twilio-errors.ts";

const answer = (statusCode: number, code?: number | string) =>
  new TwilioError({ statusCode, body: code === undefined ? "" : JSON.stringify({ code, message: "vendor's words" }), headers: {} });

const timeout = new DOMException("too late", "TimeoutError");
const reset = new TypeError("fetch failed");

describe("a purchase that Twilio refused", () => {
  test.each([
    [20003, 401, "number_provider.refused", /access/],
    [20404, 404, "number_provider.refused", /on file .* missing/],
    [20429, 429, "number_provider.unavailable", /too busy.*Nothing was bought.*try again/],
    [21404, 400, "number_provider.refused", /limit/],
    [21421, 400, "number.not_available", /not a number that can be bought/],
    [21422, 400, "number.not_available", /not to be had any more/],
    [21452, 400, "number.not_available", /area/],
    [21613, 400, "number.address_required", /address/],
    [21615, 400, "number.address_required", /local address/],
    [21624, 400, "number.address_required", /foreign address/],
    [21631, 400, "number.address_required", /address/],
    [21649, 400, "number.bundle_required", /regulatory bundle/],
    [21650, 400, "number.bundle_required", /identity document/],
    [21651, 400, "number.bundle_required", /document/],
    [22300, 400, "number_provider.refused", /restricted/],
    [21999, 400, "number_provider.refused", /refused.*Nothing was bought/],
  ])("with %i (%i) is ours with %s", (code, status, ours, detail) => {
    const cause = answer(status, code);
    expect(failedOrder(cause, "any")).toEqual({ outcome: "refused", code: ours, detail: expect.stringMatching(detail), cause });
  });

  test.each([
    ["any", /an address on file, in any country/],
    ["local", /a local address on file/],
    ["foreign", /a foreign address on file/],
    ["none", /needs an address on file, and/],
  ] as const)("for want of an address names the kind that the number was listed with: %s", (requirement, detail) => {
    for (const code of [21613, 21631])
      expect(failedOrder(answer(400, code), requirement)).toMatchObject({ outcome: "refused", detail: expect.stringMatching(detail) });
  });

  test.each([400, 401, 403, 404, 409, 422])("with %i alone is refused all the same", (status) => {
    expect(failedOrder(answer(status), "none")).toMatchObject({ outcome: "refused", code: "number_provider.refused" });
  });

  test("with 429 alone was never made, and may be tried again", () => {
    expect(failedOrder(answer(429), "none")).toMatchObject({ outcome: "refused", code: "number_provider.unavailable" });
  });
});

describe("a purchase is unknown, never refused,", () => {
  test.each<[string, unknown]>([
    ["after a timeout", timeout],
    ["after a reset", reset],
    ["after an answer that can't be read", new SyntaxError("Unexpected token <")],
    ["after 500", answer(500)],
    ["after 503 with 20503", answer(503, 20503)],
    ["after 20500 under any status", answer(400, 20500)],
    ["after 5xx with a code that is otherwise a refusal", answer(500, 21422)],
    ["after 408", answer(408)],
    ["after a redirect", answer(302)],
    ["after whatever else", "a text"],
  ])("%s", (_, cause) => {
    expect(failedOrder(cause, "none")).toEqual({ outcome: "unknown", cause });
  });
});

describe("a call that may be repeated", () => {
  test.each<[string, unknown, string, number | undefined]>([
    ["a refusal", answer(400, 21402), "number_provider.refused", undefined],
    ["an unknown account", answer(404, 20404), "number_provider.refused", undefined],
    ["a wrong token", answer(401, 20003), "number_provider.refused", undefined],
    ["too many calls", answer(429, 20429), "number_provider.unavailable", 2],
    ["a failure", answer(500), "number_provider.unavailable", 2],
    ["a proxy's timeout", answer(408), "number_provider.unavailable", 2],
    ["a timeout", timeout, "number_provider.unavailable", 2],
    ["a reset", reset, "number_provider.unavailable", 2],
  ])("ends after %s as %s", (_, cause, code, retryAfterSeconds) => {
    expect(failedCall(cause)).toMatchObject({ code, retryAfterSeconds, cause });
    expect(failedCall(cause).message).toMatch(/^The number provider (refused the request|is not available\. Please try again)\.$/);
  });
});

test("what is not there, and what is not sold, is told from what failed", () => {
  const seen = (error: unknown) => [isGone(error), isNotSold(error)];
  expect(seen(answer(404, 20404))).toEqual([true, true]);
  expect(seen(answer(404))).toEqual([true, true]);
  expect(seen(answer(400, 21452))).toEqual([false, true]);
  expect(seen(answer(400, 21451))).toEqual([false, true]);
  expect(seen(answer(400, 21422))).toEqual([false, false]);
  expect(seen(answer(503))).toEqual([false, false]);
  expect(seen(reset)).toEqual([false, false]);
});

test("every meaning has a code of the contract, and a sentence without the vendor's name or numbers", () => {
  for (const [code, meaning] of Object.entries(TWILIO_ERRORS)) {
    if (meaning === "unknown") continue;
    expect(Object.keys(ERROR_CODES), code).toContain(meaning.code);
    const outcome = failedOrder(answer(400, code), "local");
    expect(outcome.outcome === "refused" && outcome.detail, code).toMatch(/^[A-Z][^\d]+[.]$/);
    expect(outcome.outcome === "refused" && outcome.detail, code).not.toMatch(/twilio|vendor/i);
  }
});
