import { parseWallet } from "../ledger/index.ts";
import { iso } from "../lib/index.ts";
import { isInUse, loadNumber, type NumberRecord } from "../numbers/index.ts";
import { segmentsOf } from "../pricing/index.ts";
import { keys } from "../table/index.ts";
import { affordsText } from "./allowance.ts";
import type { AnsweringPorts } from "./answering-ports.ts";
import { parseConversation } from "./conversation.store.ts";
import { type ConversationRecord, threadIdOf } from "./conversation.ts";
import { BUDGET_MS, inTime } from "./in-time.ts";
import { type OptWord, optWordOf } from "./opt-words.ts";
import { isPhoneNumber } from "./phone-number.ts";
import { contextOfNumber } from "./record.ts";
import { respond } from "./respond.ts";
import { plainText } from "./responder/plain-text.ts";
import { sentence } from "./sentences.ts";
import { splitText } from "./split-text.ts";
import type { TextReceived } from "./telephony.ts";
import { decideText, type TextDecision } from "./text-flow.ts";

export interface IncomingText {
  readonly messageSid: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** As the provider counts; undefined when it does not say. */
  readonly segments: number | undefined;
  readonly media: readonly { readonly contentType: string; readonly url: string }[];
  /** What the provider itself understood, where it manages opt-outs. */
  readonly opts: OptWord | undefined;
}

/**
 * The messages that answer a text; none when it is not to be answered. An answer is given only once the queue has the text with it: what
 * is not recorded is told to the sender as not received. Never throws.
 */
export async function answerText(ports: AnsweringPorts, incoming: IncomingText): Promise<readonly string[]> {
  const receivedMs = ports.clock();
  const text = { ...incoming, text: incoming.text.toWellFormed(), opts: incoming.opts ?? optWordOf(incoming.text) };
  try {
    const number = isPhoneNumber(text.to) ? await inTime(loadNumber(ports.table, text.to), "read") : undefined;
    // Nobody has the number, so nothing keeps count of what is answered on it: two machines could go on for ever.
    if (!number || !isInUse(number.state)) return [];
    return await answer(ports, text, number, receivedMs);
  } catch (error) {
    ports.report("read", error);
    // Nobody who asked us to stop is written to because our table is down, nor a machine.
    return text.opts === undefined && isPhoneNumber(text.from) && text.from !== text.to ? [sentence("en-US", "textNotTaken")] : [];
  }
}

async function answer(ports: AnsweringPorts, text: IncomingText, number: NumberRecord, receivedMs: number): Promise<readonly string[]> {
  const { wallet, thread, fromIsOurs } = await inTime(lookUp(ports, number, text), "read");
  const segments = text.segments ?? segmentsOf(text.text);
  const decision = decideText({
    ...text,
    fromIsOurs,
    thread,
    suspended: number.state === "suspended",
    affordable: affordsText(wallet, number, ports.policy.overdraftMinor, segments, text.from),
    nowMs: receivedMs,
  });
  const reply = await replyOf(ports, decision, number, thread, receivedMs);
  const parts = reply === undefined ? [] : splitText(reply);
  const event: TextReceived = {
    type: "sms.received",
    receivedAt: iso(receivedMs),
    messageSid: text.messageSid,
    from: text.from,
    text: text.text,
    segments,
    media: text.media,
    context: contextOfNumber(number),
    reply: parts.length > 0 ? parts.join("\n") : undefined,
    opts: text.opts === "help" ? undefined : text.opts,
    ...("refused" in decision ? { refused: true } : {}),
  };
  try {
    await inTime(ports.send(event), "send");
    return parts;
  } catch (error) {
    ports.report("send", error);
    return parts.length > 0 ? [sentence(number.settings.language, "textNotTaken")] : [];
  }
}

/** The owner's wallet, what was written before, and whether the sender is a number of ours: in one call. */
async function lookUp({ table }: AnsweringPorts, { owner, purchaseId }: NumberRecord, { from }: IncomingText) {
  const wanted = [keys.wallet(owner), keys.conversation(threadIdOf(purchaseId, from)), keys.number(from)];
  const [wallet, thread, sender] = await table.getMany(wanted);
  return {
    wallet: parseWallet(owner, wallet),
    thread: thread && parseConversation(thread),
    fromIsOurs: sender !== undefined && isInUse(sender.state),
  };
}

async function replyOf(
  ports: AnsweringPorts,
  decision: TextDecision,
  { settings }: NumberRecord,
  thread: ConversationRecord | undefined,
  receivedMs: number,
): Promise<string | undefined> {
  if ("silent" in decision) return undefined;
  if ("say" in decision) return sentence(settings.language, decision.say);
  const deadlineMs = receivedMs + BUDGET_MS.textReply;
  const answered = await respond(ports, settings, { kind: "sms", text: decision.ask, history: thread?.recent ?? [], deadlineMs });
  const words = "failed" in answered ? "" : plainText(answered.text, { spoken: false });
  return words === "" ? sentence(settings.language, "textReceived") : words;
}
