import { seededRandom, shuffled } from "@aira/local/random";
import { CALLER, callEvents, conversationWorld, messageOf, textEvent } from "@aira/local/testing/conversation-world";
import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { expect, test } from "vitest";
import { freeze, listEntries, unfreeze } from "../ledger/index.ts";
import type { Table, WriteResult } from "../table/index.ts";
import { recordEvents } from "./consume.ts";
import { isOver, later } from "./conversation.ts";
import { listConversations, readConversation } from "./list.ts";
import type { TelephonyEvent } from "./telephony.ts";

const REPEATS = 10;
const CONSUMERS = 4;
const BATCH = 10;

/** A consumer that died there. */
const DEAD = new Error("dead");

/** A table whose every answer takes a turn or a few, so that consumers meet; some never come, or do not tell what was done. */
function slow(table: Table, random: () => number, faultRate: number): Table {
  const delayed =
    <A extends unknown[], R>(call: (...given: A) => Promise<R>, unknown?: R) =>
    async (...given: A): Promise<R> => {
      for (let turns = Math.floor(random() * 4); turns > 0; turns--) await null;
      if (random() >= faultRate) return call(...given);
      const fault = Math.floor(random() * 4);
      if (fault % 2 === 0) await call(...given);
      if (fault < 2 || unknown === undefined) throw DEAD;
      return unknown;
    };
  const unknown: WriteResult = { outcome: "unknown", cause: DEAD };
  return {
    get: delayed(table.get),
    getMany: delayed(table.getMany),
    query: delayed(table.query),
    write: delayed(table.write, unknown),
    transact: delayed(table.transact, unknown),
  };
}

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, Date.now() % 1_000_000];

test.each(SEEDS)("every event of several calls and texts ten times, in random order, to consumers at once (seed %i)", (seed) =>
  play(seed, 0),
);

test.each(Array.from({ length: 40 }, (_, n) => n + 100).concat(Date.now() % 1_000_000))(
  "so too when consumers die, answers are lost, holds expire and the wallet is frozen meanwhile (seed %i)",
  (seed) => play(seed, 0.04),
);

async function play(seed: number, faultRate: number): Promise<void> {
  const random = seededRandom(seed);
  const table = memoryTable();
  const at = await conversationWorld(table, { fundsMinor: 250, policy: { lowBalanceMinor: { USD: 200, INR: 0 } } });
  const ports = { ...at.portsOver(slow(table, random, faultRate)), wait: async () => {} };

  const events: TelephonyEvent[] = [];
  for (let n = 0; n < 4; n++) {
    const call = callEvents(at);
    const seconds = Math.floor(random() * 200);
    events.push(call.started({ holdMinor: 20 + Math.floor(random() * 80) }), call.status("initiated"), call.status("ringing"));
    at.pass(1_000);
    events.push(call.turn(1), call.status("in-progress"));
    at.pass(seconds * 1_000);
    if (n % 2 === 0) events.push(call.forwarded(Math.floor(random() * seconds)));
    if (n > 1) events.push(call.voicemail(Math.floor(random() * 100)), call.transcript());
    events.push(n === 3 ? call.status("no-answer", 0) : call.status("completed", seconds));
  }
  for (let n = 0; n < 3; n++) events.push(textEvent(at), textEvent(at, { from: "+14155550777", segments: 2, reply: undefined }));

  const queue = shuffled(Array.from({ length: REPEATS }, () => events).flat(), random).map((event, n) => messageOf(event, String(n)));

  const statuses = new Map<string, string>();
  async function watch() {
    const { conversations } = await listConversations({ table }, { owner: at.owner, limit: 50 });
    for (const { conversationId, status } of conversations) {
      const before = (statuses.get(conversationId) ?? status) as typeof status;
      expect(isOver(before) ? before : later(before, status), `${conversationId} from ${before} to ${status}`).toBe(status);
      statuses.set(conversationId, status);
    }
  }

  async function consume() {
    for (let batch = queue.splice(0, BATCH); batch.length > 0; batch = queue.splice(0, BATCH)) {
      const results = await recordEvents(ports, batch);
      const failed = new Set(results.filter(({ outcome }) => outcome === "failed").map(({ id }) => id));
      for (const { error, outcome } of results) if (outcome === "failed" && error !== DEAD) expect(error).toMatchObject({ retry: true });
      queue.push(...batch.filter(({ id }) => failed.has(id)));
      await watch();
      if (faultRate > 0) await meanwhile();
    }
  }

  let frozen = 0;
  async function meanwhile() {
    const [what, id] = [random(), `${at.owner}-${++frozen}`];
    if (what < 0.1) at.pass(2 * 3_600_000);
    if (what < 0.3) await at.expireHolds();
    const action = { owner: at.owner, adjustmentId: id, reason: "test", actor: "test" };
    if (what > 0.9) await freeze(at.ports, action);
    else if (what > 0.8) await unfreeze(at.ports, action);
  }
  await Promise.all(Array.from({ length: CONSUMERS }, consume));
  at.pass(86_400_000);
  await at.expireHolds();

  const { conversations } = await listConversations({ table }, { owner: at.owner, limit: 50 });
  expect(
    conversations
      .filter(({ kind }) => kind === "call")
      .map(({ status }) => status)
      .sort(),
  ).toEqual(["completed", "completed", "completed", "no_answer"]);
  expect(
    conversations
      .filter(({ kind }) => kind === "sms")
      .map(({ peer, messages }) => [peer, messages])
      .sort(),
  ).toEqual([
    ["+14155550777", 3],
    [CALLER, 6],
  ]);
  const books = await at.books();
  expect(books).toMatchObject({ heldMinor: 0, violations: [] });
  expect(books.chargedMinor).toBe(conversations.reduce((sum, { costMinor }) => sum + costMinor, 0));

  for (const { conversationId, messages: count } of conversations) {
    const { messages } = await readConversation({ table }, { owner: at.owner, conversationId, limit: 100 });
    expect(messages).toHaveLength(count);
    expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(count);
  }
  const { entries } = await listEntries(at.ports, at.owner, { limit: 100 });
  const charges = entries
    .filter(({ kind }) => kind === "usage" || kind === "capture")
    .map(({ kind, reference }) => `${kind} ${reference.type} ${reference.id}`);
  expect(new Set(charges).size).toBe(charges.length);
}
