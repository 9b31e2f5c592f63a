import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startBundles } from "../../fixtures/bundles.ts";
import { bodyOf, type Service, startService } from "../../fixtures/services.ts";
import * as whole from "../sqs.ts";

type Queues = Pick<typeof whole, "countMessages" | "deadLettersOf">;

let bundles: Awaited<ReturnType<typeof startBundles>>;
let bundled: Queues;
let service: Service;
/** No answer at all. */
const SILENT = 0;
let status = 200;
let seen: { readonly target: unknown; readonly authorization: string; readonly body: object }[] = [];

beforeAll(async () => {
  bundles = await startBundles({ sqs: "edge/sqs.ts" });
  bundled = await bundles.load("sqs");
  service = await startService(async (request, response) => {
    const body = JSON.parse(await bodyOf(request));
    if (status === SILENT) return;
    seen.push({ target: request.headers["x-amz-target"], authorization: request.headers.authorization ?? "", body });
    const answer = { Attributes: { ApproximateNumberOfMessages: "3" }, Messages: [{ MessageId: "1", ReceiptHandle: "r", Body: "नमस्ते" }] };
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(status === 200 ? answer : {}));
  });
  const url = `${service.url}/000000000000/payments`;
  vi.stubEnv("PAYMENTS_QUEUE_URL", url);
  vi.stubEnv("PAYMENTS_DEAD_QUEUE_URL", `${url}-dead`);
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "KEY");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "none");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await service?.stop();
  await bundles?.stop();
});

const inSeconds = (seconds: number) => Date.now() + seconds * 1_000;

/** What an operator's question comes to, and what it asked of SQS. */
async function over(queues: Queues, ask: (queues: Queues) => Promise<unknown>) {
  seen = [];
  const outcome = await ask(queues).catch(({ name, code }) => ({ name, code }));
  const asked = seen.map(({ target, authorization, body }) => ({ target, body, scope: /Credential=([^,]+)/.exec(authorization)?.[1] }));
  return { outcome, asked: asked.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))) };
}

test.each<[string, number, (queues: Queues) => Promise<unknown>]>([
  ["counts", 200, ({ countMessages }) => countMessages("payments", inSeconds(10))],
  ["dead letters", 200, ({ deadLettersOf }) => deadLettersOf("payments", inSeconds(10)).receive(30)],
  ["a queue that fails", 500, ({ deadLettersOf }) => deadLettersOf("payments", inSeconds(10)).receive(30)],
  ["a queue that refuses", 400, ({ deadLettersOf }) => deadLettersOf("payments", inSeconds(10)).receive(30)],
])("%s are the same over the bundles' client of SQS as over the whole one", async (_, answer, ask) => {
  status = answer;
  const [lean, full] = [await over(bundled, ask), await over(whole, ask)];
  expect(full.asked.length).toBeGreaterThan(0);
  expect(lean).toEqual(full);
});

test.each<[string, (queues: Queues, deadline: number) => Promise<unknown>]>([
  ["counting", ({ countMessages }, deadline) => countMessages("payments", deadline)],
  ["looking", ({ deadLettersOf }, deadline) => deadLettersOf("payments", deadline).receive(0)],
])("%s ends with a sentence before the function does, though SQS never answers", async (_, ask) => {
  status = SILENT;
  for (const queues of [bundled, whole]) {
    const deadline = inSeconds(1.5);
    await expect(ask(queues, deadline)).rejects.toMatchObject({ code: "service.busy" });
    expect(Date.now()).toBeLessThan(deadline);
  }
});

test("a redrive's calls have one deadline", async () => {
  status = SILENT;
  const deadline = inSeconds(1.5);
  const queue = whole.deadLettersOf("payments", deadline);
  const letter = { messageId: "1", receipt: "r", body: "{}", sentAtMs: 0, receiveCount: 1 };
  const ended = await Promise.allSettled([queue.sendBack(letter), queue.remove([letter])]);
  expect(ended.map((one) => one.status)).toEqual(["rejected", "rejected"]);
  await expect(queue.receive(0)).rejects.toMatchObject({ code: "service.busy" });
  expect(Date.now()).toBeLessThan(deadline);
});
