import * as z from "zod/mini";
import { iso } from "../lib/index.ts";
import type { DeadLetter, DeadLetterQueue } from "./ports.ts";

/** What may be shown of an event. Anything else in a body could be a customer's. */
const Event = z.object({
  id: z.string().check(z.regex(/^evt_\w{1,128}$/)),
  type: z.string().check(z.regex(/^[a-z0-9_.]{1,128}$/)),
});

/** A dead letter as an operator sees it: what leads to its cause, and nothing of a customer. */
export interface DeadLetterView {
  readonly messageId: string;
  /** ISO 8601. */
  readonly firstSentAt: string;
  readonly receiveCount: number;
  /** Null where the body holds no event of a known form. */
  readonly eventType: string | null;
  readonly eventId: string | null;
}

/** Up to ten dead letters, which stay where they are and hidden from nobody. */
export async function lookAtDeadLetters(queue: Pick<DeadLetterQueue, "receive">): Promise<DeadLetterView[]> {
  const letters = await queue.receive(0);
  return letters.map(viewOf);
}

function viewOf({ messageId, sentAtMs, receiveCount, body }: DeadLetter): DeadLetterView {
  const event = z.safeParse(Event, parsed(body)).data;
  return {
    messageId,
    firstSentAt: iso(sentAtMs),
    receiveCount,
    eventType: event?.type ?? null,
    eventId: event?.id ?? null,
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    // What is no JSON is shown as what it is: no event.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
