import { isSignedByTwilio, readTwilioForm } from "@aira/core/conversations";
import { describe, expect, test } from "vitest";
import { encode, type Pairs, sign, TOKENS } from "../fixtures/twilio.ts";

const URL_OF = "https://aira.example/api/voice-agent/handle-call?step=turn&our=14155550100";
const form: Pairs = [
  ["CallSid", "CA1"],
  ["From", "+14155550199"],
  ["SpeechResult", " नमस्ते & <b> = + 100% "],
  ["Digits", ""],
];
const verify = (pairs: Pairs, signature: string | undefined, url = URL_OF, tokens: readonly string[] = TOKENS) =>
  isSignedByTwilio(tokens, signature, url, readTwilioForm(Buffer.from(encode(pairs))));

test("what Twilio signed verifies: spaces, blank fields and every script as they are", () => {
  expect(verify(form, sign(URL_OF, form))).toBe(true);
});

test("the example of Twilio's documentation verifies", () => {
  const pairs: Pairs = [
    ["CallSid", "CA1234567890ABCDE"],
    ["Caller", "+14158675309"],
    ["Digits", "1234"],
    ["From", "+14158675309"],
    ["To", "+18005551212"],
  ];
  const url = "https://mycompany.com/myapp.php?foo=1&bar=2";
  expect(sign(url, pairs, "12345")).toBe("RSOYDt4T1cUTdK1PDd93/VVr8B8=");
  expect(verify(pairs, "RSOYDt4T1cUTdK1PDd93/VVr8B8=", url, ["12345"])).toBe(true);
});

describe("while tokens are rotated", () => {
  test.each([
    ["the current one", TOKENS[0], true],
    ["the next one", TOKENS[1], true],
    ["one that never was", "f".repeat(32), false],
  ])("%s", (_, token, expected) => expect(verify(form, sign(URL_OF, form, token))).toBe(expected));
});

describe("nothing else verifies", () => {
  const good = sign(URL_OF, form);
  test.each<[string, Pairs, string | undefined, string?]>([
    ["no signature", form, undefined],
    ["an empty one", form, ""],
    ["two in one header", form, `${good}, ${good}`],
    ["another address", form, good, URL_OF.replace("turn", "again")],
    ["a slash more", form, good, URL_OF.replace("?", "/?")],
    ["a fragment", form, good, `${URL_OF}#x`],
    ["no query", form, good, URL_OF.replace(/\?.*/, "")],
    ["an address that is none", form, good, "/api/voice-agent/handle-call"],
    ["a blank field left out", form.filter(([name]) => name !== "Digits"), good],
    ["a value trimmed", form.map(([name, value]) => [name, value.trim()] as const), good],
    ["a field more", [...form, ["Extra", "1"]], good],
    ["a field twice, with another value", [...form, ["From", "+19005550100"]], good],
  ])("%s", (_, pairs, signature, url = URL_OF) => expect(verify(pairs, signature, url)).toBe(false));

  test("no token at all", () => expect(verify(form, sign(URL_OF, form, ""), URL_OF, [""])).toBe(false));
});

test("a field that stands twice keeps both of its values, and a strange name is only a name", () => {
  expect(readTwilioForm(Buffer.from("a=1&a=2&b=&__proto__=x"))).toEqual(
    Object.fromEntries([
      ["a", ["1", "2"]],
      ["b", ""],
      ["__proto__", "x"],
    ]),
  );
});
