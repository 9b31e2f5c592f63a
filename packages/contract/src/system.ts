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

export const getDocs = {
  method: "GET",
  path: "/api/docs",
  summary: "This contract to read",
  description: "Leads to the page of the dashboard that renders the OpenAPI document. It needs no account.",
  auth: "none",
  output: z.null(),
  status: 302,
  errors: [],
} as const satisfies Operation;

export const systemOperations = { getHealth, getOpenapi, getDocs };
