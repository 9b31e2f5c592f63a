import { currentOpenapi } from "@aira/contract/openapi";
import { expect, test } from "vitest";
import { answered, contextWith, outputOf, requestOf } from "../fixtures/invocation.ts";
import { handler } from "./openapi.ts";

test("what is served is the contract's document", async () => {
  const { result } = await outputOf(async () => answered(await handler(requestOf({ path: "/api/openapi.json" }), contextWith())));
  expect(result).toMatchObject({ status: 200, headers: { "content-type": "application/json" } });
  expect(result.body).toEqual(currentOpenapi());
});
