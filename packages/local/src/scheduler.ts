import { randomUUID } from "node:crypto";
import type { ScheduledEvent } from "aws-lambda";
import { ACCOUNT_ID, REGION } from "./account.ts";
import { invoke, type LocalFunction } from "./invocation.ts";
import type { Schedule } from "./tables.ts";

/** How often the clock is looked at. */
const LOOK_MS = 1_000;
const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

export interface Scheduler {
  /** Runs one schedule now, whatever the clock says, and answers its result. Rejects when the function fails. */
  push(name: string): Promise<unknown>;
  /** Runs what is due by the clock and waits for it. Called once a second by the scheduler itself. */
  runDue(): Promise<void>;
  /** Starts nothing more and waits for what runs. */
  stop(): Promise<void>;
}

interface Options {
  readonly schedules: Readonly<Record<string, { readonly every: Schedule["every"]; readonly fn: LocalFunction }>>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly log: (line: string) => void;
}

/** The milliseconds of an EventBridge rate such as `rate(5 minutes)`. */
export function rateMs(every: Schedule["every"]): number {
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(every);
  if (!match || Number(match[1]) === 0) throw new Error(`${every} is not an EventBridge rate`);
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

/** Runs the schedules by their rate, the first time one whole period after the start. A run that is late is skipped, not queued. */
export function startScheduler({ schedules, clock, log }: Options): Scheduler {
  const rows = Object.entries(schedules).map(([name, { every, fn }]) => ({
    name,
    fn,
    periodMs: rateMs(every),
    dueAt: clock() + rateMs(every),
    busy: false,
  }));
  const running = new Set<Promise<unknown>>();
  const track = <Result>(run: Promise<Result>): Promise<Result> => {
    const settled = run.catch(() => {}).finally(() => running.delete(settled));
    running.add(settled);
    return run;
  };
  const runDue = async () => {
    const now = clock();
    const due = rows.filter((row) => row.dueAt <= now);
    for (const row of due) row.dueAt += Math.ceil((now - row.dueAt + 1) / row.periodMs) * row.periodMs;
    await Promise.all(
      due
        .filter((row) => !row.busy)
        .map(async (row) => {
          row.busy = true;
          try {
            await track(invoke(row.fn, scheduledEvent(row.name, now)));
          } catch (error) {
            log(`${row.fn.name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
          } finally {
            row.busy = false;
          }
        }),
    );
  };
  const timer = setInterval(() => void runDue(), LOOK_MS);
  return {
    async push(name) {
      const row = rows.find((each) => each.name === name);
      if (!row) throw new RangeError(`there is no schedule "${name}"; there are: ${rows.map((each) => each.name).join(", ") || "none"}`);
      return track(invoke(row.fn, scheduledEvent(name, clock())));
    },
    runDue,
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}

function scheduledEvent(name: string, now: number): ScheduledEvent {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: ACCOUNT_ID,
    time: new Date(now).toISOString().replace(/\.\d{3}Z$/, "Z"),
    region: REGION,
    resources: [`arn:aws:events:${REGION}:${ACCOUNT_ID}:rule/${name}`],
    detail: {},
  };
}
