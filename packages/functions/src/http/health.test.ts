import { afterEach, expect, test, vi } from "vitest";
import { answered, contextWith, outputOf, requestOf } from "../fixtures/invocation.ts";
import { handler } from "./health.ts";

afterEach(() => vi.unstubAllEnvs());

test("health tells stage and version, and needs no table", async () => {
  vi.stubEnv("STAGE", "staging");
  const { result } = await outputOf(async () => answered(await handler(requestOf({ path: "/api/health" }), contextWith())));
  expect(result).toMatchObject({ status: 200, body: { status: "ok", stage: "staging", version: expect.stringMatching(/^\d+\.\d+\.\d+/) } });
});
