import * as z from "zod";
import { createFaultSwitches, type FaultSwitches } from "../sandbox/switches.ts";
import { isTwilioCode } from "./fault.ts";
import { OPERATIONS, type Operation } from "./objects.ts";

const FailNext = z
  .strictObject({
    /** Default: any. */
    operation: z.enum(OPERATIONS).optional(),
    /** Only calls about this number (E.164). Default: any. */
    number: z
      .string()
      .regex(/^\+\d{7,15}$/, "must be a number in E.164")
      .optional(),
    /** Whether what follows meets the call before it has done anything, or when it has. */
    when: z.enum(["before", "after"]).default("before"),
    /**
     * What is answered instead: a status (`429`, `500` to `599`), an error of Twilio's dictionary (`{ "code": 21650 }`), `reset` (the
     * connection ends), `timeout` (nothing comes, ever), or `taken` (somebody else has bought the number a moment ago). Default: the true answer.
     */
    answer: z
      .union([
        z.literal(429),
        z.int().min(500).max(599),
        z.enum(["reset", "timeout", "taken"]),
        z.strictObject({ code: z.int().refine(isTwilioCode, "must be an error that the sandbox knows") }),
      ])
      .optional(),
    /** Waits first. A caller who gives up meanwhile doesn't stop the call: what it does, it does late. */
    delayMs: z.int().min(0).max(600_000).default(0),
    /** Waits until it is let go. */
    hold: z.boolean().default(false),
    /** How many matching calls pass unharmed before. */
    skip: z.int().min(0).max(100_000).default(0),
    /** How many matching calls fail. */
    times: z.int().min(1).max(100_000).default(1),
  })
  .refine((failure) => failure.answer !== undefined || failure.delayMs > 0 || failure.hold, "needs an answer, a delayMs or hold")
  .refine(
    ({ answer, operation, when }) => answer !== "taken" || (operation === "numbers.create" && when === "before"),
    "taken is for numbers.create, before",
  );

export type FailNext = z.output<typeof FailNext>;

const Switches = z.strictObject({
  /** `suspended`: every call but the balance is refused. `restricted`: nothing is sold. `trial`: one number is sold, no more. */
  account: z.enum(["active", "suspended", "restricted", "trial"]).default("active"),
  /** How far lists of numbers are behind what was bought and given back. */
  listLagMs: z.int().min(0).max(86_400_000).default(0),
  /** Every call takes this long before it does anything. */
  delayMs: z.int().min(0).max(600_000).default(0),
  failNext: z.array(FailNext).max(1000).default([]),
  /** Copies of every webhook beyond the first. What a copy is answered is not followed. */
  repeatWebhooks: z.int().min(0).max(100).default(0),
  /** Gathers status callbacks for a moment and sends them in another order, drawn by `seed`. */
  reorderCallbacks: z.boolean().default(false),
  seed: z.int().min(0).max(0xffff_ffff).default(1),
  callbackDelayMs: z.int().min(0).max(600_000).default(0),
  /** Status callbacks never come. */
  dropCallbacks: z.boolean().default(false),
  /** How long a text takes from each status to the next. */
  textStepMs: z.int().min(0).max(600_000).default(100),
  /** Texts to these numbers are not delivered. */
  undeliverable: z.array(z.string().min(1)).max(100).default([]),
  /** How long it takes to put a recording into words. */
  transcribeAfterMs: z.int().min(0).max(600_000).default(300),
  /** How long after its end a call or a text has a price, by the sandbox's clock. */
  priceAfterMs: z.int().min(0).max(86_400_000).default(5000),
});

export type SwitchSettings = Readonly<z.output<typeof Switches>>;
/** Settings as they are given: what is left out has its default. */
export type SwitchInput = z.input<typeof Switches>;

export type Switches = FaultSwitches<SwitchSettings, SwitchInput, [operation: Operation, number: string | null]>;

const matches = (failure: FailNext, operation: Operation, number: string | null) =>
  (failure.operation === undefined || failure.operation === operation) && (failure.number === undefined || failure.number === number);

export const createSwitches = (): Switches => createFaultSwitches(Switches, matches);
