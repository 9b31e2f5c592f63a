import { type Attack, byGateway, refused } from "../attack.ts";
import { bodyOf } from "../samples.ts";
import type { Scene } from "../scene.ts";
import { isFirstOfGroup, type Target } from "../targets.ts";

/** Bodies that are no JSON, or no one thing in JSON. */
export const BROKEN: Readonly<Record<string, string | Buffer>> = {
  empty: "",
  blank: "   ",
  "a brace": "{",
  "a closing brace": "}",
  "one object and a half": '{"currency":"USD"}{',
  "two objects": "{}{}",
  "no quotes": "{currency:USD}",
  "single quotes": "{'currency':'USD'}",
  "trailing comma": '{"currency":"USD",}',
  comment: '{/* */"currency":"USD"}',
  "not a number": '{"amountMinor":NaN}',
  infinity: '{"amountMinor":Infinity}',
  hexadecimal: '{"amountMinor":0x10}',
  "leading zero": '{"amountMinor":0100}',
  "plus sign": '{"amountMinor":+100}',
  "point without digits": '{"amountMinor":100.}',
  "raw line feed in a text": '{"currency":"U\nSD"}',
  "raw NUL": '{"currency":"U\u0000SD"}',
  "unknown escape": '{"currency":"\\x55SD"}',
  "half an escape": '{"currency":"\\u00"}',
  undefined: "undefined",
  XML: "<currency>USD</currency>",
  form: "currency=USD&amountMinor=1000",
  "byte order mark": Buffer.from('\ufeff{"currency":"USD"}'),
  "UTF-16": Buffer.from('{"currency":"USD"}', "utf16le"),
  "no UTF-8": Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  "overlong UTF-8": Buffer.from([0x22, 0xc0, 0xaf, 0x22]),
  "surrogate in UTF-8": Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
  "cut four-byte character": Buffer.from([0x22, 0xf0, 0x9f, 0x92, 0x22]),
  "lone high surrogate": '{"currency":"\\ud800"}',
  "lone low surrogate": '{"currency":"\\udc00"}',
  "surrogates in the wrong order": '{"currency":"\\udc00\\ud800"}',
  "name twice": '{"currency":"USD","currency":"INR"}',
  "name twice by an escape": '{"currency":"USD","\\u0063urrency":"INR"}',
  "name twice inside": '{"a":{"b":1,"b":2}}',
  "10,000 lists deep, unclosed": "[".repeat(10_000),
  gzip: Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00]),
};

/** JSON that is no object of fields. */
const OTHER: Readonly<Record<string, string>> = {
  null: "null",
  true: "true",
  number: "1",
  text: '"USD"',
  "text of an object": '"{\\"currency\\":\\"USD\\"}"',
  list: "[]",
  "list of a good object": '[{"currency":"USD","amountMinor":1000}]',
  "30,000 lists deep": `${"[".repeat(30_000)}${"]".repeat(30_000)}`,
  "10,000 objects deep": `${'{"a":'.repeat(9_000)}1${"}".repeat(9_000)}`,
};

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  text: "text/plain",
  form: "application/x-www-form-urlencoded",
  multipart: "multipart/form-data; boundary=x",
  XML: "application/xml",
  "a JSON dialect": "application/vnd.api+json",
  "JSON lines": "application/x-ndjson",
  "another character set": "application/json; charset=utf-16",
  "Latin-1": "application/json; charset=iso-8859-1",
  "a longer word": "application/jsonp",
  "two types": "application/json, text/plain",
  "a type in a parameter": "text/plain; application/json",
  wildcard: "*/*",
  blank: " ",
  "an e-mail address": "canary.receipt@mail.example",
  "3,000 characters": `application/json; a=${"x".repeat(3_000)}`,
};

/** The body as a whole: broken, of another shape, too large, of another type. */
export function documentAttacks(target: Target, scene: Scene): Attack[] {
  if (!target.body) return [];
  const good = scene.good(target);
  const plain = good.headers.filter(([name]) => name !== "content-type");
  const fields = bodyOf(target.id, target.body);
  const padded = (bytes: number) => JSON.stringify({ ...fields, note: "x".repeat(bytes) });
  const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, n) => [`field${n}`, 1]));
  return [
    // The gateway hands JSON over as text, in which broken bytes have become the replacement character: then it is the fields that are wrong.
    ...Object.entries(BROKEN).map(
      ([what, body]): Attack => ({
        name: `body: ${what}`,
        request: { ...good, body },
        expected: { by: "api", status: 400, field: "body", code: Buffer.isBuffer(body) ? undefined : "request.not_json" },
      }),
    ),
    ...Object.entries(OTHER).map(
      ([what, body]): Attack => ({ name: `body: JSON ${what}`, request: { ...good, body }, expected: refused("body") }),
    ),
    ...Object.entries(CONTENT_TYPES).map(
      ([what, type]): Attack => ({
        name: `content type: ${what}`,
        request: { ...good, headers: [...plain, ["content-type", type]] },
        expected: refused("header.content-type", 415),
        marks: [type],
      }),
    ),
    { name: "no content type", request: { ...good, headers: plain }, expected: refused("header.content-type", 415) },
    {
      name: "content type twice",
      request: { ...good, headers: [...good.headers, ["Content-Type", "text/plain"]] },
      expected: refused("header.content-type", 415),
    },
    { name: "no body", request: { ...good, body: undefined }, expected: refused("body") },
    { name: "3,000 unknown fields", request: { ...good, body: JSON.stringify({ ...fields, ...many }) }, expected: refused("body") },
    { name: "the same object wrapped", request: { ...good, body: JSON.stringify({ body: fields }) }, expected: refused("body") },
    { name: "a body of 64 KB and a byte", request: { ...good, body: padded(64 * 1_024) }, expected: refused("body", 413) },
    { name: "a body of 1 MB", request: { ...good, body: padded(1_024 * 1_024) }, expected: refused("body", 413) },
    ...(isFirstOfGroup(target)
      ? [
          { name: "a body beyond Lambda's 6 MB", request: { ...good, body: padded(7 * 1_024 * 1_024) }, expected: byGateway(413) },
          { name: "a body beyond the gateway's 10 MB", request: { ...good, body: padded(10 * 1_024 * 1_024) }, expected: byGateway(413) },
        ]
      : []),
  ];
}
