import type { LocalFunction } from "./invocation.ts";

/** Told of each invocation when it has ended, in a line for a person. */
export type Activity = (line: string) => void;

/** The function, telling what became of each of its invocations. `title` is the route, queue or schedule that leads to it. */
export function told(fn: LocalFunction, title: string, activity: Activity | undefined): LocalFunction {
  if (!activity) return fn;
  return {
    ...fn,
    handler: async (event, context) => {
      const startedAt = performance.now();
      const tell = (outcome: string) =>
        activity(
          `${new Date().toTimeString().slice(0, 8)}  ${title.padEnd(46)} ${outcome}, ${Math.round(performance.now() - startedAt)} ms`,
        );
      try {
        const answer = await fn.handler(event, context);
        tell(outcomeOf(event, answer));
        return answer;
      } catch (error) {
        tell("failed");
        throw error;
      }
    },
  };
}

function outcomeOf(event: unknown, answer: unknown): string {
  const { Records: records } = event as { Records?: readonly unknown[] };
  if (records) {
    const failed = (answer as { batchItemFailures?: readonly unknown[] } | null)?.batchItemFailures?.length ?? 0;
    return `${records.length} ${records.length === 1 ? "message" : "messages"}${failed > 0 ? `, ${failed} to be delivered again` : ""}`;
  }
  const { statusCode } = (answer ?? {}) as { statusCode?: number };
  return statusCode === undefined ? "done" : String(statusCode);
}
