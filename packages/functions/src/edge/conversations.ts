import { type Currency, currencies } from "@aira/contract";
import { type AnsweringPorts, type ConversationPolicy, type ConversationPorts, createCallerResponder } from "@aira/core/conversations";
import { createEmbeddedResponder, type Responder } from "@aira/core/conversations/responder";
import { createBedrockResponder, readBedrockSettings } from "@aira/core/conversations/responder/bedrock";
import { readVariable, requireVariable, type VariableName } from "@aira/core/lib";
import type { Logger } from "./logger.ts";
import { ledgerPorts } from "./services.ts";
import { reporterOf, sendTelephonyEvent } from "./telephony.ts";

/** What the operator has decided about calls and texts. Read on each invocation: it costs nothing. */
const policy = (): ConversationPolicy => ({
  overdraftMinor: minorIn("OVERDRAFT_MINOR"),
  lowBalanceMinor: minorIn("LOW_BALANCE_MINOR"),
  retentionDays: Number(requireVariable("CONVERSATION_DAYS")),
});

/** Minor units by currency, as in `USD=100,INR=9000`. A currency that is not named has none. */
function minorIn(name: VariableName): Record<Currency, number> {
  const named = new Map(
    requireVariable(name)
      .split(",")
      .map((part) => part.trim().split("=") as [string, string]),
  );
  return Object.fromEntries(currencies.map((currency) => [currency, Number(named.get(currency) ?? 0)])) as Record<Currency, number>;
}

/** What recording and charging calls and texts needs from outside. */
export const conversationPorts = (): ConversationPorts => ({ ...ledgerPorts(), policy: policy() });

/**
 * Who answers, by the configuration: the model, or the embedded one that is given. Each kept for itself: on a laptop one process answers
 * callers and customers, and the first caller's was once everybody's.
 */
function responderOr(embedded: () => Responder): () => Responder {
  let made: Responder | undefined;
  return () => {
    made ??= readVariable("RESPONDER") === "bedrock" ? createBedrockResponder(readBedrockSettings()) : embedded();
    return made;
  };
}

/** Who answers customers. */
export const responder = /* @__PURE__ */ responderOr(createEmbeddedResponder);

/** Who answers callers: told nothing of the owner's, so what the embedded one knows of customers stays out of their bundles. */
const callerResponder = /* @__PURE__ */ responderOr(createCallerResponder);

/** What answering a call or a text needs from outside. */
export const answeringPorts = (log: Logger): AnsweringPorts => ({
  ...conversationPorts(),
  publicUrl: requireVariable("PUBLIC_URL"),
  responder: callerResponder,
  send: sendTelephonyEvent,
  report: reporterOf(log),
});
