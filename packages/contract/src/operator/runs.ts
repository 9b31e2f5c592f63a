import * as z from "zod/mini";
import { QueryInteger, SignedMinor } from "../money.ts";
import type { Operation } from "../operation.ts";
import { operator } from "./group.ts";
import { NUMBER_DIFFERENCES } from "./numbers.ts";

/** What can be looked at: the ledger by its own rules, the ledger against Stripe, our numbers against Twilio's list. */
export const RunKind = z.enum(["ledger_verification", "payment_reconciliation", "number_reconciliation"]);
export type RunKind = z.infer<typeof RunKind>;

/**
 * `queued`: it waits for its first try, or for the next one after a try that failed; `failed`: no try is left, its message is among the
 * dead letters; `stalled`: it should be under way and has given no sign of life for twenty minutes, so nobody works on it any more.
 */
export const RunState = z.enum(["queued", "running", "finished", "failed", "stalled"]);
export type RunState = z.infer<typeof RunState>;

/** What a run counts. Which of them depends on its kind. */
export const RunCount = z.enum([
  "wallets",
  "fullWallets",
  "entries",
  "violations",
  "reconciled",
  "days",
  "topUps",
  "differences",
  "provided",
  "held",
  "foreign",
  "orphaned",
  "missing",
  "webhooks",
]);
export type RunCount = z.infer<typeof RunCount>;

/** A rule of its own that a wallet's history breaks. */
const Violation = z.object({
  type: z.literal("violation"),
  owner: z.string(),
  /** The entry, 0 where it is none alone. */
  seq: z.int(),
  /** The rule, as a sentence. */
  broken: z.string(),
});

/** A top-up over which Stripe and the ledger differ. */
const PaymentDifference = z.object({
  type: z.literal("payment_difference"),
  day: z.iso.date(),
  topUpId: z.string(),
  reason: z.string(),
  currency: z.string(),
  atStripeMinor: SignedMinor,
  inLedgerMinor: SignedMinor,
});

/** A number over which Twilio and the table differ. */
const NumberFinding = z.object({
  type: z.literal("number_difference"),
  kind: z.enum(NUMBER_DIFFERENCES),
  phoneNumber: z.string(),
  /** The provider's id of the number. */
  sid: z.nullable(z.string()),
});

export const RunFinding = z.union([Violation, PaymentDifference, NumberFinding]);
export type RunFinding = z.infer<typeof RunFinding>;

/** One look at the whole, by whoever started it, and what it came to. Kept for 90 days. */
export const Run = z.object({
  runId: z.string(),
  kind: RunKind,
  state: RunState,
  /** Of a verification: every history was asked for from its first entry on, whatever was verified before. */
  full: z.boolean(),
  /** `schedule`, or `operator:` and the `sub` of that operator. */
  requestedBy: z.string(),
  requestedAt: z.iso.datetime(),
  startedAt: z.nullable(z.iso.datetime()),
  /** Its last sign of life. */
  updatedAt: z.iso.datetime(),
  finishedAt: z.nullable(z.iso.datetime()),
  /** How often it was taken up: a long one is handed on before its time is over. */
  attempts: z.int(),
  /** Whether it reached its end. A schedule whose time was over leaves the rest to its next run. */
  complete: z.boolean(),
  /** So far; once it is finished, what it came to. */
  counts: z.partialRecord(RunCount, z.int()),
  findingCount: z.int(),
  /** The first fifty. */
  findings: z.array(RunFinding),
  /** The code of what its last try failed with. */
  error: z.nullable(z.string()),
});

export const StartRunInput = z.strictObject({ kind: RunKind, full: z._default(z.boolean(), false) }).check((c) => {
  if (!c.value.full || c.value.kind === "ledger_verification") return;
  const message = "must be false: only a verification of the ledger can be full";
  c.issues.push({ code: "custom", input: true, path: ["full"], message, params: { rule: "false unless ledger_verification" } });
});

export const RunsOutput = z.object({ runs: z.array(Run) });

export const startRun = {
  ...operator,
  method: "POST",
  path: "/api/operator/runs",
  summary: "Verify the ledger or reconcile now",
  description:
    "The look takes longer than a request may, so the answer is the run, to be followed in the list. An operator's run of the same kind that is under way is joined, not doubled; a stalled one is not, nor one that was asked for less (`full`). A number reconciliation that is started here reads only: webhooks are set again by the schedule.",
  idempotent: true,
  body: StartRunInput,
  output: Run,
  status: 202,
  errors: [],
} as const satisfies Operation;

export const listRuns = {
  ...operator,
  method: "GET",
  path: "/api/operator/runs",
  summary: "Verifications and reconciliations, newest first",
  description: "The schedules' runs and the operators'. One that is older than 90 days is gone.",
  query: z.strictObject({ kind: z.optional(RunKind), limit: z._default(QueryInteger(1, 50), 20) }),
  output: RunsOutput,
  status: 200,
  errors: [],
} as const satisfies Operation;
