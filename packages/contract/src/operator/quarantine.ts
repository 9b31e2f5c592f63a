import * as z from "zod/mini";
import { Cursor } from "../cursor.ts";
import { QueryInteger, SignedMinor } from "../money.ts";
import type { Operation } from "../operation.ts";
import { operator } from "./group.ts";

/** How a paid session contradicts the top-up that it names. */
const Mismatch = z.enum(["amount", "currency", "owner", "reference", "session", "reversal_currency"]);

const QuarantineId = z.string().check(z.regex(/^qtn_[0-9a-hjkmnp-tv-z]{26}$/));

export const Finding = z.object({
  quarantineId: QuarantineId,
  reason: Mismatch,
  topUpId: z.string(),
  sessionId: z.string(),
  /** What the top-up says. */
  expected: z.string(),
  /** What the paid session says. */
  found: z.string(),
  at: z.iso.datetime(),
});

export const QuarantineOutput = z.object({
  findings: z.array(Finding),
  /** Hand it back as `cursor` for the next page. Null at the end. */
  nextCursor: z.nullable(z.string()),
});

/** What became of one session of a finding: money posted, held back again, or nothing in it for the wallet. */
export const Settlement = z.union([
  z.object({ outcome: z.literal("settled"), deltaMinor: SignedMinor }),
  z.object({ outcome: z.literal("quarantined"), quarantineId: QuarantineId, reason: Mismatch }),
  z.object({ outcome: z.literal("ignored"), why: z.enum(["foreign", "irrelevant"]) }),
]);

export const ReplayOutput = z.object({ quarantineId: QuarantineId, closed: z.boolean(), settlements: z.array(Settlement) });

export const listQuarantine = {
  ...operator,
  method: "GET",
  path: "/api/operator/quarantine",
  summary: "Paid sessions that contradict their top-up, oldest first",
  query: z.strictObject({
    limit: z._default(QueryInteger(1, 100), 50),
    cursor: Cursor,
  }),
  output: QuarantineOutput,
  status: 200,
  errors: ["cursor.invalid"],
} as const satisfies Operation;

export const replayQuarantine = {
  ...operator,
  method: "POST",
  path: "/api/operator/quarantine/{quarantineId}/replay",
  summary: "Settle a finding again, after its cause was corrected at Stripe",
  description: "Safe to repeat: what is posted follows from Stripe's objects. The finding closes when nothing contradicts any more.",
  params: z.strictObject({ quarantineId: QuarantineId }),
  output: ReplayOutput,
  status: 200,
  errors: ["quarantine.not_found", "wallet.busy", "outcome.unknown", "payment_provider.refused", "payment_provider.unavailable"],
} as const satisfies Operation;
