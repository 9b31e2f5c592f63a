import { AiraError } from "@aira/core/lib";
import type { MiddlewareObj } from "@middy/core";
import type { Context } from "aws-lambda";
import { type Logger, loggerOf } from "./logger.ts";
import { publishMetrics } from "./metrics.ts";
import { asError } from "./redaction.ts";

/** What every invocation begins with. middy hands a handler the event alone, so it travels there. */
export interface Observed {
  readonly log: Logger;
  readonly startedAt: number;
  /** Epoch milliseconds: when Lambda will end this invocation. */
  readonly deadline: number;
}

/** Begins an invocation: `keys` stand on each of its log lines. */
export function begin(context: Context, keys: Readonly<Record<string, string>>): Observed {
  return {
    log: loggerOf(context, keys),
    startedAt: performance.now(),
    deadline: Date.now() + context.getRemainingTimeInMillis(),
  };
}

/** What is worth knowing of an answer for the log: never its content. */
type Outcome<Response> = (response: Response | null | undefined) => Readonly<Record<string, unknown>>;

/**
 * One line per invocation with its outcome and duration, whatever that was, and the metrics counted meanwhile. The first
 * middleware of every handler, so it sees what the others made of an error. What is nobody's fault but ours is an ERROR; busy and
 * unknown are a WARN, with their cause; an expected refusal is told by its code alone.
 */
export function observe<Event extends Observed, Response>(outcome: Outcome<Response>): MiddlewareObj<Event, Response> {
  const finish = ({ log, startedAt }: Event, level: "info" | "warn" | "error", fields: Readonly<Record<string, unknown>>) => {
    log[level]("invocation", { ...fields, durationMs: Math.round(performance.now() - startedAt) });
    publishMetrics();
  };
  return {
    after: ({ event, response }) => finish(event, "info", outcome(response)),
    onError: ({ event, error, response }) => {
      if (error instanceof AiraError && !error.retry) return finish(event, "info", outcome(response));
      const level = error instanceof AiraError && error.kind !== "internal" ? "warn" : "error";
      return finish(event, level, { ...outcome(response), error: asError(error) });
    },
  };
}
