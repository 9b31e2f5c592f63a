import { type Item, type Key, lists, type Table, type Write, type WriteResult } from "@aira/core/table";
import { afterAll, beforeAll, describe, expect, test as vitestTest } from "vitest";
import { freshOwner } from "./table-under-test.ts";

export interface OpenTable {
  readonly table: Table;
  readonly close: () => Promise<void> | void;
}

/**
 * Promises that an implementation is known to break, and why that is bearable. They must fail there, so a difference that
 * goes away is noticed.
 */
const DIFFERENCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {};

/** The promises of core/table, for every implementation of it. */
export function tableContract(name: string, open: () => Promise<OpenTable>): void {
  describe(`the table over ${name}`, () => {
    let opened: OpenTable;
    let table: Table;
    beforeAll(async () => {
      opened = await open();
      table = opened.table;
    });
    afterAll(() => opened.close());

    const differences = DIFFERENCES[name];
    /** A promise, unless the table of differences says that it does not hold here. */
    const test = (title: string, body: () => Promise<void>) =>
      differences?.[title] === undefined ? vitestTest(title, body) : vitestTest.fails(`${title} (not here: ${differences[title]})`, body);
    const fresh = (sk = "A"): Key => ({ pk: freshOwner("ITEM"), sk });
    const read = (key: Key) => table.get(key, { consistent: true });
    const put = async (...items: (Item & Key)[]) => {
      for (const item of items) expect(await table.write({ put: item })).toEqual({ outcome: "committed" });
    };
    /** What stood in the way, by position. */
    const refusals = (result: WriteResult) => (result.outcome === "refused" ? Object.fromEntries(result.found) : result.outcome);

    describe("conditions", () => {
      const cases: readonly (readonly [string, Write extends { if?: infer C } ? NonNullable<C> : never, Item, boolean])[] = [
        ["equals holds for an equal number", { equals: { n: 1 } }, { n: 1 }, true],
        ["equals fails for another number", { equals: { n: 1 } }, { n: 2 }, false],
        ["equals fails for a number that is text", { equals: { n: 1 } }, { n: "1" }, false],
        ["equals undefined holds where the attribute is absent", { equals: { n: undefined } }, {}, true],
        ["equals undefined fails where it is there", { equals: { n: undefined } }, { n: 0 }, false],
        ["equals fails where the attribute is absent", { equals: { n: 1 } }, {}, false],
        ["every attribute of equals counts", { equals: { n: 1, s: "x" } }, { n: 1, s: "y" }, false],
        ["equals compares maps whole", { equals: { m: { a: 1, b: 2 } } }, { m: { b: 2, a: 1 } }, true],
        ["a reserved word is a name like any other", { equals: { state: "open", size: 3 } }, { state: "open", size: 3 }, true],
        ["differs holds for another value", { differs: { n: 5 } }, { n: 4 }, true],
        ["differs fails for the same value", { differs: { n: 5 } }, { n: 5 }, false],
        ["below is strict", { below: { n: 5 } }, { n: 5 }, false],
        ["below holds for a smaller number", { below: { n: 5 } }, { n: 4 }, true],
        ["below fails where the attribute is absent", { below: { n: 5 } }, {}, false],
        ["all needs each", { all: [{ equals: { n: 1 } }, { below: { n: 1 } }] }, { n: 1 }, false],
        ["all holds with each", { all: [{ equals: { n: 1 } }, { below: { n: 2 } }] }, { n: 1 }, true],
        ["any needs one", { any: [{ equals: { n: 7 } }, { equals: { n: 1 } }] }, { n: 1 }, true],
        ["any fails with none", { any: [{ equals: { n: 7 } }, { equals: { n: 8 } }] }, { n: 1 }, false],
        [
          "all and any nest",
          { all: [{ equals: { s: "x" } }, { any: [{ equals: { n: undefined } }, { equals: { n: 1 } }] }] },
          { s: "x", n: 1 },
          true,
        ],
      ];
      vitestTest.each(cases)("%s", async (_, condition, item, holds) => {
        const key = fresh();
        await put({ ...key, ...item });
        const result = await table.write({ update: key, set: { touched: true }, if: condition });
        expect(result.outcome).toBe(holds ? "committed" : "refused");
        expect((await read(key))?.touched).toBe(holds ? true : undefined);
      });

      test("absent lets the first put through and shows what stands in the way of the second", async () => {
        const key = fresh();
        expect(await table.write({ put: { ...key, n: 1 }, if: { absent: true } })).toEqual({ outcome: "committed" });
        const second = await table.write({ put: { ...key, n: 2 }, if: { absent: true } });
        expect(refusals(second)).toEqual({ 0: { ...key, n: 1 } });
        expect(await read(key)).toEqual({ ...key, n: 1 });
      });

      test("a refusal where there is no item says so", async () => {
        const result = await table.write({ update: fresh(), set: { n: 1 }, if: { equals: { v: 0 } } });
        expect(result).toEqual({ outcome: "refused", found: new Map([[0, undefined]]) });
      });
    });

    describe("writes", () => {
      test("a put replaces the whole item", async () => {
        const key = fresh();
        await put({ ...key, a: 1 }, { ...key, b: 2 });
        expect(await read(key)).toEqual({ ...key, b: 2 });
      });

      test("an update sets and removes the fields it names, and leaves the others alone", async () => {
        const key = fresh();
        await put({ ...key, a: 1, b: 2, c: 3 });
        await table.write({ update: key, set: { a: 9, d: { deep: [1, "x", null, true] } }, remove: ["b"] });
        expect(await read(key)).toEqual({ ...key, a: 9, c: 3, d: { deep: [1, "x", null, true] } });
      });

      test("an update makes an item that is not there", async () => {
        const key = fresh();
        await table.write({ update: key, set: { a: 1 } });
        expect(await read(key)).toEqual({ ...key, a: 1 });
      });

      test("undefined is not stored, and an update leaves such a field alone", async () => {
        const key = fresh();
        await put({ ...key, a: 1, b: undefined, deep: { c: undefined, d: 2 } });
        expect(await read(key)).toEqual({ ...key, a: 1, deep: { d: 2 } });
        await table.write({ update: key, set: { a: undefined, b: 2 } });
        expect(await read(key)).toEqual({ ...key, a: 1, b: 2, deep: { d: 2 } });
      });

      test("a delete takes the item away, once or twice, and keeps to its condition", async () => {
        const key = fresh();
        await put({ ...key, n: 1 });
        expect(refusals(await table.write({ delete: key, if: { equals: { n: 2 } } }))).toEqual({ 0: { ...key, n: 1 } });
        expect(await table.write({ delete: key })).toEqual({ outcome: "committed" });
        expect(await table.write({ delete: key })).toEqual({ outcome: "committed" });
        expect(await read(key)).toBeUndefined();
      });

      test("numbers come back as numbers up to the largest safe integer, with their sign", async () => {
        const key = fresh();
        const numbers = { max: Number.MAX_SAFE_INTEGER, min: Number.MIN_SAFE_INTEGER, zero: 0, minus: -1 };
        await put({ ...key, ...numbers });
        expect(await read(key)).toEqual({ ...key, ...numbers });
        expect((await table.write({ update: key, set: { ok: true }, if: { equals: { max: Number.MAX_SAFE_INTEGER - 1 } } })).outcome).toBe(
          "refused",
        );
      });

      test("text keeps every character, in keys too", async () => {
        const key = { pk: freshOwner("ITEM#ü☎ 'quoted'"), sk: "A#ß\u0001" };
        await put({ ...key, text: "₹ 1.000 — 😀 \n\t\"'" });
        expect((await read(key))?.text).toBe("₹ 1.000 — 😀 \n\t\"'");
      });
    });

    describe("transactions", () => {
      test("all of the writes are carried out together", async () => {
        const [a, b, c] = [fresh(), fresh(), fresh()];
        await put({ ...b, n: 1 }, { ...c, n: 1 });
        const result = await table.transact([{ put: { ...a, n: 1 }, if: { absent: true } }, { update: b, set: { n: 2 } }, { delete: c }]);
        expect(result).toEqual({ outcome: "committed" });
        expect(await Promise.all([a, b, c].map(read))).toEqual([{ ...a, n: 1 }, { ...b, n: 2 }, undefined]);
      });

      test("one refusal leaves everything as it was; the refused are told by position, each with its old item", async () => {
        const [a, b, c, d] = [fresh(), fresh(), fresh(), fresh()];
        await put({ ...b, n: 1, deep: { m: [1] } });
        const result = await table.transact([
          { put: { ...a, n: 1 } },
          { update: b, set: { n: 2 }, if: { equals: { n: 7 } } },
          { put: { ...c }, if: { absent: true } },
          { update: d, set: { n: 1 }, if: { equals: { n: 0 } } },
        ]);
        expect(result).toEqual({
          outcome: "refused",
          found: new Map<number, Item | undefined>([
            [1, { ...b, n: 1, deep: { m: [1] } }],
            [3, undefined],
          ]),
        });
        expect(await Promise.all([a, b, c, d].map(read))).toEqual([undefined, { ...b, n: 1, deep: { m: [1] } }, undefined, undefined]);
      });

      test("one item twice in a transaction is a mistake of ours: nothing is written", async () => {
        const key = fresh();
        await expect(table.transact([{ put: { ...key } }, { update: key, set: { n: 1 } }])).rejects.toThrow();
        expect(await read(key)).toBeUndefined();
      });

      test("a hundred items go, a hundred and one are a mistake of ours", async () => {
        const { pk } = fresh();
        const writes = (count: number): Write[] => Array.from({ length: count }, (_, n) => ({ put: { pk, sk: `N${n}` } }));
        expect(await table.transact(writes(100))).toEqual({ outcome: "committed" });
        await expect(table.transact(writes(101))).rejects.toThrow();
      });
    });

    describe("several items at once", () => {
      test("each comes at its place, undefined where there is none, and one that is asked for twice comes twice", async () => {
        const [a, b, none] = [fresh(), fresh("B"), fresh()];
        await put({ ...a, n: 1 }, { ...b, deep: { m: ["x"] } });
        const found = await table.getMany([none, b, a, b], { consistent: true });
        expect(found).toEqual([undefined, { ...b, deep: { m: ["x"] } }, { ...a, n: 1 }, { ...b, deep: { m: ["x"] } }]);
      });

      test("of nothing it is nothing", async () => {
        expect(await table.getMany([])).toEqual([]);
      });
    });

    describe("queries", () => {
      const names = ["A#1", "A#2", "A#3", "B#1", "B#2", "Z"];
      let pk = "";
      beforeAll(async () => {
        pk = freshOwner("LIST");
        await put(...names.map((sk, n) => ({ pk, sk, n })));
        await put({ pk: `${pk}0`, sk: "A#1" });
      });
      const found = async (options: Omit<Parameters<Table["query"]>[0], "pk"> = {}) =>
        (await table.query({ pk, consistent: true, ...options })).items.map((item) => item.sk);

      test("a partition comes in the order of its sort keys, and nothing of another's", async () => {
        expect(await found()).toEqual(names);
      });
      test("newest first turns it round", async () => {
        expect(await found({ newestFirst: true })).toEqual(names.toReversed());
      });
      test("a prefix takes what begins with it", async () => {
        expect(await found({ prefix: "B#" })).toEqual(["B#1", "B#2"]);
        expect(await found({ prefix: "nothing" })).toEqual([]);
      });
      test("between takes both of its ends", async () => {
        expect(await found({ between: ["A#2", "B#1"] })).toEqual(["A#2", "A#3", "B#1"]);
      });
      test("a range whose ends are reversed is a mistake of ours", async () => {
        await expect(found({ between: ["B", "A"] })).rejects.toThrow();
      });

      vitestTest.each([false, true])("pages follow each other without gap or repeat (newest first: %s)", async (newestFirst) => {
        const seen: unknown[] = [];
        let after: Item | undefined;
        let pages = 0;
        do {
          const page = await table.query({ pk, limit: 2, newestFirst, after, between: ["A", "C"] });
          seen.push(...page.items.map((item) => item.sk));
          after = page.lastKey;
          pages++;
        } while (after && pages < 9);
        const all = names.filter((name) => name !== "Z");
        expect(seen).toEqual(newestFirst ? all.toReversed() : all);
        expect(pages).toBe(3);
      });

      test("a page may start behind a key that is not there", async () => {
        expect(await found({ after: { pk, sk: "A#25" }, limit: 2 })).toEqual(["A#3", "B#1"]);
      });

      test("gsi2 gives keys alone, in the order of its own sort key, and lets go of what loses them", async () => {
        const list = freshOwner(lists.deferrals);
        const [a, b] = [fresh(), fresh()];
        await put({ ...a, gsi2pk: list, gsi2sk: "2", secret: 1 }, { ...b, gsi2pk: list, gsi2sk: "1", secret: 2 });
        const query = () => table.query({ pk: list, index: "gsi2" });
        expect((await query()).items).toEqual([
          { ...b, gsi2pk: list, gsi2sk: "1" },
          { ...a, gsi2pk: list, gsi2sk: "2" },
        ]);
        await table.write({ update: b, set: {}, remove: ["gsi2pk", "gsi2sk"] });
        expect((await query()).items).toEqual([{ ...a, gsi2pk: list, gsi2sk: "2" }]);
      });

      test("pages of an index go through entries of the same sort key", async () => {
        const list = freshOwner(lists.deferrals);
        const keys = Array.from({ length: 5 }, () => fresh());
        await put(...keys.map((key) => ({ ...key, gsi2pk: list, gsi2sk: "same" })));
        const seen: unknown[] = [];
        let after: Item | undefined;
        do {
          const page = await table.query({ pk: list, index: "gsi2", limit: 2, after, between: ["a", "z"] });
          seen.push(...page.items.map((item) => item.pk));
          after = page.lastKey;
        } while (after && seen.length < 9);
        expect(seen.toSorted()).toEqual(keys.map((key) => key.pk).toSorted());
      });
    });
  });
}
