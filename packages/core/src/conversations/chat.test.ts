import type { Proposal } from "@aira/contract";
import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { freshOwner, ledgerPorts } from "@aira/local/testing/table-under-test";
import { expect, test } from "vitest";
import { keys, owned, type Table } from "../table/index.ts";
import { type Chat, type ChatPorts, chat } from "./chat.ts";
import { deleteConversation } from "./delete.ts";
import { listConversations, readConversation } from "./list.ts";
import type { NoReply, Reply, Turn } from "./responder/responder.ts";

const START = Date.parse("2026-03-03T10:00:00.000Z");
const BUDGET = 20_000;
const say = (text: string, proposals: readonly Proposal[] = []): Reply => ({ text, proposals, next: "continue" });

function scene(
  respond: (turn: Turn) => Promise<Reply | NoReply> = async ({ text }) => say(`You said ${text}`),
  table: Table = memoryTable(),
) {
  const owner = freshOwner("chatter");
  let nowMs = START;
  const turns: Turn[] = [];
  const ports: ChatPorts = {
    ...ledgerPorts(table),
    clock: () => nowMs,
    responder: {
      respond: (turn) => {
        turns.push(turn);
        return respond(turn);
      },
    },
    tools: () => [],
    retentionDays: 30,
  };
  const ask = (message: string, more: Partial<Chat> = {}) => chat(ports, { owner, message, deadlineMs: nowMs + BUDGET, ...more });
  const listed = async () => (await listConversations({ table }, { owner, limit: 20 })).conversations;
  const read = async (conversationId: string) =>
    (await readConversation({ table }, { owner, conversationId, limit: 50 })).messages.toReversed();
  const pass = (ms: number) => {
    nowMs += ms;
  };
  return { table, owner, ports, turns, ask, listed, read, pass };
}

test("a turn is stored with its answer, and the next one is told of it", async () => {
  const { ask, listed, read, turns, pass } = scene();
  const first = await ask("hello");
  expect(first).toMatchObject({ reply: "You said hello", proposals: [] });
  pass(1_000);
  await ask("again", { conversationId: first.conversationId });
  expect((await read(first.conversationId)).map(({ speaker, text }) => `${speaker}: ${text}`)).toEqual([
    "customer: hello",
    "assistant: You said hello",
    "customer: again",
    "assistant: You said again",
  ]);
  expect(turns[1]?.history).toEqual([
    { speaker: "customer", text: "hello" },
    { speaker: "assistant", text: "You said hello" },
  ]);
  expect(await listed()).toMatchObject([{ kind: "chat", messages: 4, preview: "You said again", turn: undefined }]);
});

test("proposals are kept beside what was said", async () => {
  const proposal: Proposal = { type: "top_up", currency: "USD", amountMinor: 1_000 } as unknown as Proposal;
  const { ask, read } = scene(async () => say("Shall I?", [proposal]));
  const { conversationId, proposals } = await ask("top me up");
  expect(proposals).toEqual([proposal]);
  expect((await read(conversationId)).map((message) => message.proposals)).toEqual([[], [proposal]]);
});

test("one turn at a time: another waits for none, and is told so", async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  let slow = false;
  const { ask } = scene(async ({ text }) => {
    if (slow) await gate;
    return say(text);
  });
  const { conversationId } = await ask("one");
  slow = true;
  const second = ask("two", { conversationId });
  await expect(ask("three", { conversationId })).rejects.toMatchObject({ code: "conversation.busy", kind: "conflict" });
  open();
  expect(await second).toMatchObject({ reply: "two" });
  expect(await ask("four", { conversationId })).toMatchObject({ reply: "four" });
});

test("of turns at the same moment one is answered", async () => {
  const { ask, read } = scene();
  const { conversationId } = await ask("one");
  const results = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => ask(`at once ${n}`, { conversationId })));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await read(conversationId)).toHaveLength(4);
});

test("a turn that crashed gives the conversation back when its time is over", async () => {
  const table = memoryTable();
  let dead = false;
  const dying: Table = { ...table, transact: async (writes) => (dead ? Promise.reject(new Error("dead")) : table.transact(writes)) };
  const { ask, read, pass } = scene(undefined, dying);
  const { conversationId } = await ask("one");
  dead = true;
  await expect(ask("two", { conversationId })).rejects.toThrow("dead");
  dead = false;
  await expect(ask("three", { conversationId })).rejects.toMatchObject({ code: "conversation.busy" });
  pass(BUDGET - 1);
  await expect(ask("three", { conversationId })).rejects.toMatchObject({ code: "conversation.busy" });
  pass(1);
  await ask("three", { conversationId });
  expect((await read(conversationId)).map(({ text }) => text)).toEqual(["one", "You said one", "three", "You said three"]);
});

test("a turn that comes back after its time has nothing to say any more: another may have begun", async () => {
  let late: (() => Promise<unknown>) | undefined;
  const { ask, read, pass } = scene(async ({ text }) => {
    await late?.();
    return say(text);
  });
  const { conversationId } = await ask("one");
  late = async () => {
    late = undefined;
    pass(BUDGET);
    await ask("overtaker", { conversationId });
  };
  await expect(ask("overtaken", { conversationId })).rejects.toMatchObject({ code: "service.busy" });
  expect((await read(conversationId)).map(({ text }) => text)).toEqual(["one", "one", "overtaker", "overtaker"]);
});

const FAILURES: readonly (readonly [string, () => Promise<Reply | NoReply>])[] = [
  ["refuses", async () => ({ failed: "refused" })],
  ["is not available", async () => ({ failed: "unavailable", cause: new Error("vendor text") })],
  ["is late", async () => ({ failed: "late" })],
  ["throws", async () => Promise.reject(new Error("vendor text"))],
];

test.each(FAILURES)("a responder that %s leaves nothing behind, and the conversation free", async (_, fail) => {
  let failing = false;
  const { ask, listed, read } = scene(async ({ text }) => (failing ? fail() : say(text)));
  const { conversationId } = await ask("one");
  failing = true;
  const error = await ask("two", { conversationId }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "responder.unavailable" });
  expect(String(error)).not.toContain("vendor");
  expect(await read(conversationId)).toHaveLength(2);
  await expect(ask("a first turn")).rejects.toMatchObject({ code: "responder.unavailable" });
  expect(await listed()).toHaveLength(1);
  failing = false;
  expect(await ask("three", { conversationId })).toMatchObject({ reply: "three" });
});

test("a conversation that is another's, unknown or no chat is not found", async () => {
  const table = memoryTable();
  const { ask } = scene(undefined, table);
  const { conversationId } = await ask("one");
  const other = scene(undefined, table);
  await expect(other.ask("mine?", { conversationId })).rejects.toMatchObject({ code: "conversation.not_found" });
  await expect(ask("there?", { conversationId: `con_${"0".repeat(26)}` })).rejects.toMatchObject({ code: "conversation.not_found" });
  await table.write({ update: keys.conversation(conversationId), set: { kind: "sms" } });
  await expect(ask("a text?", { conversationId })).rejects.toMatchObject({ code: "conversation.not_found" });
});

test("a chat that is deleted while it is answered stays deleted", async () => {
  let meanwhile: (() => Promise<unknown>) | undefined;
  const { ask, table, owner, listed } = scene(async ({ text }) => {
    await meanwhile?.();
    return say(text);
  });
  const { conversationId } = await ask("one");
  meanwhile = () => deleteConversation({ table }, { owner, conversationId });
  await expect(ask("two", { conversationId })).rejects.toMatchObject({ code: "service.busy" });
  expect(await listed()).toEqual([]);
  expect((await table.query({ pk: keys.conversation(conversationId).pk })).items).toEqual([]);
  expect((await table.query({ pk: owned.conversations(owner), index: "gsi1" })).items).toEqual([]);
});

test("what is said is kept for its days, counted from when it was said, and the conversation as long as the newest of it", async () => {
  const { ask, table, pass } = scene();
  const { conversationId } = await ask("one");
  pass(29 * 86_400_000);
  await ask("two", { conversationId });
  const { items } = await table.query({ pk: keys.conversation(conversationId).pk });
  const day = (ttl: unknown) => (Number(ttl) - START / 1000) / 86_400;
  expect(items.map(({ sk, ttl }) => [(sk as string).split("#")[0], day(ttl)])).toEqual([
    ["CONVERSATION", 59],
    ["MESSAGE", 30],
    ["MESSAGE", 30],
    ["MESSAGE", 59],
    ["MESSAGE", 59],
  ]);
});

test("the language is the conversation's until the customer asks for another", async () => {
  const { ask, turns } = scene();
  const { conversationId } = await ask("namaste", { language: "hi-IN" });
  await ask("aur", { conversationId });
  await ask("english", { conversationId, language: "en-IN" });
  await ask("more", { conversationId });
  expect(turns.map(({ language }) => language)).toEqual(["hi-IN", "hi-IN", "en-IN", "en-IN"]);
});
