import { expect, test } from "vitest";
import { contextWith, outputOf, requestOf } from "../fixtures/invocation.ts";
import { handler } from "./docs.ts";

test("the API reference is found on the dashboard, whatever the query says", async () => {
  const request = requestOf({ path: "/api/docs", query: "to=https://elsewhere.example" });
  const { result } = await outputOf(async () => handler(request, contextWith()));
  expect(result).toMatchObject({ statusCode: 302, headers: { location: "/docs" } });
});
