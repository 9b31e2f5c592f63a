import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { type AddressInfo, createServer } from "node:net";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AiraError } from "../lib/index.ts";
import { createTable, keys, type Table, type WriteResult } from "../table/index.ts";
import { type Answer, answerOnce, type NamedRequest, type RequestPorts } from "./index.ts";

let emulator: ChildProcess;
let client: DynamoDBClient;
let table: Table;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

beforeAll(async () => {
  const port = await freePort();
  const binary = createRequire(import.meta.url).resolve("@dynoxide/linux-x64/dynoxide");
  const child = spawn(binary, ["serve", "--port", String(port)], { stdio: ["ignore", "ignore", "pipe"] });
  emulator = child;
  // Its own line, not the port: another process could answer there.
  for await (const text of child.stderr.iterator({ destroyOnReturn: false })) if (String(text).includes("listening")) break;
  child.stderr.resume();
  client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  await client.send(
    new CreateTableCommand({
      TableName: "aira",
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
  table = createTable(DynamoDBDocumentClient.from(client), "aira");
});

afterAll(async () => {
  client?.destroy();
  if (emulator?.kill("SIGTERM")) await once(emulator, "exit");
});

const start = Date.parse("2026-03-01T12:00:00Z");
let count = 0;
const named = (over: Partial<NamedRequest> = {}): NamedRequest => ({
  owner: "owner-1",
  route: "POST /api/thing",
  key: `key-${++count}`,
  input: { body: { amountMinor: 500 } },
  deadline: start + 10_000,
  ...over,
});

interface World extends RequestPorts {
  readonly warnings: string[];
}
function world(over: Partial<RequestPorts> = {}): World {
  const warnings: string[] = [];
  return {
    table,
    clock: () => start,
    random: () => 0.5,
    wait: async () => {},
    warn: (message) => warnings.push(message),
    ...over,
    warnings,
  };
}

const answer: Answer = { status: 201, body: '{"id":"top_1"}' };
const succeed = async () => answer;
const fail = (error: Error) => async () => Promise.reject(error);
const neverRun = async () => Promise.reject(new Error("ran a second time"));
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => "answered",
    (error: unknown) => (error instanceof AiraError ? error.code : String(error)),
  );

test("a repeat gets the same status and body, and does not run", async () => {
  const request = named();
  expect(await answerOnce(world(), request, succeed)).toEqual({ ...answer, replayed: false });
  expect(await answerOnce(world(), request, neverRun)).toEqual({ ...answer, replayed: true });
});

test("an answer that is not settled is kept for nobody: a repeat runs, finds out, and from then on gets what it found", async () => {
  const request = named();
  const pending = { status: 202, body: '{"state":"pending"}' };
  expect(await answerOnce(world(), request, async () => ({ ...pending, unsettled: true }))).toEqual({ ...pending, replayed: false });
  expect(await table.get(keys.request(request.owner, request.route, request.key))).toBeUndefined();
  expect(await answerOnce(world(), request, succeed)).toEqual({ ...answer, replayed: false });
  expect(await answerOnce(world(), request, neverRun)).toEqual({ ...answer, replayed: true });
});

test("the order of the input's fields makes no other request", async () => {
  const request = named({ input: { a: 1, b: 2 } });
  await answerOnce(world(), request, succeed);
  expect(await answerOnce(world(), { ...request, input: { b: 2, a: 1 } }, neverRun)).toMatchObject({ replayed: true });
});

test("another request under the same key is refused", async () => {
  const request = named();
  await answerOnce(world(), request, succeed);
  const other = { ...request, input: { body: { amountMinor: 501 } } };
  expect(await codeOf(answerOnce(world(), other, neverRun))).toBe("idempotency.key_reused");
});

test("owners and routes do not share keys, even where their names would meet in one table key", async () => {
  const key = `key-${++count}`;
  await answerOnce(world(), named({ key }), succeed);
  expect(await answerOnce(world(), named({ key, owner: "owner-2" }), succeed)).toMatchObject({ replayed: false });
  expect(await answerOnce(world(), named({ key, route: "POST /api/other" }), succeed)).toMatchObject({ replayed: false });
  await answerOnce(world(), named({ owner: "a", route: "r", key: `b#r#${key}` }), succeed);
  expect(await codeOf(answerOnce(world(), named({ owner: "a#r#b", route: "r", key }), neverRun))).toBe("idempotency.key_reused");
});

test("a repeat while the first runs is told so, and when to come back", async () => {
  const request = named();
  const { promise: held, resolve } = Promise.withResolvers<void>();
  const { promise: started, resolve: begin } = Promise.withResolvers<void>();
  const first = answerOnce(world(), request, async () => {
    begin();
    await held;
    return answer;
  });
  await started;
  const refused = await answerOnce(world(), request, neverRun).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "idempotency.in_progress", retryAfterSeconds: 1 });
  resolve();
  expect(await first).toMatchObject({ replayed: false });
});

test.each([
  new AiraError("wallet.insufficient_funds", "Too little."),
  new AiraError("wallet.busy", "Busy."),
  new AiraError("outcome.unknown", "Unknown."),
  new AiraError("top_up.expired", "Expired."),
  new AiraError("request.invalid", "Invalid."),
  new AiraError("payment_provider.refused", "Refused."),
  new TypeError("a bug"),
])("%s does not use the key up", async (error) => {
  const request = named();
  await expect(answerOnce(world(), request, fail(error))).rejects.toBe(error);
  expect(await answerOnce(world(), request, succeed)).toMatchObject({ replayed: false });
});

test("a crash keeps the key until the execution must be dead, then a repeat runs again", async () => {
  const request = named();
  const never = new Promise<Answer>(() => {});
  const { promise: started, resolve: begin } = Promise.withResolvers<void>();
  void answerOnce(world(), request, () => {
    begin();
    return never;
  });
  await started;
  const at = (now: number) => world({ clock: () => now });
  expect(await codeOf(answerOnce(at(request.deadline), request, neverRun))).toBe("idempotency.in_progress");
  const later = { ...request, deadline: request.deadline + 10_000 };
  expect(await codeOf(answerOnce(at(request.deadline + 1), { ...later, input: "other" }, neverRun))).toBe("idempotency.key_reused");
  expect(await answerOnce(at(request.deadline + 1), later, succeed)).toMatchObject({ replayed: false });
});

test.each<[string, (end: PromiseWithResolvers<Answer>) => void]>([
  ["succeeds", (end) => end.resolve({ status: 201, body: '{"id":"late"}' })],
  ["fails", (end) => end.reject(new AiraError("wallet.busy", "Busy."))],
])("an execution that outlived its time and then %s does not touch the one that took over", async (_, finish) => {
  const request = named();
  const end = Promise.withResolvers<Answer>();
  const { promise: started, resolve: begin } = Promise.withResolvers<void>();
  const late = answerOnce(world(), request, () => {
    begin();
    return end.promise;
  });
  await started;
  const after = world({ clock: () => request.deadline + 1 });
  await answerOnce(after, { ...request, deadline: request.deadline + 10_000 }, succeed);
  finish(end);
  await late.catch(() => {});
  expect(await answerOnce(after, request, neverRun)).toEqual({ ...answer, replayed: true });
});

test("an answer is forgotten after a day, whether or not DynamoDB has deleted it", async () => {
  const request = named();
  await answerOnce(world(), request, succeed);
  const day = 24 * 60 * 60 * 1_000;
  expect(await answerOnce(world({ clock: () => start + day }), request, neverRun)).toMatchObject({ replayed: true });
  expect(await answerOnce(world({ clock: () => start + day + 1_000 }), request, succeed)).toMatchObject({ replayed: false });
});

type Fault = "unknown, written" | "unknown, not written" | "contended" | "refused by the service";

/** The table, with one fault at its nth write. */
function faulty(nth: number, fault: Fault, times = 1): Table {
  let writes = 0;
  return {
    ...table,
    async write(write): Promise<WriteResult> {
      const at = writes++;
      if (at < nth || at >= nth + times) return table.write(write);
      if (fault === "refused by the service") throw new Error("AccessDeniedException");
      if (fault === "contended") return { outcome: "contended", cause: new Error("throttled") };
      if (fault === "unknown, written") await table.write(write);
      return { outcome: "unknown", cause: new Error("no answer") };
    },
  };
}

describe("when the table does not answer", () => {
  test.each<Fault>(["unknown, written", "unknown, not written", "contended"])(
    "to the claim (%s), it runs once all the same",
    async (fault) => {
      const request = named();
      let runs = 0;
      const run = async () => {
        runs++;
        return answer;
      };
      expect(await answerOnce(world({ table: faulty(0, fault) }), request, run)).toMatchObject({ replayed: false });
      expect(await answerOnce(world(), request, neverRun)).toMatchObject({ replayed: true });
      expect(runs).toBe(1);
    },
  );

  test("to any claim, the client hears that the service is busy, and nothing ran", async () => {
    expect(await codeOf(answerOnce(world({ table: faulty(0, "contended", 99) }), named(), neverRun))).toBe("service.busy");
  });

  test.each<Fault>(["unknown, written", "unknown, not written", "contended", "refused by the service"])(
    "to the keeping of the answer (%s), the client still gets it",
    async (fault) => {
      const ports = world({ table: faulty(1, fault, 99) });
      expect(await answerOnce(ports, named(), succeed)).toEqual({ ...answer, replayed: false });
      expect(ports.warnings).toEqual(["The answer of a request was not kept"]);
    },
  );

  test("to the giving back of a key, the client still gets the refusal", async () => {
    const ports = world({ table: faulty(1, "refused by the service") });
    expect(await codeOf(answerOnce(ports, named(), fail(new AiraError("wallet.busy", "Busy."))))).toBe("wallet.busy");
    expect(ports.warnings).toEqual(["The key of a request was not given back"]);
  });
});

/** Lets one party at a time take one step, in the order of a schedule. */
function turnstile(parties: number) {
  const waiting = new Map<number, () => void>();
  let live = parties;
  let settled = Promise.withResolvers<void>();
  const settle = () => {
    if (waiting.size === live) settled.resolve();
  };
  return {
    turn: (party: number) =>
      new Promise<void>((go) => {
        waiting.set(party, go);
        settle();
      }),
    done: () => {
      live--;
      settle();
    },
    async play(schedule: readonly number[]): Promise<void> {
      for (let step = 0; live > 0; step++) {
        await settled.promise;
        if (live === 0) return;
        settled = Promise.withResolvers<void>();
        const wanted = schedule[step % schedule.length] ?? 0;
        const party = waiting.has(wanted) ? wanted : ([...waiting.keys()][0] ?? 0);
        const go = waiting.get(party);
        waiting.delete(party);
        go?.();
      }
    },
  };
}

test("however two requests interleave, one runs at a time and all answers are one answer", async () => {
  const faults: Fault[] = ["unknown, written", "unknown, not written", "contended"];
  const party = fc.record({
    same: fc.boolean(),
    succeeds: fc.boolean(),
    fault: fc.option(fc.record({ nth: fc.nat(2), kind: fc.constantFrom(...faults) }), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(party, party, fc.array(fc.nat(1), { minLength: 1, maxLength: 14 }), async (first, second, schedule) => {
      const gate = turnstile(2);
      const request = named();
      let running = 0;
      const ran: string[] = [];
      const outcomes = [first, second].map(async (plan, who) => {
        const under = plan.fault ? faulty(plan.fault.nth, plan.fault.kind) : table;
        const stepped: Table = {
          ...under,
          write: (write) => gate.turn(who).then(() => under.write(write)),
          get: (key, options) => gate.turn(who).then(() => under.get(key, options)),
        };
        const input = plan.same ? request.input : `other-${who}`;
        const run = async () => {
          expect(++running, "one at a time").toBe(1);
          await gate.turn(who);
          running--;
          if (!plan.succeeds) throw new AiraError("wallet.busy", "Busy.");
          ran.push(`${who}`);
          return { status: 201, body: `${who}` };
        };
        const result = await answerOnce(world({ table: stepped }), { ...request, input }, run).catch((error: unknown) => error);
        gate.done();
        return result;
      });
      await gate.play(schedule);
      const results = await Promise.all(outcomes);
      const answers = results.filter((result): result is Answer & { replayed: boolean } => !(result instanceof Error));
      for (const result of results)
        if (result instanceof Error)
          expect(["wallet.busy", "idempotency.in_progress", "idempotency.key_reused"]).toContain((result as AiraError).code);
      expect(ran.length, "one success per key").toBeLessThanOrEqual(1);
      expect(new Set(answers.map(({ body }) => body)).size).toBeLessThanOrEqual(1);
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(ran.length);
    }),
    { numRuns: 300 },
  );
});
