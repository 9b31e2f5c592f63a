import { expect, test } from "vitest";
import { crashCurrentInvocation, type Handler, invoke } from "./invocation.ts";

const fn = (handler: Handler, timeoutSeconds = 5) => ({ name: "aira-local-test", handler, timeoutSeconds, memoryMb: 256 });

test("the context is one that Lambda would give", async () => {
  const seen = await invoke(
    fn((_event, context) => ({ ...context, remainingMs: context.getRemainingTimeInMillis() })),
    {},
  );
  expect(seen).toMatchObject({
    functionName: "aira-local-test",
    functionVersion: "$LATEST",
    invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:aira-local-test",
    memoryLimitInMB: "256",
    logGroupName: "/aws/lambda/aira-local-test",
    awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  const { remainingMs } = seen as { remainingMs: number };
  expect(remainingMs).toBeGreaterThan(4_000);
  expect(remainingMs).toBeLessThanOrEqual(5_000);
});

test("event and result pass through JSON, so that nothing is shared with the function", async () => {
  const event = { list: [1], gone: undefined };
  const result = await invoke(
    fn((received) => {
      const copy = received as { list: number[] };
      copy.list.push(2);
      return { ...copy, at: new Date(0) };
    }),
    event,
  );
  expect(event.list).toEqual([1]);
  expect(result).toEqual({ list: [1, 2], at: "1970-01-01T00:00:00.000Z" });
});

test("a late function fails at its timeout", async () => {
  await expect(
    invoke(
      fn(() => new Promise(() => {}), 0.02),
      {},
    ),
  ).rejects.toThrow("aira-local-test timed out after 0.02 seconds");
});

test("what the handler throws is what the caller gets, thrown at once or later", async () => {
  const thrown = () => {
    throw new Error("at once");
  };
  await expect(invoke(fn(thrown), {})).rejects.toThrow("at once");
  await expect(
    invoke(
      fn(async () => thrown()),
      {},
    ),
  ).rejects.toThrow("at once");
});

test("a killed invocation fails at once, and its code never goes on", async () => {
  const steps: string[] = [];
  const killed = invoke(
    fn(async () => {
      steps.push("before");
      await Promise.resolve();
      try {
        await crashCurrentInvocation();
      } finally {
        steps.push("after");
      }
    }),
    {},
  );
  await expect(killed).rejects.toMatchObject({ name: "InvocationCrashed" });
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(steps).toEqual(["before"]);
});

test("killing one invocation leaves those beside it alone", async () => {
  const handler = fn(async (event) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return (event as { die: boolean }).die ? crashCurrentInvocation() : "done";
  });
  const results = await Promise.allSettled([
    invoke(handler, { die: false }),
    invoke(handler, { die: true }),
    invoke(handler, { die: false }),
  ]);
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});

test("outside of an invocation there is nothing to kill", () => {
  expect(() => crashCurrentInvocation()).toThrow("outside of an invocation");
});
