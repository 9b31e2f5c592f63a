import type * as z from "zod";

/** How often a failure that is switched on meets the calls that it is for. */
interface Failure {
  /** How many matching calls pass unharmed before. Default: none. */
  readonly skip?: number | undefined;
  /** How many matching calls fail. */
  readonly times: number;
}

interface WithFailures {
  readonly failNext: readonly Failure[];
}

/** The faults that are switched on. Held in memory: a restart begins with none. */
export interface FaultSwitches<Settings extends WithFailures, Input, Call extends readonly unknown[]> {
  get(): Settings;
  /** Sets the named switches and every other to its default. Throws a sentence that names the switch and the rule. */
  set(settings: Input): Settings;
  /** The failure that this call is to meet, used up. */
  takeFailure(...call: Call): Settings["failNext"][number] | undefined;
}

/** What is left of a failure when one more call has met it: one to skip less, one time less, or nothing. */
function spent<One extends Failure>(failure: One): readonly One[] {
  const { skip = 0, times } = failure;
  if (skip > 0) return [{ ...failure, skip: skip - 1 }];
  return times > 1 ? [{ ...failure, times: times - 1 }] : [];
}

/** Switches of this schema, all at their defaults. `matches` tells whether a failure is for a call. */
export function createFaultSwitches<Settings extends WithFailures, Input, Call extends readonly unknown[]>(
  schema: z.ZodType<Settings, Input>,
  matches: (failure: Settings["failNext"][number], ...call: Call) => boolean,
): FaultSwitches<Settings, Input, Call> {
  let settings = schema.parse({});
  return {
    get: () => settings,
    set: (given) => {
      const parsed = schema.safeParse(given);
      if (!parsed.success) throw new TypeError(sentenceOf(parsed.error, "the switches"));
      settings = parsed.data;
      return settings;
    },
    takeFailure: (...call) => {
      const failure = settings.failNext.find((candidate) => matches(candidate, ...call));
      if (!failure) return undefined;
      settings = { ...settings, failNext: settings.failNext.flatMap((one) => (one === failure ? spent(one) : [one])) };
      return (failure.skip ?? 0) > 0 ? undefined : failure;
    },
  };
}

/** What is wrong with a JSON body, in one sentence that names the field. */
export function sentenceOf(error: z.ZodError, whole: string): string {
  return error.issues.map((issue) => `${issue.path.length === 0 ? whole : issue.path.join(".")}: ${issue.message}`).join("; ");
}
