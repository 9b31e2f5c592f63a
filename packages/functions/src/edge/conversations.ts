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

let made: Responder | undefined;

/** Who answers, by the configuration: the model, or the embedded one that is given. */
function responderOr(embedded: () => Responder): Responder {
  made ??= readVariable("RESPONDER") === "bedrock" ? createBedrockResponder(readBedrockSettings()) : embedded();
  return made;
}

/** Who answers customers. */
export const responder = (): Responder => responderOr(createEmbeddedResponder);

/** What answering a call or a text needs from outside. */
export const answeringPorts = (log: Logger): AnsweringPorts => ({
  ...conversationPorts(),
  publicUrl: requireVariable("PUBLIC_URL"),
  // Callers are told nothing of the owner's: what the embedded one knows of customers stays out of their bundles.
  responder: () => responderOr(createCallerResponder),
  send: sendTelephonyEvent,
  report: reporterOf(log),
});
