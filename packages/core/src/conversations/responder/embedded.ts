import { answerCaller } from "./embedded/caller.ts";
import { answerCustomer } from "./embedded/customer.ts";
import { plainText } from "./plain-text.ts";
import type { Reply, Responder, Turn } from "./responder.ts";

/**
 * The responder that needs nobody: it matches words against tables of intents and says sentences of other tables, in English and Hindi. The
 * same words in the same conversation always get the same answer. What is said can't instruct it, since nothing in it follows instructions.
 */
export const createEmbeddedResponder = (): Responder =>
  byTables((turn) => (turn.audience === "caller" ? answerCaller(turn) : answerCustomer(turn)));

/** The same, as far as callers hear it: without what it knows of customers, which no door needs. */
export const createCallerResponder = (): Responder => byTables(answerCaller);

const byTables = (answer: (turn: Turn) => Reply | Promise<Reply>): Responder => ({
  async respond(turn) {
    try {
      const reply = await answer(turn);
      return { ...reply, text: plainText(reply.text, { spoken: turn.kind === "call" }) };
    } catch (cause) {
      return { failed: "unavailable", cause };
    }
  },
});
