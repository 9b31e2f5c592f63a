import { answerCaller } from "./embedded/caller.ts";
import { answerCustomer } from "./embedded/customer.ts";
import { plainText } from "./plain-text.ts";
import type { Responder } from "./responder.ts";

/**
 * The responder that needs nobody: it matches words against tables of intents and says sentences of other tables, in English and Hindi. The
 * same words in the same conversation always get the same answer. What is said can't instruct it, since nothing in it follows instructions.
 */
export function createEmbeddedResponder(): Responder {
  return {
    async respond(turn) {
      try {
        const reply = turn.audience === "caller" ? answerCaller(turn) : await answerCustomer(turn);
        return { ...reply, text: plainText(reply.text, { spoken: turn.kind === "call" }) };
      } catch (cause) {
        return { failed: "unavailable", cause };
      }
    },
  };
}
