import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { respondInTime } from "./deadline.ts";
import type { NoReply, Reply, Turn } from "./responder.ts";

const rejections: unknown[] = [];
const note = (reason: unknown) => rejections.push(reason);
beforeAll(() => void process.on("unhandledRejection", note));
afterAll(() => void process.off("unhandledRejection", note));
afterEach(() => expect(rejections).toEqual([]));

const NOW = 1_000_000;
const reply: Reply = { text: "Hello.", proposals: [], next: "continue" };
const turn = (leftMs: number, signal = new AbortController().signal): Turn => ({
  kind: "call",
  audience: "caller",
  language: "en-US",
  businessName: "Asha's",
  openingHours: null,
  history: [],
  text: "hi",
  tools: [],
  deadlineMs: NOW + leftMs,
  signal,
});
const run = (respond: (turn: Turn) => Promise<Reply | NoReply>, asked = turn(50)) => respondInTime({ respond }, asked, () => NOW);

test("an answer in time is the answer", async () => {
  expect(await run(async () => reply)).toBe(reply);
});

test("a responder that never answers is late at the deadline, and is told to stop", async () => {
  let told: AbortSignal | undefined;
  const answer = await run(({ signal }) => {
    told = signal;
    return new Promise(() => {});
  });
  expect(answer).toEqual({ failed: "late" });
  expect(told?.aborted).toBe(true);
});

test("what comes or breaks after the deadline is dropped", async () => {
  const { promise: broken, reject } = Promise.withResolvers<Reply>();
  const { promise: slow, resolve } = Promise.withResolvers<Reply>();
  expect(await run(() => broken, turn(5))).toEqual({ failed: "late" });
  expect(await run(() => slow, turn(5))).toEqual({ failed: "late" });
  reject(new Error("too late"));
  resolve(reply);
  await new Promise((done) => setTimeout(done, 5));
});

test("a responder that throws, at once or later, is unavailable with its cause", async () => {
  const cause = new Error("broken");
  expect(await run(() => Promise.reject(cause))).toEqual({ failed: "unavailable", cause });
  expect(
    await run(() => {
      throw cause;
    }),
  ).toEqual({ failed: "unavailable", cause });
});

test("once the deadline is over, or nobody waits, nobody is asked", async () => {
  let asked = 0;
  const respond = async () => {
    asked++;
    return reply;
  };
  expect(await run(respond, turn(0))).toEqual({ failed: "late" });
  expect(await run(respond, turn(50, AbortSignal.abort()))).toEqual({ failed: "late" });
  expect(asked).toBe(0);
});

test("when whoever waits goes away, the responder is told at once", async () => {
  const gone = new AbortController();
  let told: AbortSignal | undefined;
  const answering = run(
    ({ signal }) => {
      told = signal;
      gone.abort();
      return new Promise(() => {});
    },
    turn(60_000, gone.signal),
  );
  expect(await answering).toEqual({ failed: "late" });
  expect(told?.aborted).toBe(true);
});
