import { type Attack, ignored, refused } from "../attack.ts";
import { bodyOf, sampleOf } from "../samples.ts";
import { pathOf, type Scene } from "../scene.ts";
import { conforms, parameterValue, type Schema, type Target } from "../targets.ts";
import { FORMAT_TEXTS, ID_CHANGES, JSON_VALUES, TEXTS } from "./values.ts";

/** The texts for one field: those for everybody, those of its format, and its own good value spoilt. */
function textsFor(schema: Schema): Readonly<Record<string, string>> {
  // Ids have a prefix or are one word: what a person writes may be trimmed.
  const isId = typeof schema.pattern === "string" && schema.format === undefined && !schema.pattern.includes("\\p{Cc}");
  const good = String(sampleOf(schema));
  return {
    ...TEXTS,
    ...FORMAT_TEXTS[schema.format ?? ""],
    ...(isId ? Object.fromEntries(Object.entries(ID_CHANGES).map(([name, change]) => [`id ${name}`, change(good)])) : {}),
  };
}

/** A text that is wrong in its format whatever the schema says: the document cannot tell http from other schemes. */
const wrongInFormat = ({ format = "" }: Schema, name: string): boolean => FORMAT_TEXTS[format]?.[name] !== undefined;

/** Each query parameter with each text. */
export function queryAttacks(target: Target, scene: Scene): Attack[] {
  const good = scene.good(target);
  const [path = "", already = ""] = good.path.split("?");
  const at = (pairs: readonly (readonly [string, string])[]) => {
    const kept = [...new URLSearchParams(already)].filter(([name]) => !pairs.some(([other]) => other === name));
    const query = new URLSearchParams([...kept, ...pairs].map(([name, value]): [string, string] => [name, value]));
    return { ...good, path: `${path}?${query}` };
  };
  const raw = (query: string) => ({ ...good, path: `${path}?${[already, query].filter(Boolean).join("&")}` });
  const each = target.query.flatMap(({ name, schema }) =>
    Object.entries(textsFor(schema)).map(([what, text]): Attack => {
      // Read after the transport, which knows no broken characters.
      const bad = wrongInFormat(schema, what) || !conforms(schema, parameterValue(schema, text));
      // A cursor is any text to the document, and a secret of ours.
      const expected = bad || name === "cursor" ? refused(`query.${name}`) : ignored;
      return { name: `query ${name}: ${what}`, request: at([[name, text]]), expected, marks: [text] };
    }),
  );
  if (target.query.length === 0) return each;
  const [first] = target.query;
  const unknown = [
    "owner",
    "sub",
    "userId",
    "Currency",
    "currency[]",
    "currency[$ne]",
    "limit.x",
    "__proto__",
    "constructor",
    "__proto__[admin]",
    "",
    "кursor",
    "\u0000",
    "a".repeat(200),
  ];
  return [
    ...each,
    ...unknown.map(
      (name): Attack => ({
        name: `unknown query parameter ${JSON.stringify(name.slice(0, 20))}`,
        request: at([[name, "canary-unknown-field-value"]]),
        expected: refused("query"),
        marks: ["canary-unknown-field-value"],
      }),
    ),
    ...target.query.map(({ name, schema }): Attack => {
      const value = String(sampleOf(schema));
      return {
        name: `query ${name} twice`,
        request: at([
          [name, value],
          [name, value],
        ]),
        expected: refused("query"),
      };
    }),
    {
      name: "a table of an unknown filter",
      request: { ...at([["owner", "somebody"]]), headers: [...good.headers, ["accept", "text/csv"]] },
      expected: refused("query"),
    },
    { name: "query without a name", request: raw(`=1`), expected: refused("query") },
    {
      name: "100 unknown query parameters",
      request: at(Array.from({ length: 100 }, (_, n) => [`p${n}`, "1"] as const)),
      expected: refused("query"),
    },
    { name: "a broken escape in a name", request: raw(`%zz=1`), expected: refused("query") },
    { name: "bytes that are no UTF-8 in a name", request: raw(`%ff%fe=1`), expected: refused("query") },
    ...(first
      ? [
          {
            name: "a header in a value",
            request: at([[first.name, "\r\nSet-Cookie: stolen=1"]]),
            expected: refused(`query.${first.name}`),
            marks: ["stolen=1"],
          },
        ]
      : []),
  ];
}

/** Each path parameter with each text that is no such id. */
export function pathParameterAttacks(target: Target, scene: Scene): Attack[] {
  const good = scene.good(target);
  return target.params.flatMap(({ name, schema }) =>
    Object.entries(textsFor(schema))
      // An empty segment is another path, for which there is no route.
      .filter(([, text]) => text !== "" && !conforms(schema, text))
      .map(([what, text]) => ({
        name: `path ${name}: ${what}`,
        request: {
          ...good,
          path: pathOf(target, (each, other) => (each === name ? text : (scene.owned[each] ?? String(sampleOf(other))))),
        },
        expected: refused(`path.${name}`),
        marks: [text],
      })),
  );
}

/** Each field of the body with each value that its schema refuses, each required one missing, and fields that nobody knows. */
export function bodyFieldAttacks(target: Target, scene: Scene): Attack[] {
  const { body: schema } = target;
  if (!schema?.properties) return [];
  const good = bodyOf(target.id, schema);
  const request = (fields: string) => ({ ...scene.good(target), body: fields });
  const withRaw = (name: string, raw: string): string => {
    const others = Object.entries(good)
      .filter(([each]) => each !== name)
      .map(([each, value]) => `${JSON.stringify(each)}:${JSON.stringify(value)}`);
    return `{${[...others, `${JSON.stringify(name)}:${raw}`].join(",")}}`;
  };
  const attacks: Attack[] = [];
  for (const [name, field] of Object.entries(schema.properties)) {
    for (const [what, text] of Object.entries(textsFor(field)))
      if (wrongInFormat(field, what) || !conforms(field, text))
        attacks.push({
          name: `body ${name}: ${what}`,
          request: request(withRaw(name, JSON.stringify(text))),
          expected: refused(`body.${name}`),
          marks: [text],
        });
    for (const [what, raw] of Object.entries(JSON_VALUES))
      if (!conforms(field, JSON.parse(raw)))
        attacks.push({ name: `body ${name}: ${what}`, request: request(withRaw(name, raw)), expected: refused(`body.${name}`) });
  }
  for (const name of schema.required ?? []) {
    const { [name]: _gone, ...rest } = good;
    attacks.push({ name: `body without ${name}`, request: request(JSON.stringify(rest)), expected: refused(`body.${name}`) });
  }
  for (const name of UNKNOWN_FIELDS.filter((each) => !Object.hasOwn(schema.properties ?? {}, each)))
    attacks.push({
      name: `unknown body field ${JSON.stringify(name.slice(0, 20))}`,
      request: request(withRaw(name, '"canary-unknown-field-value"')),
      expected: refused("body"),
      marks: ["canary-unknown-field-value"],
    });
  return attacks;
}

const UNKNOWN_FIELDS = [
  ...[
    "owner",
    "sub",
    "topUpId",
    "state",
    "creditedMinor",
    "Currency",
    "CURRENCY",
    "amount",
    "amountMinor ",
    " amountMinor",
    "amount\u0000Minor",
  ],
  ...[
    "__proto__",
    "constructor",
    "prototype",
    "toString",
    "hasOwnProperty",
    "__defineGetter__",
    "",
    "0",
    "length",
    "💸",
    "\u202e",
    "a.b",
    "a[0]",
    "$where",
  ],
  ...["canary.field@mail.example", "+15550199321", "k".repeat(5_000)],
];
