import * as z from "zod/mini";
import type { Operation } from "./operation.ts";

export const getHealth = {
  method: "GET",
  path: "/api/health",
  summary: "Is the API up?",
  auth: "none",
  output: z.object({ status: z.literal("ok"), stage: z.string(), version: z.string() }),
  status: 200,
  errors: [],
} as const satisfies Operation;

export const getOpenapi = {
  method: "GET",
  path: "/api/openapi.json",
  summary: "This contract as OpenAPI 3.1",
  auth: "none",
  output: z.record(z.string(), z.unknown()),
  status: 200,
  errors: [],
} as const satisfies Operation;

export const systemOperations = { getHealth, getOpenapi };
