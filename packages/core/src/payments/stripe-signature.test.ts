import Stripe from "stripe";
import { describe, expect, test } from "vitest";
import { type SignatureVerdict, verifyStripeSignature } from "./stripe-signature.ts";

const SECRET = "whsec_current";
const OLD_SECRET = "whsec_previous";
const NOW = 1_800_000_000;
const body = JSON.stringify({ id: "evt_1", object: "event", type: "checkout.session.completed", data: { object: { name: "नमस्ते" } } });

const stripe = new Stripe("sk_test_oracle");
const sign = (payload: string, secret = SECRET, timestamp = NOW): string =>
  stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
const v1Of = (header: string): string => header.split("v1=")[1] ?? "";

/** What Stripe's SDK says of it: it accepts, or it does not. */
function oracleAccepts(payload: string | Buffer, header: string, secrets: readonly string[], nowSeconds: number): boolean {
  return secrets.some((secret) => {
    try {
      stripe.webhooks.constructEvent(payload, header, secret, 300, undefined, nowSeconds * 1_000);
      return true;
    } catch {
      return false;
    }
  });
}

const verify = (header: string | undefined, secrets: readonly string[] = [SECRET], nowSeconds = NOW, payload: string | Buffer = body) =>
  verifyStripeSignature(payload, header, secrets, nowSeconds * 1_000);

test("the SDK's own signature verifies, over a text and over its bytes", () => {
  expect(verify(sign(body))).toBe("valid");
  expect(verify(sign(body), [SECRET], NOW, Buffer.from(body))).toBe("valid");
  expect(verifyStripeSignature(new Uint8Array(Buffer.from(body)), sign(body), [SECRET], NOW * 1_000)).toBe("valid");
});

describe("the clock", () => {
  test.each<[number, SignatureVerdict]>([
    [0, "valid"],
    [299, "valid"],
    [300, "valid"],
    [301, "too_old"],
    [86_400, "too_old"],
    [-299, "valid"],
    [-300, "valid"],
    [-301, "in_future"],
  ])("at %i s after the signature", (ageSeconds, verdict) => {
    expect(verify(sign(body), [SECRET], NOW + ageSeconds)).toBe(verdict);
    // The SDK has no bound towards the future: the one deliberate difference.
    if (ageSeconds >= 0) expect(oracleAccepts(body, sign(body), [SECRET], NOW + ageSeconds)).toBe(verdict === "valid");
  });

  test("counts milliseconds down, as the SDK does", () => {
    expect(verifyStripeSignature(body, sign(body), [SECRET], (NOW + 300) * 1_000 + 999)).toBe("valid");
    expect(verifyStripeSignature(body, sign(body), [SECRET], (NOW + 301) * 1_000)).toBe("too_old");
  });

  test("says nothing of a signature that does not match", () => {
    expect(verify(sign(body, "whsec_other"), [SECRET], NOW + 10_000)).toBe("no_match");
  });
});

describe("rotation", () => {
  test("the previous secret verifies while it is listed, and no longer", () => {
    expect(verify(sign(body, OLD_SECRET), [SECRET, OLD_SECRET])).toBe("valid");
    expect(verify(sign(body, OLD_SECRET), [SECRET])).toBe("no_match");
  });

  test("a header with a signature of each secret verifies with either", () => {
    const both = `${sign(body, SECRET)},v1=${v1Of(sign(body, OLD_SECRET))}`;
    expect(verify(both, [SECRET])).toBe("valid");
    expect(verify(both, [OLD_SECRET])).toBe("valid");
    expect(verify(both, ["whsec_third"])).toBe("no_match");
  });

  test("white space around a secret is not part of it, and a blank one opens nothing", () => {
    expect(verify(sign(body), [` ${SECRET}\n`])).toBe("valid");
    expect(verify(sign(body, ""), ["", " "])).toBe("no_match");
    expect(verify(sign(body), [])).toBe("no_match");
  });
});

describe("a header that is not one", () => {
  const v1 = v1Of(sign(body));
  test.each<[string, string | undefined]>([
    ["none", undefined],
    ["empty", ""],
    ["no timestamp", `v1=${v1}`],
    ["no signature", `t=${NOW}`],
    ["another scheme only", `t=${NOW},v0=${v1}`],
    ["a timestamp that is no number", `t=soon,v1=${v1}`],
    ["a negative timestamp", `t=-1,v1=${v1}`],
    ["a fractional timestamp", `t=${NOW}.5,v1=${v1}`],
    ["a timestamp beyond every calendar", `t=${"9".repeat(40)},v1=${v1}`],
    ["only separators", ",,==,=,"],
  ])("%s", (_, header) => expect(verify(header)).toBe("malformed"));
});

/** A small seeded generator: the same seed, the same mutations. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const seed = Number(process.env.SEED ?? 20_260_301);

test(`2,000 mutations of header, body, secret and clock: what the SDK refuses is refused, and the rest verifies (SEED=${seed})`, () => {
  const random = mulberry32(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const at = (text: string) => Math.floor(random() * text.length);
  const junk = [..."0123456789abcdefABCDEF,=tv1. \u0000é🙂"];
  const edits: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => text.slice(0, at(text)) + text.slice(at(text)),
    (text) => {
      const i = at(text);
      return text.slice(0, i) + pick(junk) + text.slice(i + 1);
    },
    (text) => {
      const i = at(text);
      return text.slice(0, i) + pick(junk) + text.slice(i);
    },
    (text) => text.toUpperCase(),
    (text) => `${text} `,
    (text) => `${text},${text}`,
    (text) => text.replace("v1=", "v0="),
    (text) => text.replace("t=", "t=0"),
    (text) => `${text},v1=${"0".repeat(64)}`,
    (text) => `v1=${"f".repeat(64)},${text}`,
    (text) => `${text},t=${NOW + 1}`,
    (text) => `t=${NOW - 5},${text}`,
    (text) => text.split(",").reverse().join(","),
    (text) => text.replace(",", ", "),
  ];
  const verdicts = new Map<SignatureVerdict, number>();
  for (let i = 0; i < 2_000; i++) {
    const signedWith = pick([SECRET, SECRET, OLD_SECRET, "whsec_other"]);
    const secrets = pick([[SECRET], [SECRET, OLD_SECRET], [OLD_SECRET], ["whsec_third", SECRET]]);
    let header = sign(body, signedWith);
    for (let n = Math.floor(random() * 3); n > 0; n--) header = pick(edits)(header);
    const payload = random() < 0.8 ? body : pick(edits)(body);
    const now = NOW + pick([0, 0, 1, 299, 300, 301, 100_000]);
    const verdict = verify(header, secrets, now, payload);
    verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    const accepted = oracleAccepts(payload, header, secrets, now);
    // The SDK reads a time with parseInt and knows no future: there, and only there, ours may refuse more.
    const stricter = verdict === "malformed" || verdict === "in_future";
    if (verdict === "valid" || !stricter) expect(verdict === "valid", `mutation ${i}: ${header}`).toBe(accepted);
  }
  for (const verdict of ["valid", "malformed", "no_match", "too_old"] as const) expect(verdicts.get(verdict), verdict).toBeGreaterThan(20);
});
