import { CURRENCIES } from "@aira/contract";
import { type Attack, ignored, refused } from "../attack.ts";
import type { Scene } from "../scene.ts";
import type { Target } from "../targets.ts";

/** Addresses that a parser takes and that lead nowhere, or not where they seem to: the payment provider would refuse them, or the customer be misled. */
const DOUBTFUL_URLS: Readonly<Record<string, string>> = {
  "with NUL": "https://shop.example/\u0000",
  "with a line feed": "https://shop.example/a\nb",
  "with a tab in front": "\thttps://shop.example/",
  "with a space": "https://shop.example/a b",
  "with a right-to-left override": "https://shop.example/\u202egnp",
  "with a backslash and an at": "https://shop.example\\@evil.example",
  "with a user and a password": "https://user:canary-password@shop.example/",
  "of dots": "https://../",
  "of a dash": "https://-/",
};

/** Each address field with each of them. Another field is wrong too: none of them is meant to open a page if it is taken. */
function urlAttacks(target: Target, scene: Scene): Attack[] {
  const { body: schema } = target;
  const names = Object.entries(schema?.properties ?? {}).filter(([, { format }]) => format === "uri");
  const [other = ""] = schema?.required ?? [];
  return names.flatMap(([name]) =>
    Object.entries(DOUBTFUL_URLS).map(([what, url]) => ({
      name: `URL ${name} ${what}`,
      request: { ...scene.good(target), body: JSON.stringify({ [name]: url, [other]: null }) },
      expected: refused(`body.${name}`),
      marks: [url],
    })),
  );
}

/** Rules that stand in no schema, by operation: bounds of a currency, fields that need each other. */
export function termAttacks(target: Target, scene: Scene): Attack[] {
  const good = scene.good(target);
  if (target.id === "createCheckoutSession") {
    const { USD, INR } = CURRENCIES;
    const wrong = [
      ["USD", USD.floorMinor - 1],
      ["USD", 1],
      ["USD", USD.ceilingMinor + 1],
      ["USD", 99_999_999],
      ["INR", INR.floorMinor - 1],
      ["INR", USD.floorMinor],
      ["INR", INR.ceilingMinor + 1],
      ["INR", 99_999_999],
    ] as const;
    const bounds = wrong.map(([currency, amountMinor]) => ({
      name: `a top-up of ${currency} ${amountMinor}`,
      request: { ...good, body: JSON.stringify({ currency, amountMinor }) },
      expected: refused("body.amountMinor"),
    }));
    return [...bounds, ...urlAttacks(target, scene)];
  }
  if (target.id === "startRun")
    return ["payment_reconciliation", "number_reconciliation"].map((kind) => ({
      name: `a full ${kind}`,
      request: { ...good, body: JSON.stringify({ kind, full: true }) },
      expected: refused("body.full"),
    }));
  if (target.id === "getBalance")
    return [
      {
        name: "an amount without its currency",
        request: { ...good, path: `${good.path}?amountMinor=5` },
        expected: refused("query.currency"),
      },
    ];
  if (target.id === "listTransactions")
    return Object.entries(ODD_RANGES).map(([what, query]) => ({
      name: `a range ${what}`,
      request: { ...good, path: `${good.path}?${query}` },
      expected: ignored,
    }));
  if (target.query.some(({ schema }) => schema.format === "date"))
    return [
      ...Object.entries(WRONG_DAYS).map(
        ([what, query]): Attack => ({
          name: `days ${what}`,
          request: { ...good, path: `${target.path}?${query}` },
          expected: refused("query.to"),
        }),
      ),
      ...Object.entries(ODD_DAYS).map(
        ([what, query]): Attack => ({
          name: `days ${what}`,
          request: { ...good, path: `${target.path}?${query}` },
          expected: { by: "anybody" },
        }),
      ),
    ];
  return [];
}

const WRONG_DAYS: Readonly<Record<string, string>> = {
  "that end before they begin": "from=2026-02-02&to=2026-02-01",
  "that end a year before they begin": "from=2026-02-02&to=2025-02-02",
  "of two years": "from=2024-01-01&to=2026-01-01",
  "of all time": "from=0000-01-01&to=9999-12-31",
};

/** Allowed by the form of a day. */
const ODD_DAYS: Readonly<Record<string, string>> = {
  "of the year 0": "from=0000-01-01&to=0000-01-30",
  "of the leap day of the year 0": "from=0000-02-29&to=0000-02-29",
  "of the year 99": "from=0099-12-01&to=0099-12-30",
  "of the end of all years": "from=9999-12-02&to=9999-12-31",
  "over a new year": "from=2025-12-15&to=2026-01-10",
  "with a leap day": "from=2024-02-15&to=2024-03-10",
  "to come": "from=2999-01-01&to=2999-01-30",
};

/** Allowed, and to be survived. */
const ODD_RANGES: Readonly<Record<string, string>> = {
  "that ends before it begins": "from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z",
  "of no length": "from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
  "from the year 0": "from=0000-01-01T00:00:00Z",
  "from the leap day of the year 0": "from=0000-02-29T00:00:00Z",
  "to the last second of all": "to=9999-12-31T23:59:59Z",
  "with nines behind the point": `to=9999-12-31T23:59:59.${"9".repeat(300)}Z`,
  "with zeros behind the point": `from=2026-01-01T00:00:00.${"0".repeat(300)}Z`,
};
