import { expect, test } from "vitest";
import { batch } from "../fixtures/batch.ts";
import { contextWith, outputOf } from "../fixtures/invocation.ts";
import { consumer } from "./consumer.ts";

test("only what was not done comes back", async () => {
  const handler = consumer("payments", async (messages) => messages.filter(({ body }) => body === "bad").map(({ messageId }) => messageId));
  const { result } = await outputOf(() => handler(batch(["good", "bad", "good"]), contextWith()));
  expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: "message-1" }] });
});

test("a batch that is done says so explicitly", async () => {
  const { result } = await outputOf(() => consumer("payments", async () => [])(batch(["a", "b"]), contextWith()));
  expect(result).toEqual({ batchItemFailures: [] });
});

test("when the consumer throws, everything comes back", async () => {
  const handler = consumer("payments", async () => {
    throw new Error("canary");
  });
  const { result, output } = await outputOf(() => handler(batch(["canary-body", "b"]), contextWith()));
  expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: "message-0" }, { itemIdentifier: "message-1" }] });
  expect(JSON.parse(output)).toMatchObject({ level: "ERROR", message: "invocation", queue: "payments", failed: 2 });
  expect(output).not.toContain("canary");
});

test("a message tells when it was sent and how often it came", async () => {
  const seen: unknown[] = [];
  const handler = consumer("payments", async (messages) => {
    seen.push(...messages);
    return [];
  });
  await outputOf(() => handler(batch(["{}"]), contextWith()));
  expect(seen).toEqual([{ messageId: "message-0", body: "{}", sentAt: 1_772_366_400_000, receiveCount: 2 }]);
});
