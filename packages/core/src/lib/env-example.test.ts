import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { envExample } from "./env-example.ts";

it(".env.example says of every variable what the config schema says", () => {
  expect(readFileSync(new URL("../../../../.env.example", import.meta.url), "utf8")).toBe(envExample());
});
