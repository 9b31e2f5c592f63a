import { expect, test } from "vitest";
import { told } from "./activity.ts";
import type { LocalFunction } from "./invocation.ts";

const fn = (handler: LocalFunction["handler"]): LocalFunction => ({ name: "fn", handler, timeoutSeconds: 1, memoryMb: 128 });

async function lineOf(handler: LocalFunction["handler"], event: unknown = {}): Promise<string> {
  const lines: string[] = [];
  await Promise.resolve(told(fn(handler), "GET /api/health", (line) => lines.push(line)).handler(event, {} as never)).catch(() => {});
  return lines
    .join("\n")
    .replace(/^\d\d:\d\d:\d\d {2}/, "")
    .replace(/ {2,}/, " ")
    .replace(/\d+ ms$/, "0 ms");
}

test.each<[string, LocalFunction["handler"], unknown, string]>([
  ["a request by its status", () => ({ statusCode: 402 }), {}, "GET /api/health 402, 0 ms"],
  ["a batch by its size", () => ({ batchItemFailures: [] }), { Records: [1] }, "GET /api/health 1 message, 0 ms"],
  ["what comes back", () => ({ batchItemFailures: [1] }), { Records: [1, 2] }, "GET /api/health 2 messages, 1 to be delivered again, 0 ms"],
  ["a schedule", () => undefined, {}, "GET /api/health done, 0 ms"],
  ["a failure", () => Promise.reject(new Error("secret")), {}, "GET /api/health failed, 0 ms"],
])("an invocation is told in one line: %s", async (_, handler, event, line) => {
  expect(await lineOf(handler, event)).toBe(line);
});

test("a failure still fails", async () => {
  const failing = told(
    fn(() => Promise.reject(new Error("no"))),
    "x",
    () => {},
  );
  await expect(failing.handler({}, {} as never)).rejects.toThrow("no");
});
