import { listDeadLetters } from "@aira/contract";
import { lookAtDeadLetters } from "@aira/core/queues";
import { http } from "../edge/http.ts";
import { deadLettersOf, requireQueue } from "../edge/sqs.ts";

/** A look at the dead letters of a queue. */
export const handler = http(listDeadLetters, async ({ params: { queue } }, { deadline }) => {
  requireQueue(queue);
  return { deadLetters: await lookAtDeadLetters(deadLettersOf(queue, deadline)) };
});
