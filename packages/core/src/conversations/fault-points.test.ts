import { type ConversationWorld, callEvents, conversationWorld, messageOf, textEvent } from "@aira/local/testing/conversation-world";
import { everyFaultPoint, type Line, type Run } from "@aira/local/testing/fault-points";
import { startTableUnderTest, type TableUnderTest } from "@aira/local/testing/table-under-test";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { listEntries } from "../ledger/index.ts";
import { AiraError } from "../lib/index.ts";
import { listNotices } from "../notices/index.ts";
import { recordEvents } from "./consume.ts";
import { deleteConversation } from "./delete.ts";
import { listConversations, readConversation } from "./list.ts";
import type { TelephonyEvent } from "./telephony.ts";

// Seconds on a quiet machine; a busy one may take its time.
vi.setConfig({ testTimeout: 120_000 });

let emulator: TableUnderTest;
beforeAll(async () => {
  emulator = await startTableUnderTest();
});
afterAll(() => emulator.stop());

/** Consumes one batch; a failed message goes back to the queue. */
async function deliver(at: ConversationWorld, { table }: Pick<Line, "table">, events: readonly TelephonyEvent[]): Promise<void> {
  const results = await recordEvents(
    at.portsOver(table),
    events.map((event, n) => messageOf(event, String(n))),
  );
  const failed = results.find(({ outcome }) => outcome === "failed");
  if (failed) throw failed.error;
}

/** A consumer may put a message back with any reason but a mistake of ours. */
function anyFailure(error: unknown): void {
  if (error instanceof AiraError && !error.retry) throw error;
  if (error instanceof TypeError || error instanceof RangeError) throw error;
}

interface Expected {
  /** Undefined: more than one way is right. */
  readonly kinds?: readonly string[];
  readonly statuses: readonly string[];
  readonly messages: number;
  readonly costMinor: number;
  readonly notices?: number;
  readonly heldMinor?: number;
}

async function expectRecorded(at: ConversationWorld, expected: Expected): Promise<void> {
  const { table } = emulator;
  const { conversations } = await listConversations({ table }, { owner: at.owner, limit: 50 });
  const { entries } = await listEntries(at.ports, at.owner, { limit: 50 });
  const said = await Promise.all(
    conversations.map(({ conversationId }) => readConversation({ table }, { owner: at.owner, conversationId, limit: 100 })),
  );
  const books = await at.books();
  const kinds = entries.map(({ kind }) => kind);
  if (expected.kinds) expect(kinds.toReversed().slice(1).toSorted()).toEqual(expected.kinds.toSorted());
  expect(conversations.map(({ status }) => status)).toEqual(expected.statuses);
  expect(said.reduce((sum, { messages }) => sum + messages.length, 0)).toBe(expected.messages);
  expect(conversations.reduce((sum, { costMinor }) => sum + costMinor, 0)).toBe(expected.costMinor);
  expect(books).toMatchObject({ chargedMinor: expected.costMinor, heldMinor: expected.heldMinor ?? 0, violations: [] });
  expect((await listNotices({ table }, { owner: at.owner, limit: 50 })).notices).toHaveLength(expected.notices ?? 0);
}

type Call = ReturnType<typeof callEvents>;

/** A run on a call of its own: what happened before, and what is delivered over the faulty line. */
async function callRun(
  before: (call: Call) => readonly TelephonyEvent[],
  events: (call: Call) => readonly TelephonyEvent[],
  expected: Expected,
): Promise<Run> {
  const at = await conversationWorld(emulator.table, { fundsMinor: 505 });
  const call = callEvents(at);
  await deliver(at, emulator, before(call));
  const batch = events(call);
  return { act: (line) => deliver(at, line, batch), mayFailWith: anyFailure, check: () => expectRecorded(at, expected) };
}

const HELD = ["authorization"] as const;

const OPERATIONS: Readonly<Record<string, () => Promise<Run>>> = {
  "the start of a call, and its hold": () =>
    callRun(
      () => [],
      (call) => [call.started()],
      { kinds: HELD, statuses: ["in_progress"], messages: 1, costMinor: 0, heldMinor: 100 },
    ),

  "a turn": () =>
    callRun(
      (call) => [call.started()],
      (call) => [call.turn(1)],
      { kinds: HELD, statuses: ["in_progress"], messages: 3, costMinor: 0, heldMinor: 100 },
    ),

  "the end of a call that costs less than its hold, and crosses the threshold": () =>
    callRun(
      (call) => [call.started()],
      (call) => [call.status("completed", 61)],
      {
        kinds: [...HELD, "capture"],
        statuses: ["completed"],
        messages: 1,
        costMinor: 10,
        notices: 1,
      },
    ),

  "the end of a call that costs more than its hold": () =>
    callRun(
      (call) => [call.started({ holdMinor: 4 })],
      (call) => [call.status("completed", 61)],
      {
        kinds: [...HELD, "capture", "usage"],
        statuses: ["completed"],
        messages: 1,
        costMinor: 10,
        notices: 1,
      },
    ),

  "the end of a call that costs nothing": () =>
    callRun(
      (call) => [call.started()],
      (call) => [call.status("busy")],
      { kinds: [...HELD, "release"], statuses: ["busy"], messages: 1, costMinor: 0 },
    ),

  "the end of a call whose start is not recorded": () =>
    callRun(
      () => [],
      (call) => [call.status("completed", 61)],
      { kinds: ["usage"], statuses: ["completed"], messages: 0, costMinor: 10, notices: 1 },
    ),

  "a start that tells of a call charged before that it was turned away": () =>
    callRun(
      (call) => [call.status("completed", 5)],
      (call) => [call.started({ refused: true, holdMinor: 0 })],
      {
        kinds: ["usage", "adjustment"],
        statuses: ["completed"],
        messages: 1,
        costMinor: 0,
      },
    ),

  "a forwarded leg": () =>
    callRun(
      (call) => [call.started()],
      (call) => [call.forwarded(61)],
      {
        kinds: [...HELD, "usage"],
        statuses: ["in_progress"],
        messages: 2,
        costMinor: 5,
        heldMinor: 100,
      },
    ),

  "a voicemail": () =>
    callRun(
      (call) => [call.started()],
      (call) => [call.voicemail()],
      { kinds: HELD, statuses: ["in_progress"], messages: 2, costMinor: 0, heldMinor: 100 },
    ),

  "a transcript": () =>
    callRun(
      (call) => [call.voicemail()],
      (call) => [call.transcript()],
      { kinds: ["usage"], statuses: ["ringing"], messages: 2, costMinor: 7, notices: 1 },
    ),

  "a text with its reply": async () => {
    const at = await conversationWorld(emulator.table, { fundsMinor: 501 });
    const text = textEvent(at);
    return {
      act: (line) => deliver(at, line, [text]),
      mayFailWith: anyFailure,
      check: () => expectRecorded(at, { kinds: ["usage", "usage"], statuses: ["open"], messages: 2, costMinor: 4, notices: 1 }),
    };
  },

  "another text of a thread": async () => {
    const at = await conversationWorld(emulator.table, { fundsMinor: 504 });
    await deliver(at, emulator, [textEvent(at)]);
    at.pass(1_000);
    const text = textEvent(at, { reply: undefined, opts: "out" });
    return {
      act: (line) => deliver(at, line, [text]),
      mayFailWith: anyFailure,
      check: () => expectRecorded(at, { kinds: ["usage", "usage", "usage"], statuses: ["open"], messages: 3, costMinor: 6, notices: 1 }),
    };
  },

  "a whole call in one batch, its end before its start": () =>
    callRun(
      () => [],
      (call) => [call.status("completed", 61), call.started({ holdMinor: 50 }), call.forwarded(10)],
      { statuses: ["completed"], messages: 2, costMinor: 13, notices: 1 },
    ),
};

test.each(Object.keys(OPERATIONS))("every fault at every call of %s, then redelivery: once", async (name) => {
  const prepare = OPERATIONS[name] as () => Promise<Run>;
  const points = await everyFaultPoint(emulator, prepare, { sameCalls: true });
  console.log(`${name}: ${points} fault points`);
  expect(points).toBeGreaterThan(15);
});

test("every fault at every call of a deletion, then asking again: nothing that was said is left", async () => {
  const points = await everyFaultPoint(
    emulator,
    async () => {
      const at = await conversationWorld(emulator.table);
      const call = callEvents(at);
      await deliver(at, emulator, [call.started(), call.turn(1), call.status("completed", 30)]);
      const { table } = emulator;
      const [listed] = (await listConversations({ table }, { owner: at.owner, limit: 5 })).conversations;
      const conversationId = listed?.conversationId ?? "";
      return {
        act: async (line) => {
          await deleteConversation(line, { owner: at.owner, conversationId }).catch((error: unknown) => {
            // Its answer was lost.
            if (!(error instanceof AiraError && error.code === "conversation.not_found")) throw error;
          });
        },
        mayFailWith: anyFailure,
        check: async () => {
          const { items } = await table.query({ pk: `CONVERSATION#${conversationId}`, consistent: true });
          expect(items.map(({ sk, deleted }) => [sk, deleted])).toEqual([["CONVERSATION", true]]);
          expect((await listConversations({ table }, { owner: at.owner, limit: 5 })).conversations).toEqual([]);
        },
      };
    },
    { sameCalls: true },
  );
  expect(points).toBeGreaterThan(15);
});
