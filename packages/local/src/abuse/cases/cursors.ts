import { type Attack, ignored, refused } from "../attack.ts";
import { bearer, type Scene } from "../scene.ts";
import type { Target } from "../targets.ts";

const encoded = (text: string): string => Buffer.from(text).toString("base64url");

/** Cursors that were never handed out, or not for this list. */
export function cursorAttacks(target: Target, scene: Scene): Attack[] {
  if (target.id !== "listTransactions") return [];
  const good = scene.good(target);
  const { cursor, filteredCursor } = scene.victim;
  const text = Buffer.from(cursor, "base64url").toString();
  const last = text.slice(-1);
  const wrong: Readonly<Record<string, string>> = {
    "cut by a character": cursor.slice(0, -1),
    "cut in half": cursor.slice(0, cursor.length / 2),
    "longer by a character": `${cursor}A`,
    "with padding": `${cursor}=`,
    "in standard base64 with padding": `${Buffer.from(text).toString("base64")}==`,
    twice: `${cursor}${cursor}`,
    "in capitals": cursor.toUpperCase(),
    "with a space in front": ` ${cursor}`,
    "with NUL behind": `${cursor}\u0000`,
    "of other filters": filteredCursor,
    "of another mark": encoded(`000000000000${text.slice(12)}`),
    "of another item": encoded(`${text.slice(0, 12)}WALLET`),
    "of a hold": encoded(`${text.slice(0, 12)}HOLD#hold_1`),
    "of another partition": encoded(`${text.slice(0, 12)}WALLET#other${text.slice(12)}`),
    "of a sequence of letters": encoded(`${text.slice(0, -1)}x`),
    "of a longer sequence": encoded(`${text}${last}`),
    "of a negative sequence": encoded(text.replace(/#\d(\d+)$/, "#-$1")),
    "of a day that is none": encoded(text.replace(/\d{4}-\d\d-\d\d/, "2026-0a-40")),
    "with a line feed inside": encoded(`${text}\n`),
    "in JSON": encoded(JSON.stringify({ pk: "WALLET#other", sk: "WALLET" })),
    "with a prototype": encoded('{"__proto__":{"sk":"WALLET"}}'),
    "of 512 characters": "A".repeat(512),
    "of bytes that are no text": Buffer.from([0xff, 0xfe, 0, 1, 2, 3]).toString("base64url"),
    "in plain text": text,
    "of an operator's list": encoded("DUE#QUARANTINE"),
  };
  const at = (value: string, more = "") => ({ ...good, path: `${good.path}?cursor=${encodeURIComponent(value)}${more}` });
  return [
    ...Object.entries(wrong).map(
      ([what, value]): Attack => ({ name: `cursor ${what}`, request: at(value), expected: refused("query.cursor"), marks: [value] }),
    ),
    ...["currency=INR", "kind=credit", "direction=in", "reference=x", "from=2026-01-01T00:00:00Z", "to=2036-01-01T00:00:00Z"].map(
      (filter): Attack => ({
        name: `cursor with ${filter} added`,
        request: at(cursor, `&${filter}`),
        expected: refused("query.cursor"),
        marks: [cursor],
      }),
    ),
    {
      name: "cursor of a filtered list without its filter",
      request: at(filteredCursor),
      expected: refused("query.cursor"),
      marks: [filteredCursor],
    },
    // It names a place in a statement and no owner: in the stranger's own statement there is nothing at it.
    {
      name: "cursor of another customer",
      request: { ...at(cursor), headers: [bearer(scene.tokens.stranger)] },
      expected: ignored,
      marks: [...scene.victim.transactionIds],
    },
  ];
}
