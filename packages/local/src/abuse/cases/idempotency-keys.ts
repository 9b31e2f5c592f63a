import { type Attack, byServer, refused } from "../attack.ts";
import type { Scene } from "../scene.ts";
import type { Target } from "../targets.ts";

const FIELD = "header.idempotency-key";

/** Header values as bytes: one character is one byte. */
const KEYS: Readonly<Record<string, string>> = {
  empty: "",
  blank: "   ",
  "256 characters": "k".repeat(256),
  "5,000 characters": "k".repeat(5_000),
  "a space inside": "two words",
  "a tab inside": "two\twords",
  "an e-mail address and a space": "order 7 canary.key@mail.example",
  "Latin-1": "clé-secrète",
  NEL: "key\u0085key",
  "no-break space": "key\u00a0key",
  "UTF-8 of an emoji": Buffer.from("key-💸").toString("latin1"),
  "UTF-8 of a right-to-left mark": Buffer.from("key-\u200f-mark").toString("latin1"),
  "UTF-8 of full-width letters": Buffer.from("ｋｅｙ").toString("latin1"),
};

/** Characters that no HTTP header may hold: they get no further than the server. */
const CONTROL: Readonly<Record<string, string>> = {
  NUL: "\u0000",
  "start of heading": "\u0001",
  bell: "\u0007",
  escape: "\u001b",
  delete: "\u007f",
};

/** The header that names an operation for its repeats. */
export function idempotencyKeyAttacks(target: Target, scene: Scene): Attack[] {
  if (!target.keyed) return [];
  const good = scene.good(target);
  const plain = good.headers.filter(([name]) => name !== "idempotency-key");
  const withKey = (key: string) => ({ ...good, headers: [...plain, ["idempotency-key", key] as const] });
  return [
    {
      name: "no idempotency key",
      request: { ...good, headers: plain },
      expected: { by: "api", status: 400, field: FIELD, code: "idempotency.key_required" },
    },
    // Joined by a comma it would be a third key. The body is broken, so that no operation begins.
    {
      name: "two idempotency keys",
      request: { ...good, headers: [...good.headers, ["Idempotency-Key", "another"]], body: "{" },
      expected: refused(FIELD),
    },
    ...Object.entries(KEYS).map(
      ([what, key]): Attack => ({ name: `idempotency key: ${what}`, request: withKey(key), expected: refused(FIELD), marks: [key] }),
    ),
    ...Object.entries(CONTROL).map(([what, character]): Attack => {
      const { host } = new URL(scene.runtime.url);
      const headers = [
        ["host", host],
        ["connection", "close"],
        ["content-length", "2"],
        ...plain,
        ["idempotency-key", `key${character}key`],
      ];
      const head = [`${good.method} ${good.path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
      return {
        name: `idempotency key: control character ${what}`,
        request: Buffer.from(`${head.join("\r\n")}\r\n\r\n{}`, "latin1"),
        expected: byServer(400),
      };
    }),
  ];
}

/** A key that stands for something else already. Needs a target whose first use the victim has made. */
export function reusedKeyAttacks(target: Target, scene: Scene): Attack[] {
  if (target.id !== "createCheckoutSession") return [];
  const { key, terms } = scene.victim;
  const good = scene.good(target);
  const headers = [...good.headers.filter(([name]) => name !== "idempotency-key"), ["idempotency-key", key] as const];
  const others: Readonly<Record<string, object>> = {
    "another amount": { ...terms, amountMinor: 2_501 },
    "another currency": { ...terms, currency: "INR", amountMinor: 25_000 },
    "another address to return to": { ...terms, successUrl: "https://shop.example/paid?for=else" },
    "another receipt": { ...terms, receiptEmail: "canary.other@mail.example" },
    "one field less": { currency: "USD", amountMinor: 2_500 },
    "one field more": { ...terms, cancelUrl: "https://shop.example/cancelled" },
  };
  return Object.entries(others).map(([what, body]) => ({
    name: `a used key with ${what}`,
    request: { ...good, headers, body: JSON.stringify(body) },
    expected: { by: "api", status: 422, code: "idempotency.key_reused" },
    marks: [key],
  }));
}
