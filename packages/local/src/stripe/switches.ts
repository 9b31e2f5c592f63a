import * as z from "zod";
import { createFaultSwitches, type FaultSwitches } from "../sandbox/switches.ts";

const FailNext = z
  .strictObject({
    /** Default: any method. */
    method: z.enum(["GET", "POST"]).optional(),
    /** A path, for instance `/v1/refunds`; a `*` at the end stands for whatever follows. Default: any path. */
    path: z.string().startsWith("/v1/").optional(),
    /**
     * `429` and `500` to `599` answer without doing. A 500 is kept under the idempotency key, as Stripe keeps it; 429, 502, 503 and 504 are not.
     * `timeout`: nothing is done and nothing answered. `timeout_after`: it is done, and never answered.
     */
    status: z.union([z.literal(429), z.int().min(500).max(599), z.enum(["timeout", "timeout_after"])]).optional(),
    /** Does the call late; its idempotency key is in use meanwhile. */
    delayMs: z.int().min(0).max(60_000).optional(),
    /** How many matching calls fail. */
    times: z.int().min(1).max(1000).default(1),
  })
  .refine((failure) => failure.status !== undefined || failure.delayMs !== undefined, "needs a status or a delayMs");

export type FailNext = z.output<typeof FailNext>;

const Switches = z.strictObject({
  /** Copies of every event beyond the first. */
  duplicate: z.int().min(0).max(100).default(0),
  /** Copies go out all at once rather than one after another. */
  concurrent: z.boolean().default(false),
  /** How many events may be on their way at a time. 1: one after another, in order. */
  parallel: z.int().min(1).max(256).default(1),
  delayMs: z.int().min(0).max(600_000).default(0),
  /** Gathers events for a moment and delivers them in another order, drawn by `seed`. */
  reorder: z.boolean().default(false),
  /** Event types that are never delivered; `*` for all. */
  drop: z.array(z.string().min(1)).max(100).default([]),
  /** Keeps events until they are released. */
  hold: z.boolean().default(false),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  /** A second secret that signs too, as while an endpoint's secret is rotated. */
  alsoSignWith: z.string().startsWith("whsec_").nullable().default(null),
  /** How long a bank debit of the checkout page takes to settle. */
  settleAfterMs: z.int().min(0).max(86_400_000).default(5000),
  failNext: z.array(FailNext).max(100).default([]),
});

export type SwitchSettings = Readonly<z.output<typeof Switches>>;
/** Settings as they are given: what is left out has its default. */
export type SwitchInput = z.input<typeof Switches>;

export type Switches = FaultSwitches<SwitchSettings, SwitchInput, [method: string, path: string]>;

const matches = (failure: FailNext, method: string, path: string) =>
  (failure.method === undefined || failure.method === method) &&
  (failure.path === undefined || (failure.path.endsWith("*") ? path.startsWith(failure.path.slice(0, -1)) : failure.path === path));

export const createSwitches = (): Switches => createFaultSwitches(Switches, matches);
