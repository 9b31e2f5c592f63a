import { callEvents, conversationWorld, textEvent } from "@aira/local/testing/conversation-world";
import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { startTableUnderTest, type TableUnderTest } from "@aira/local/testing/table-under-test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Table } from "../table/index.ts";
import { callIdOf } from "./conversation.ts";
import { type ListConversations, listConversations, readConversation } from "./list.ts";
import { recordEvent } from "./record.ts";

const START = Date.parse("2026-03-03T10:00:00.000Z");
const at = (minute: number) => new Date(START + minute * 60_000).toISOString();

let emulator: TableUnderTest;
beforeAll(async () => {
  emulator = await startTableUnderTest();
});
afterAll(() => emulator.stop());

/** Conversations a minute apart: every fifth is a thread of texts, the others are calls. */
async function history(table: Table, count: number) {
  const world = await conversationWorld(table, { fundsMinor: 0 });
  for (let n = 0; n < count; n++) {
    const event = n % 5 === 4 ? textEvent(world, { from: `+1415555${2_000 + n}`, reply: undefined }) : callEvents(world).turn(1);
    await recordEvent(world.ports, event);
    world.pass(60_000);
  }
  const list = (asked: Partial<ListConversations> = {}) => listConversations({ table }, { owner: world.owner, limit: 10, ...asked });
  async function all(asked: Partial<ListConversations>) {
    const found: string[] = [];
    let pages = 0;
    let cursor: string | undefined;
    do {
      const page = await list({ ...asked, cursor });
      expect(page.conversations.length).toBeLessThanOrEqual(asked.limit ?? 10);
      found.push(...page.conversations.map(({ updatedAt }) => updatedAt));
      cursor = page.nextCursor ?? undefined;
      pages++;
    } while (cursor !== undefined);
    return { found, pages };
  }
  return { world, list, all };
}

/** As DynamoDB, and unlike its emulators, refuses a place that lies outside of what is asked for. */
function strict(table: Table): Table {
  return {
    ...table,
    query: async (query) => {
      const sk = query.after?.[query.index ? `${query.index}sk` : "sk"] as string | undefined;
      if (sk !== undefined && query.between && (sk < query.between[0] || sk > query.between[1]))
        throw new Error("The provided starting key is outside query boundaries based on provided conditions");
      return table.query(query);
    },
  };
}

const implementations: readonly (readonly [string, () => Table])[] = [
  ["memory", () => strict(memoryTable())],
  ["the emulator", () => strict(emulator.table)],
];

describe.each(implementations)("conversations over %s", (_, open) => {
  test("are listed newest first, page by page, each once", async () => {
    const { all } = await history(open(), 23);
    const { found, pages } = await all({ limit: 5 });
    expect(found).toEqual(Array.from({ length: 23 }, (_, n) => at(22 - n)));
    expect(pages).toBe(5);
  });

  test("of a kind, a number, a span of time", async () => {
    const { world, all } = await history(open(), 20);
    expect((await all({ kind: "sms", limit: 1 })).found).toEqual([at(19), at(14), at(9), at(4)]);
    expect((await all({ kind: "chat" })).found).toEqual([]);
    expect((await all({ numberId: world.context.numberId, limit: 100 })).found).toHaveLength(20);
    expect((await all({ numberId: "num_other" })).found).toEqual([]);
    expect((await all({ from: at(3), to: at(6), limit: 2 })).found).toEqual([at(5), at(4), at(3)]);
    expect((await all({ from: "2026-03-03T10:03:00Z", to: "2026-03-03T10:04:00Z" })).found).toEqual([at(3)]);
    expect((await all({ from: at(6), to: at(3) })).found).toEqual([]);
    expect((await all({ from: at(6), to: at(6) })).found).toEqual([]);
  });

  test("another owner's list has none of them", async () => {
    const { list } = await history(open(), 3);
    expect(await list({ owner: "somebody" })).toEqual({ conversations: [], nextCursor: null });
  });

  test("a cursor of another span is a place like any other, or refused as a cursor", async () => {
    const { list } = await history(open(), 10);
    const cursor = (await list({ limit: 2 })).nextCursor ?? "";
    const inside = await list({ cursor, from: at(2), to: at(9) });
    expect(inside.conversations.map(({ updatedAt }) => updatedAt)).toEqual([7, 6, 5, 4, 3, 2].map(at));
    // Behind the place there is everything older; before it nothing.
    const older = await list({ cursor, from: at(1), to: at(4) });
    expect(older.conversations.map(({ updatedAt }) => updatedAt)).toEqual([3, 2, 1].map(at));
    const newer = await list({ cursor, from: at(9) });
    expect(newer).toEqual({ conversations: [], nextCursor: null });
  });

  test("a cursor of another owner is a place in one's own list", async () => {
    const table = open();
    const one = await history(table, 4);
    const other = await history(table, 4);
    const cursor = (await one.list({ limit: 2 })).nextCursor ?? "";
    const page = await other.list({ cursor });
    expect(page.conversations.every(({ owner }) => owner === other.world.owner)).toBe(true);
    expect(page.conversations.length).toBeLessThanOrEqual(3);
  });

  test("what was said is read newest first, page by page, by its owner alone", async () => {
    const table = open();
    const world = await conversationWorld(table);
    const call = callEvents(world);
    await recordEvent(world.ports, call.started());
    for (const turn of [1, 2, 3]) {
      world.pass(1_000);
      await recordEvent(world.ports, call.turn(turn));
    }
    const read = (more: { owner?: string; cursor?: string | undefined } = {}) =>
      readConversation({ table }, { owner: world.owner, conversationId: callIdOf(call.callSid), limit: 3, ...more });
    const texts: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await read({ cursor });
      texts.push(...page.messages.map(({ text }) => text));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(texts).toEqual(["answer 3", "question 3", "answer 2", "question 2", "answer 1", "question 1", "Hello, this is Asha's shop."]);
    await expect(read({ owner: "somebody" })).rejects.toMatchObject({ code: "conversation.not_found" });
    await expect(read({ owner: "somebody", cursor: (await read()).nextCursor ?? "" })).rejects.toMatchObject({
      code: "conversation.not_found",
    });
  });
});

test("a filter that matches one in hundreds answers short pages with cursors, and finds it", async () => {
  const table = memoryTable();
  const world = await conversationWorld(table, { fundsMinor: 0 });
  await recordEvent(world.ports, textEvent(world, { reply: undefined }));
  for (let n = 0; n < 1_100; n++) {
    world.pass(1_000);
    await recordEvent(world.ports, callEvents(world).turn(1));
  }
  const ask = (cursor?: string) => listConversations({ table }, { owner: world.owner, kind: "sms", limit: 10, cursor });
  const first = await ask();
  expect([first.conversations.length, first.nextCursor]).toEqual([0, expect.any(String)]);
  const second = await ask(first.nextCursor ?? "");
  const third = await ask(second.nextCursor ?? "");
  expect(third).toMatchObject({ conversations: [{ kind: "sms" }], nextCursor: null });
});

const shapely = (place: string) => Buffer.from(place).toString("base64url");

test.each([
  ["nothing", ""],
  ["words", "hello"],
  ["another list's", shapely("ENTRY#2026-03-03T10:00:00.000Z#000000000001")],
  ["a place without an id", shapely("2026-03-03T10:00:00.000Z#")],
  ["an id of another kind", shapely(`2026-03-03T10:00:00.000Z#num_${"0".repeat(26)}`)],
  ["one with more behind it", shapely(`2026-03-03T10:00:00.000Z#con_${"0".repeat(26)}#x`)],
  ["padded", `${shapely(`2026-03-03T10:00:00.000Z#con_${"0".repeat(26)}`)}=`],
  ["of a message", shapely("2026-03-03T10:00:00.000Z#CA1-1a")],
])("a cursor that is malformed is refused: %s", async (_, cursor) => {
  const table = memoryTable();
  await expect(listConversations({ table }, { owner: "somebody", limit: 10, cursor })).rejects.toMatchObject({ code: "cursor.invalid" });
});

test.each([
  ["of a list", shapely(`2026-03-03T10:00:00.000Z#con_${"0".repeat(26)}#x`)],
  ["words", "hello"],
  ["nothing", ""],
])("a cursor of messages that is malformed is refused: %s", async (_, cursor) => {
  const asked = { owner: "somebody", conversationId: "con_x", limit: 10, cursor };
  await expect(readConversation({ table: memoryTable() }, asked)).rejects.toMatchObject({ code: "cursor.invalid" });
});
