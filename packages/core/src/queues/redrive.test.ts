import { describe, expect, test } from "vitest";
import { AiraError } from "../lib/index.ts";
import { type DeadLetter, type DeadLetterQueue, lookAtDeadLetters, redrive } from "./index.ts";

const NOON = Date.parse("2026-03-01T12:00:00Z");

const letter = (n: number, body = `body ${n}`): DeadLetter => ({
  messageId: `m-${n}`,
  receipt: `r-${n}`,
  body,
  sentAtMs: NOON,
  receiveCount: 10,
});

/** Dead letters in memory, which fail as they are told to. */
class Queue implements DeadLetterQueue {
  readonly back: string[] = [];
  readonly hidden = new Set<string>();
  letters: DeadLetter[];
  fails: (step: "receive" | "send" | "remove", letter?: DeadLetter) => boolean = () => false;

  onBack: (letter: DeadLetter) => void = () => {};

  constructor(count: number) {
    this.letters = Array.from({ length: count }, (_, n) => letter(n));
  }

  async receive(hiddenSeconds: number): Promise<DeadLetter[]> {
    if (this.fails("receive")) throw new Error("no answer");
    const found = this.letters.filter(({ messageId }) => !this.hidden.has(messageId)).slice(0, 10);
    if (hiddenSeconds > 0) for (const { messageId } of found) this.hidden.add(messageId);
    return found;
  }

  async sendBack(one: DeadLetter): Promise<void> {
    if (this.fails("send", one)) throw new Error("no answer");
    this.back.push(one.messageId);
    this.onBack(one);
  }

  async remove(letters: readonly DeadLetter[]): Promise<void> {
    if (this.fails("remove")) throw new Error("no answer");
    this.letters = this.letters.filter(({ messageId }) => !letters.some((gone) => gone.messageId === messageId));
  }
}

const run = (queue: Queue, clock = () => NOON + 1) => redrive({ queue, clock }, NOON + 1_000);
const failure = (queue: Queue) =>
  run(queue).then(
    () => undefined,
    (error: unknown) => (error instanceof AiraError ? error.code : error),
  );
const all = (count: number) => Array.from({ length: count }, (_, n) => `m-${n}`);

describe("a redrive", () => {
  test("brings every dead letter back, each once", async () => {
    const queue = new Queue(23);
    expect(await run(queue)).toEqual({ moved: 23, complete: true });
    expect(queue.back).toEqual(all(23));
    expect(queue.letters).toEqual([]);
  });

  test("of nothing is done at once", async () => expect(await run(new Queue(0))).toEqual({ moved: 0, complete: true }));

  test("stops when its time is over, and says that it is not complete", async () => {
    const queue = new Queue(23);
    let now = NOON - 100;
    expect(
      await run(queue, () => {
        now += 300;
        return now;
      }),
    ).toEqual({ moved: 20, complete: false });
    expect(queue.letters).toHaveLength(3);
  });

  test("goes round only once with a letter that fails again at once", async () => {
    const queue = new Queue(3);
    queue.onBack = (one) => queue.letters.push({ ...one, messageId: `${one.messageId}-again`, sentAtMs: NOON + 2 });
    expect(await run(queue)).toEqual({ moved: 3, complete: true });
    expect(queue.letters.map(({ messageId }) => messageId)).toEqual(["m-0-again", "m-1-again", "m-2-again"]);
  });

  test("takes away only what went back", async () => {
    const queue = new Queue(5);
    queue.fails = (step, one) => step === "send" && one?.messageId === "m-2";
    expect(await failure(queue)).toBe("service.busy");
    expect(queue.letters.map(({ messageId }) => messageId)).toEqual(["m-2"]);
  });

  test.each(["receive", "send", "remove"] as const)("that breaks at any %s loses nothing, and its repeat does the rest", async (step) => {
    for (let at = 1; at <= 3; at++) {
      const queue = new Queue(23);
      let calls = 0;
      queue.fails = (now) => now === step && ++calls === at;
      expect(await failure(queue)).toBe("service.busy");
      queue.fails = () => false;
      queue.hidden.clear();
      await run(queue);
      expect(queue.letters).toEqual([]);
      expect(new Set(queue.back)).toEqual(new Set(all(23)));
    }
  });
});

describe("a look at the dead letters", () => {
  const look = async (body: string) => {
    const queue = new Queue(0);
    queue.letters = [letter(1, body)];
    const [view] = await lookAtDeadLetters(queue);
    return view;
  };

  test("hides nothing from a redrive", async () => {
    const queue = new Queue(3);
    expect(await lookAtDeadLetters(queue)).toHaveLength(3);
    expect(await run(queue)).toEqual({ moved: 3, complete: true });
  });

  test("tells the event and nothing else of it", async () => {
    const body = JSON.stringify({ id: "evt_1Abc", type: "refund.created", data: { object: { customer_email: "canary@example.com" } } });
    expect(await look(body)).toEqual({
      messageId: "m-1",
      firstSentAt: "2026-03-01T12:00:00.000Z",
      receiveCount: 10,
      eventType: "refund.created",
      eventId: "evt_1Abc",
    });
  });

  test.each(["", "poison", "null", "[]", '{"id":"canary@example.com","type":"x"}', '{"id":"evt_1","type":"canary@example.com"}'])(
    "shows nothing of the body %j, which holds no event",
    async (body) => expect(await look(body)).toMatchObject({ eventType: null, eventId: null }),
  );
});
