import { createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type Attack, byGateway, type Expected } from "../attack.ts";
import { canaries } from "../canaries.ts";
import { type Scene, sign } from "../scene.ts";
import type { Target } from "../targets.ts";
import { BROKEN } from "./documents.ts";

const UNSIGNED: Expected = { by: "api", status: 400, code: "webhook.signature_invalid" };
const NOT_JSON: Expected = { by: "api", status: 400, code: "request.not_json" };

/** Signature headers that are none, around a good time `T` and a good signature `S`. */
const HEADERS: Readonly<Record<string, string>> = {
  empty: "",
  blank: "   ",
  "a word": "valid",
  "an e-mail address": canaries.receiptEmail,
  "the time alone": "t=T",
  "the signature alone": "v1=S",
  "no names": "T,S",
  "another separator": "t=T;v1=S",
  "a space for a separator": "t=T v1=S",
  "a colon for the equals sign": "t:T,v1:S",
  "names in capitals": "T=T,V1=S",
  "another scheme": "t=T,v0=S",
  "a scheme to come": "t=T,v2=S",
  "a scheme of longer name": "t=T,v10=S",
  "an empty signature": "t=T,v1=",
  "an empty time": "t=,v1=S",
  "a time in words": "t=now,v1=S",
  "a time of zero": "t=0,v1=S",
  "a negative time": "t=-T,v1=S",
  "a time with a fraction": "t=T.0,v1=S",
  "a time in milliseconds": "t=T000,v1=S",
  "a time with an exponent": "t=1e9,v1=S",
  "a hexadecimal time": "t=0x7fffffff,v1=S",
  "an infinite time": "t=Infinity,v1=S",
  "a time that is not a number": "t=NaN,v1=S",
  "a time of 400 digits": `t=${"9".repeat(400)},v1=S`,
  "a plus before the time": "t=+T,v1=S",
  "full-width digits": Buffer.from("t=１２３,v1=S").toString("latin1"),
  "a signature in capitals": "t=T,v1=UPPER",
  "a signature that is cut": "t=T,v1=CUT",
  "a signature that is longer": "t=T,v1=S00",
  "a signature in base64": "t=T,v1=BASE64",
  "a signature of zeros": `t=T,v1=${"0".repeat(64)}`,
  "a signature of Latin-1": `t=T,v1=${"\u00e9".repeat(64)}`,
  "a signature of 9,000 characters": `t=T,v1=${"a".repeat(9_000)}`,
  "a quoted signature": 't=T,v1="S"',
  "a prototype": "__proto__=T,v1=S",
  "500 wrong signatures": `t=T${",v1=aa".repeat(500)}`,
  "only separators": ",,,===,,,",
};

const parses = (body: string | Buffer): boolean => {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(body)));
    return true;
  } catch {
    return false;
  }
};

/** Bodies that Stripe would have to have signed. What is JSON of a doubtful kind is Stripe's to write. */
const SIGNED_BODIES: Readonly<Record<string, string | Buffer>> = {
  ...Object.fromEntries(Object.entries(BROKEN).filter(([, body]) => !parses(body))),
  "a word in plain": "event",
  "a form": "type=checkout.session.completed",
  "an event and a half": '{"id":"evt_1"}{"id":"evt_',
  "bytes of every value": Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  "100,000 lists deep, unclosed": "[".repeat(100_000),
};

/** What is done to the body of a good event on its way. */
const TAMPERED: Readonly<Record<string, (event: string) => string | Buffer>> = {
  "a space behind": (event) => `${event} `,
  "a line feed behind": (event) => `${event}\n`,
  "a space in front": (event) => ` ${event}`,
  "a byte order mark in front": (event) => `\ufeff${event}`,
  "NUL behind": (event) => `${event}\u0000`,
  "a byte less": (event) => event.slice(0, -1),
  "nothing left": () => "",
  "another amount": (event) => event.replace("2500", "9500"),
  "another currency": (event) => event.replaceAll("usd", "inr"),
  "another owner": (event) => event.replaceAll(canaries.owner, "mallory@mail.example"),
  "another type": (event) => event.replace("checkout.session.completed", "charge.dispute.funds_reinstated"),
  "another id": (event) => event.replace("evt_", "evt_x"),
  "written anew": (event) => JSON.stringify(JSON.parse(event), null, 2),
  "another event": () =>
    JSON.stringify({
      id: "evt_forged",
      type: "checkout.session.completed",
      data: { object: { customer_details: { email: canaries.receiptEmail, phone: canaries.phone, name: canaries.name } } },
    }),
  twice: (event) => event + event,
  "in another encoding": (event) => Buffer.from(event, "utf16le"),
  "a paid state": (event) => event.replace('"payment_status":"paid"', '"payment_status":"no_payment_required"'),
  "another mode": (event) => event.replace('"livemode":false', '"livemode":true'),
  "another time": (event) => event.replace(/"created":\d/, '"created":9'),
  "a field more": (event) => `${event.slice(0, -1)},"account":"acct_other"}`,
  "a prototype": (event) => `${event.slice(0, -1)},"__proto__":{"livemode":true}}`,
  "a name twice": (event) => `${event.slice(0, -1)},"type":"checkout.session.expired"}`,
  "an escape for a letter": (event) => event.replace('"id"', '"\\u0069d"'),
  "a zero-width space": (event) => event.replace('"id"', '"\u200bid"'),
  "carriage returns": (event) => event.replaceAll(",", ",\r\n"),
  "in a list": (event) => `[${event}]`,
  "in base64": (event) => Buffer.from(event).toString("base64"),
  "in percent escapes": (event) => encodeURIComponent(event),
  compressed: (event) => gzipSync(event),
  "a megabyte more": (event) => `${event}${" ".repeat(1_000_000)}`,
};

/** Events that Stripe has not signed, or has signed and cannot have written. */
export function deliveryAttacks(target: Target, scene: Scene): Attack[] {
  const secret = scene.runtime.stripe?.webhookSecret;
  if (target.auth !== "signature" || secret === undefined) return [];
  const { event } = scene.victim;
  const now = Math.floor(Date.now() / 1_000);
  const signature = sign(event, secret, now).split("v1=")[1] ?? "";
  const filled = (header: string) =>
    header
      .replace(/=(-?\+?)T/, `=$1${now}`)
      .replace(/^T,/, `${now},`)
      .replace(/:T/, `:${now}`)
      .replace("UPPER", signature.toUpperCase())
      .replace("CUT", signature.slice(0, -1))
      .replace("BASE64", Buffer.from(signature, "hex").toString("base64"))
      .replace(/(?<=[=:,"])S/, signature);
  const deliver = (body: string | Buffer, header: string | undefined, headers: readonly (readonly [string, string])[] = []) => ({
    method: target.method,
    path: target.path,
    headers: [
      ["content-type", "application/json"] as const,
      ...(header === undefined ? [] : [["stripe-signature", header] as const]),
      ...headers,
    ],
    body,
  });
  const signed = (body: string) => deliver(body, sign(body, secret));
  const asBytes = (body: Buffer) => {
    const request = deliver(body, signBytes(body, secret, now));
    // Of this type the gateway hands over the bytes: as JSON they would be text, and no longer what was signed.
    return {
      ...request,
      headers: request.headers.map(([name, value]) => [name, name === "content-type" ? "application/octet-stream" : value] as const),
    };
  };
  const signedBy: Readonly<Record<string, string>> = {
    "another secret": "whsec_other",
    "an empty secret": "",
    "the API's key": scene.runtime.stripe?.secretKey ?? "",
    "the secret cut": secret.slice(0, -1),
    "the secret without its prefix": secret.slice(6),
    "the secret and a line feed": `${secret}\n`,
  };
  return [
    { name: "no signature", request: deliver(event, undefined), expected: UNSIGNED },
    ...Object.entries(HEADERS).map(
      ([what, header]): Attack => ({
        name: `signature: ${what}`,
        request: deliver(event, filled(header)),
        expected: UNSIGNED,
        marks: [filled(header)],
      }),
    ),
    ...Object.entries(signedBy).map(
      ([what, other]): Attack => ({ name: `signed with ${what}`, request: deliver(event, sign(event, other, now)), expected: UNSIGNED }),
    ),
    ...Object.entries(TAMPERED).map(
      ([what, change]): Attack => ({
        name: `event tampered with: ${what}`,
        request: deliver(change(event), sign(event, secret, now)),
        expected: UNSIGNED,
      }),
    ),
    ...Object.entries(SIGNED_BODIES).map(
      ([what, body]): Attack => ({
        name: `signed, and no JSON: ${what}`,
        request: Buffer.isBuffer(body) ? asBytes(body) : signed(body),
        expected: NOT_JSON,
      }),
    ),
    {
      name: "a bearer token instead",
      request: deliver(event, undefined, [["authorization", `Bearer ${scene.tokens.operator}`]]),
      expected: UNSIGNED,
    },
    { name: "Twilio's signature instead", request: deliver(event, undefined, [["x-twilio-signature", signature]]), expected: UNSIGNED },
    {
      name: "the signature under another name",
      request: deliver(event, undefined, [["x-stripe-signature", `t=${now},v1=${signature}`]]),
      expected: UNSIGNED,
    },
    {
      name: "the signature in the query",
      request: { ...deliver(event, undefined), path: `${target.path}?Stripe-Signature=t%3D${now},v1%3D${signature}` },
      expected: UNSIGNED,
    },
    {
      name: "the signature in a cookie",
      request: deliver(event, undefined, [["cookie", `stripe-signature=t=${now},v1=${signature}`]]),
      expected: UNSIGNED,
    },
    {
      name: "the signature twice, first a wrong one",
      request: deliver(event, `t=${now},v1=${"0".repeat(64)}`, [["Stripe-Signature", `t=${now - 1},v1=${signature}`]]),
      expected: UNSIGNED,
    },
    {
      name: "the signature twice, each half of it",
      request: deliver(event, `t=${now}`, [["Stripe-Signature", `v0=${signature}`]]),
      expected: UNSIGNED,
    },
    { name: "the signature of another body", request: deliver(event, sign("{}", secret, now)), expected: UNSIGNED },
    { name: "the signature of an empty body", request: deliver(event, sign("", secret, now)), expected: UNSIGNED },
    {
      name: "the signature of another time",
      request: deliver(event, sign(event, secret, now - 10).replace(/t=\d+/, `t=${now}`)),
      expected: UNSIGNED,
    },
    { name: "no body", request: deliver("", sign(event, secret, now)), expected: UNSIGNED },
    {
      name: "an event of 1 MB and a byte",
      request: signed(JSON.stringify({ note: "x".repeat(1_024 * 1_024) })),
      expected: { by: "api", status: 413, field: "body" },
    },
    {
      name: "an event beyond Lambda's 6 MB",
      request: signed(JSON.stringify({ note: "x".repeat(7 * 1_024 * 1_024) })),
      expected: byGateway(413),
    },
    {
      name: "an event beyond the gateway's 10 MB",
      request: signed(JSON.stringify({ note: "x".repeat(10 * 1_024 * 1_024) })),
      expected: byGateway(413),
    },
  ];
}

/** As the sandbox signs, over bytes that are no text. */
function signBytes(body: Buffer, secret: string, atSeconds: number): string {
  const v1 = createHmac("sha256", secret).update(`${atSeconds}.`).update(body).digest("hex");
  return `t=${atSeconds},v1=${v1}`;
}
