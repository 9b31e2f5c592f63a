import { listQueues } from "@aira/contract";
import { http } from "../edge/http.ts";
import { countMessages, queueNames } from "../edge/sqs.ts";

/** How many messages stand where. */
export const handler = http(listQueues, async (_, { deadline }) => ({
  queues: await Promise.all(queueNames().map((queue) => countMessages(queue, deadline))),
}));
