import * as z from "zod/mini";
import { PhoneNumber } from "../numbers/phone-number.ts";
import type { Operation } from "../operation.ts";
import { days } from "./days.ts";
import { operator } from "./group.ts";

export const RepairNumberInput = z.strictObject({ phoneNumber: PhoneNumber });

export const RepairNumberOutput = z.object({
  phoneNumber: PhoneNumber,
  /** False: the provider does not have the number any more, so there was nothing to set. */
  repaired: z.boolean(),
});

/**
 * How provider and table differ about one number. `orphan`: the provider charges for it and nobody has it; `missing`: somebody has it and
 * the provider does not; `webhooks`: its calls go elsewhere.
 */
export const NUMBER_DIFFERENCES = ["orphan", "missing", "webhooks"] as const;

export const NumberDifference = z.object({
  kind: z.enum(NUMBER_DIFFERENCES),
  phoneNumber: z.string(),
  /** The provider's id of the number. */
  sid: z.nullable(z.string()),
  purchaseId: z.nullable(z.string()),
  /** Whether the run has put it right. */
  mended: z.boolean(),
});

/** The newest comparison of a day. */
export const NumberReconciliation = z.object({
  day: z.iso.date(),
  /** When it was made. */
  at: z.iso.datetime(),
  /** Numbers of this deployment at the provider. */
  provided: z.int(),
  /** Numbers that customers have. */
  held: z.int(),
  /** Numbers of the same account that are not this deployment's. */
  foreign: z.int(),
  /** What the provider's account had left, as a decimal text. */
  balance: z.object({ amount: z.string(), currency: z.string() }),
  differenceCount: z.int(),
  differences: z.array(NumberDifference),
});

export const NumberReconciliationsOutput = z.object({ days: z.array(NumberReconciliation) });

export const repairNumber = {
  ...operator,
  method: "POST",
  path: "/api/operator/numbers/repair",
  summary: "Set a number's webhooks at the provider again",
  description: "Every address and the number's tag, as this deployment has them now. Repeating it does no harm.",
  body: RepairNumberInput,
  output: RepairNumberOutput,
  status: 200,
  errors: ["number.not_found", "number.not_active", "number_provider.unavailable", "number_provider.refused"],
} as const satisfies Operation;

export const listNumberReconciliations = {
  ...operator,
  method: "GET",
  path: "/api/operator/number-reconciliations",
  summary: "Our numbers against the provider's list, by day",
  description:
    "Oldest first. A day without a run is absent. One answer lists at most 500 differences, those of the first days: `differenceCount` tells how many a day has, and a day asked for alone lists its own.",
  query: days(31),
  output: NumberReconciliationsOutput,
  status: 200,
  errors: [],
} as const satisfies Operation;
