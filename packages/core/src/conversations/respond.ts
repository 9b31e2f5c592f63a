import type { Settings } from "../numbers/index.ts";
import type { AnsweringPorts } from "./answering-ports.ts";
import { hoursInWords } from "./business-hours.ts";
import { respondInTime } from "./responder/deadline.ts";
import type { NoReply, Reply, Said, Turn } from "./responder/responder.ts";

/** What the assistant answers to somebody outside, by the deadline. Anybody may call: there are no tools in it, and nothing of the owner's. */
export async function respond(
  ports: AnsweringPorts,
  settings: Settings,
  turn: Pick<Turn, "kind" | "text" | "deadlineMs"> & { readonly history: readonly Said[] },
): Promise<Reply | NoReply> {
  const asked: Turn = {
    ...turn,
    audience: "caller",
    language: settings.language,
    businessName: settings.friendlyName,
    openingHours: hoursInWords(settings.businessHours, settings.language),
    history: turn.history.map(({ speaker, text }) => ({ speaker, text })),
    tools: [],
    signal: new AbortController().signal,
  };
  const answer = await respondInTime({ respond: (bounded) => ports.responder().respond(bounded) }, asked, ports.clock);
  if ("failed" in answer) ports.report("reply", answer.cause ?? answer.failed);
  return answer;
}
