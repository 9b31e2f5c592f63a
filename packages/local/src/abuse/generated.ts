import fc from "fast-check";
import { type Attack, byGateway, type Expected, ignored, refused, type Sent } from "./attack.ts";
import { bodyOf, sampleOf } from "./samples.ts";
import { pathOf, type Scene } from "./scene.ts";
import { conforms, parameterValue, type Schema, type Target, waits } from "./targets.ts";

/** Whatever 16-bit units make: broken pairs, controls, every script. */
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 20 }),
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ maxLength: 600 }),
);

/** Values about the bounds of a schema, and such as are of no type of it. */
function valuesFor(schema: Schema): fc.Arbitrary<unknown> {
  const bounds = [schema.minimum, schema.maximum]
    .filter((bound) => typeof bound === "number")
    .flatMap((bound) => [bound - 1, bound, bound + 1, -bound, bound + 0.5]);
  const words = Array.isArray(schema.enum)
    ? (schema.enum as string[]).flatMap((word) => [word, word.toLowerCase(), `${word} `, [word]])
    : [];
  const good = typeof schema.pattern === "string" ? fc.stringMatching(new RegExp(schema.pattern, "u")) : undefined;
  const near = good ? [good, good.chain((text) => spoilt(text))] : [];
  return fc.oneof(
    anyText,
    fc.jsonValue({ maxDepth: 3 }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom<unknown>(null, "", true, [], {}, ...bounds, ...words),
    ...near,
  );
}

/** A good text with one character put in, taken out or replaced. */
const spoilt = (good: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(Math.max(0, good.length)), fc.string({ unit: "binary", minLength: 1, maxLength: 1 }), fc.constantFrom(0, 1))
    .map(([at, by, taken]) => good.slice(0, at) + by + good.slice(at + taken));

/** Text as it stands in a URL. Half a pair of surrogates has no such form. */
const inUrl = (text: string): string => encodeURIComponent(text.toWellFormed());

/** An attack, or undefined where chance has made a request that may do something. */
type Draw = fc.Arbitrary<Attack | undefined>;

function queryDraws(target: Target, good: Sent): Draw[] {
  const [path = ""] = good.path.split("?");
  const names = target.query.map(({ name }) => name);
  if (names.length === 0) return [];
  const name = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: anyText });
  const pair = name.chain((each) => {
    const schema = target.query.find((known) => known.name === each)?.schema ?? {};
    return valuesFor(schema).map(
      (value) => [each.toWellFormed(), typeof value === "string" ? value.toWellFormed() : JSON.stringify(value)] as const,
    );
  });
  return [
    fc.array(pair, { minLength: 1, maxLength: 4 }).map((pairs): Attack => {
      const given = names.flatMap((required) => {
        const known = target.query.find(({ name: each }) => each === required);
        return known?.required && !pairs.some(([each]) => each === required) ? [[required, String(sampleOf(known.schema))] as const] : [];
      });
      const all = [...pairs, ...given];
      return {
        name: "generated query",
        request: { ...good, path: `${path}?${all.map(([each, value]) => `${inUrl(each)}=${inUrl(value)}`).join("&")}` },
        expected: expectedOfQuery(target, all),
        marks: [],
      };
    }),
  ];
}

/** Refused if one parameter is: by its schema, its name or its repetition. What the schema takes, other rules may refuse. */
function expectedOfQuery(target: Target, pairs: readonly (readonly [string, string])[]): Expected {
  const names = pairs.map(([name]) => name);
  const bad = pairs.some(([name, text]) => {
    const known = target.query.find((each) => each.name === name);
    return !known || !conforms(known.schema, parameterValue(known.schema, text));
  });
  return bad || new Set(names).size < names.length ? refused("query") : { by: "anybody" };
}

function pathDraws(target: Target, good: Sent, scene: Scene): Draw[] {
  return target.params.map(({ name, schema }) =>
    valuesFor(schema).map((value): Attack | undefined => {
      const text = (typeof value === "string" ? value : JSON.stringify(value)).toWellFormed();
      if (conforms(schema, text)) return undefined;
      const path = pathOf(target, (each, other) => (each === name ? text : (scene.owned[each] ?? String(sampleOf(other)))));
      return {
        name: `generated path ${name}`,
        request: { ...good, path },
        expected: text === "" ? byGateway(404) : refused(`path.${name}`),
      };
    }),
  );
}

function bodyDraws(target: Target, good: Sent): Draw[] {
  const { body: schema } = target;
  if (!schema?.properties) return [];
  const fields = bodyOf(target.id, schema);
  const properties = Object.entries(schema.properties);
  const send = (body: unknown): Attack | undefined => {
    // A text that a person writes may be trimmed before it is judged, so both forms must be wrong.
    const trimmed = JSON.parse(JSON.stringify(body), (_, part) => (typeof part === "string" ? part.trim() : part)) as unknown;
    if (conforms(schema, body) || conforms(schema, trimmed)) return undefined;
    return { name: "generated body", request: { ...good, body: JSON.stringify(body) }, expected: refused("body") };
  };
  const text = JSON.stringify(fields);
  return [
    fc.constantFrom(...properties).chain(([name, field]) => valuesFor(field).map((value) => send({ ...fields, [name]: value }))),
    fc
      .tuple(anyText, fc.jsonValue({ maxDepth: 2 }))
      .map(([name, value]) => (name === "__proto__" ? undefined : send({ ...fields, [name]: value }))),
    fc.record(Object.fromEntries(properties.map(([name, field]) => [name, valuesFor(field)])), { requiredKeys: [] }).map(send),
    fc.jsonValue({ maxDepth: 5 }).map(send),
    fc.tuple(fc.nat(text.length), fc.nat(8), fc.string({ unit: "binary", maxLength: 4 })).map(([at, taken, by]) => {
      const body = text.slice(0, at) + by + text.slice(at + taken);
      return isHarmless(schema, body) ? { name: "generated bytes", request: { ...good, body }, expected: refused("body") } : undefined;
    }),
    fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => ({ name: "generated bytes", request: { ...good, body: Buffer.from(bytes) }, expected: refused("body") })),
  ];
}

/** Whether a text means nothing that the operation could carry out. */
function isHarmless(schema: Schema, text: string): boolean {
  try {
    return !conforms(schema, JSON.parse(text));
  } catch {
    return true;
  }
}

/** Characters that a header can carry, one byte each. */
const headerText = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((byte) => byte !== 0x7f)
    .map((byte) => String.fromCharCode(byte)),
  maxLength: 300,
});

const replaced = (good: Sent, name: string, value: string): Sent => ({
  ...good,
  headers: [...good.headers.filter(([each]) => each !== name), [name, value] as const],
});

function headerDraws(target: Target, good: Sent): Draw[] {
  const draws: Draw[] = [];
  if (target.keyed)
    draws.push(
      headerText.map((key) =>
        // HTTP takes the space around a value away.
        /^[\x21-\x7e]{1,255}$/.test(key.trim())
          ? undefined
          : { name: "generated key", request: replaced(good, "idempotency-key", key), expected: refused("header.idempotency-key") },
      ),
    );
  if (target.body)
    draws.push(
      headerText.map((type) =>
        /json/i.test(type)
          ? undefined
          : {
              name: "generated content type",
              request: replaced(good, "content-type", type),
              expected: refused("header.content-type", 415),
            },
      ),
    );
  if (target.auth === "jwt")
    draws.push(
      headerText.map((token) => ({
        name: "generated token",
        request: replaced(good, "authorization", `Bearer ${token}`),
        expected: byGateway(401),
      })),
    );
  if (target.auth === "signature") {
    const unsigned: Expected = { by: "api", status: 400, code: "webhook.signature_invalid" };
    const header = good.headers.find(([name]) => name === "stripe-signature")?.[1] ?? "";
    draws.push(
      headerText.map((signature) => ({
        name: "generated signature",
        request: replaced(good, "stripe-signature", signature),
        expected: unsigned,
      })),
      fc
        .uint8Array({ maxLength: 300 })
        .map((bytes) => ({ name: "generated delivery", request: { ...good, body: Buffer.from(bytes) }, expected: unsigned })),
      fc.jsonValue().map((event) => ({ name: "generated event", request: { ...good, body: JSON.stringify(event) }, expected: unsigned })),
      fc.tuple(fc.integer(), fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), maxLength: 70 })).map(([time, digits]) => ({
        name: "generated digits",
        request: replaced(good, "stripe-signature", `t=${time},v1=${digits},${header.replace(/^t=\d+,v1/, "v0")}`),
        expected: unsigned,
      })),
    );
  }
  return draws;
}

/** Where an operation takes nothing, chance gives it something. */
function extraDraws(target: Target, good: Sent): Draw[] {
  if (target.method !== "GET" || target.query.length > 0 || waits(target)) return [];
  const names = fc
    .string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz-"), minLength: 3, maxLength: 12 })
    .map((name) => `x-${name}`);
  return [
    anyText.map((text) => ({
      name: "generated extra query",
      request: { ...good, path: `${good.path}?${inUrl(text)}` },
      expected: ignored,
    })),
    fc
      .tuple(names, headerText)
      .map(([name, value]) => ({ name: "generated header", request: replaced(good, name, value), expected: ignored })),
    fc
      .uint8Array({ maxLength: 300 })
      .map((bytes) => ({ name: "generated extra body", request: { ...good, body: Buffer.from(bytes) }, expected: ignored })),
  ];
}

/** Requests of chance against one operation, each with what the published document says must come of it. */
export function generatedAttacks(target: Target, scene: Scene): fc.Arbitrary<Attack> {
  const good = scene.good(target);
  const draws = [
    ...queryDraws(target, good),
    ...pathDraws(target, good, scene),
    ...bodyDraws(target, good),
    ...headerDraws(target, good),
    ...extraDraws(target, good),
  ];
  return fc.oneof(...draws).filter((attack) => attack !== undefined);
}
