import * as z from "zod";
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

/** The faults that are switched on. Held in memory: a restart begins with none. */
export interface Switches {
  get(): SwitchSettings;
  /** Sets the named switches and every other to its default. Throws a sentence that names the switch and the rule. */
  set(settings: SwitchInput): SwitchSettings;
  /** The failure that this call is to meet, used up. */
  takeFailure(operation: Operation, number: string | null): FailNext | undefined;
}

const matches = (failure: FailNext, operation: Operation, number: string | null) =>
  (failure.operation === undefined || failure.operation === operation) && (failure.number === undefined || failure.number === number);

/** What is left of a failure when one more call has met it: one to skip less, one time less, or nothing. */
function spent(failure: FailNext): readonly FailNext[] {
  if (failure.skip > 0) return [{ ...failure, skip: failure.skip - 1 }];
  return failure.times > 1 ? [{ ...failure, times: failure.times - 1 }] : [];
}

export function createSwitches(): Switches {
  let settings: SwitchSettings = Switches.parse({});
  return {
    get: () => settings,
    set: (given) => {
      const parsed = Switches.safeParse(given);
      if (!parsed.success) throw new TypeError(sentenceOf(parsed.error, "the switches"));
      settings = parsed.data;
      return settings;
    },
    takeFailure: (operation, number) => {
      const failure = settings.failNext.find((candidate) => matches(candidate, operation, number));
      if (!failure) return undefined;
      settings = { ...settings, failNext: settings.failNext.flatMap((one) => (one === failure ? spent(one) : [one])) };
      return failure.skip > 0 ? undefined : failure;
    },
  };
}

/** What is wrong with a JSON body, in one sentence that names the field. */
export function sentenceOf(error: z.ZodError, whole: string): string {
  return error.issues.map((issue) => `${issue.path.length === 0 ? whole : issue.path.join(".")}: ${issue.message}`).join("; ");
}
