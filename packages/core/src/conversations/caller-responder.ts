import { answerCaller } from "./responder/embedded/caller.ts";
import { plainText } from "./responder/plain-text.ts";
import type { Responder } from "./responder/responder.ts";

/** The embedded responder, as far as callers hear it: without what it knows of customers, which no door needs. */
export function createCallerResponder(): Responder {
  return {
    async respond(turn) {
      try {
        const reply = answerCaller(turn);
        return { ...reply, text: plainText(reply.text, { spoken: turn.kind === "call" }) };
      } catch (cause) {
        return { failed: "unavailable", cause };
      }
    },
  };
}
