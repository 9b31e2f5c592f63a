import fc from "fast-check";
import { canaries } from "./canaries.ts";
import type { Schema } from "./targets.ts";

/** What a good request of an operation holds, where its rules go beyond its schema. */
const BODIES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  createCheckoutSession: { currency: "USD", amountMinor: 1_000, receiptEmail: canaries.receiptEmail },
  adjustWallet: { owner: canaries.owner, currency: "USD", amountMinor: 100, reason: canaries.message },
  freezeWallet: { reason: canaries.message },
  unfreezeWallet: { reason: canaries.message },
  // Which number, the scene says: one that can be had.
  purchaseNumber: { phoneNumber: "+14155550123", currency: "USD", expectedMinor: 300, friendlyName: canaries.name, country: "US" },
  updateNumber: { friendlyName: canaries.name, greeting: canaries.message, answeringMode: "forward", forwardTo: canaries.phone },
  releaseNumber: { dryRun: true },
  sendChatMessage: { message: canaries.message },
  changeAlert: { currency: "USD", lowBalanceMinor: 500 },
  repairNumber: { phoneNumber: "+14155550123" },
  startRun: { kind: "ledger_verification", full: false },
};

const FORMATS: Readonly<Record<string, string>> = {
  uri: `https://shop.example/back?ref=${canaries.urlParameter}`,
  email: canaries.receiptEmail,
  "date-time": "2026-01-31T12:00:00Z",
  date: "2026-01-31",
};

/** A value that a schema takes, the same each time. */
export function sampleOf(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const choices = (schema.anyOf ?? schema.oneOf ?? schema.allOf) as readonly Schema[] | undefined;
  if (choices?.[0]) return sampleOf(choices[0]);
  switch (schema.type) {
    case "object":
      return Object.fromEntries((schema.required ?? []).map((name) => [name, sampleOf(schema.properties?.[name] ?? {})]));
    case "array":
      return [];
    case "integer":
    case "number":
      return Number(schema.minimum ?? schema.exclusiveMinimum ?? 1);
    case "boolean":
      return true;
    default:
      return sampleText(schema);
  }
}

function sampleText({ format, pattern, minLength }: Schema): string {
  const known = format === undefined ? undefined : FORMATS[format];
  if (known !== undefined) return known;
  if (typeof pattern === "string") return fc.sample(fc.stringMatching(new RegExp(pattern)), { seed: 1, numRuns: 1 })[0] ?? "";
  return "x".repeat(Math.max(1, Number(minLength ?? 1)));
}

export const bodyOf = (operationId: string, schema: Schema): Readonly<Record<string, unknown>> =>
  BODIES[operationId] ?? (sampleOf(schema) as Readonly<Record<string, unknown>>);
