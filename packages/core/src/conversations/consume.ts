import { readTelephonyEvent } from "./event-shape.ts";
import type { ConversationPorts } from "./ports.ts";
import { type Recorded, recordEvent } from "./record.ts";
import type { TelephonyEvent } from "./telephony.ts";

/** What became of one message. `failed` goes back to the queue. */
export interface RecordedMessage {
  readonly id: string;
  readonly type: TelephonyEvent["type"] | undefined;
  readonly outcome: Recorded | "failed";
  readonly error: unknown;
}

/**
 * Records a batch of the telephony queue. Messages of one call follow each other, so that they don't stand in each other's way; calls go side
 * by side. A message succeeds only when what it says is recorded and charged.
 */
export async function recordEvents(
  ports: ConversationPorts,
  messages: readonly { readonly id: string; readonly body: string }[],
): Promise<RecordedMessage[]> {
  const done: RecordedMessage[] = [];
  const groups = new Map<string, { id: string; event: TelephonyEvent }[]>();
  for (const { id, body } of messages) {
    try {
      const event = readTelephonyEvent(body);
      const about = "callSid" in event ? event.callSid : event.messageSid;
      groups.set(about, [...(groups.get(about) ?? []), { id, event }]);
    } catch (error) {
      done.push({ id, type: undefined, outcome: "failed", error });
    }
  }
  await Promise.all(
    [...groups.values()].map(async (events) => {
      for (const { id, event } of events) done.push(await recordOne(ports, id, event));
    }),
  );
  return done;
}

async function recordOne(ports: ConversationPorts, id: string, event: TelephonyEvent): Promise<RecordedMessage> {
  try {
    return { id, type: event.type, outcome: await recordEvent(ports, event), error: undefined };
  } catch (error) {
    return { id, type: event.type, outcome: "failed", error };
  }
}
