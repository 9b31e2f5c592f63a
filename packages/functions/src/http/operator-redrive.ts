import { redriveQueue } from "@aira/contract";
import { systemClock } from "@aira/core/lib";
import { redrive } from "@aira/core/queues";
import { http } from "../edge/http.ts";
import { deadLettersOf, requireQueue } from "../edge/sqs.ts";

/** A batch that was begun in the last moment is through within this, unless SQS is slow: the deadline ends it then. */
const LAST_BATCH_MS = 8_000;

/** Brings the dead letters of a queue back to it. */
export const handler = http(redriveQueue, async ({ params: { queue } }, { owner: operator, deadline, log }) => {
  requireQueue(queue);
  const redriven = await redrive({ queue: deadLettersOf(queue, deadline), clock: systemClock }, deadline - LAST_BATCH_MS);
  log.info("dead letters redriven", { actor: `operator:${operator}`, queue, ...redriven });
  return { ...redriven };
});
