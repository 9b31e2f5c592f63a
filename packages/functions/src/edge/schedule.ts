import middy from "@middy/core";
import type { Context, EventBridgeEvent } from "aws-lambda";
import type { Logger } from "./logger.ts";
import { begin, type Observed, observe } from "./observe.ts";

type Tick = EventBridgeEvent<"Scheduled Event", unknown>;

export interface ScheduleContext {
  /** Epoch milliseconds: begin nothing after it. The next run goes on. */
  readonly stopAt: number;
  readonly log: Logger;
}

/** Counts of what a run did, for its log line. No customer's data. */
type Report = Readonly<Record<string, number | string | boolean>>;

/** For the step that is under way when the time is up: the longest, a vendor's call with its retry, takes about 20 seconds. */
export const LAST_STEP_MS = 30_000;

/** The handler of a schedule. A failure is thrown on, so that Lambda counts it and an alarm can see it. */
export function schedule(name: string, run: (context: ScheduleContext) => Promise<Report>) {
  const handle = middy<Tick & Observed, Report>()
    .use(observe<Tick & Observed, Report>((report) => ({ report })))
    .handler(({ deadline, log }: Tick & Observed): Promise<Report> => run({ stopAt: deadline - LAST_STEP_MS, log }));
  return (event: Tick, context: Context): Promise<Report> => handle({ ...event, ...begin(context, { schedule: name }) }, context);
}
