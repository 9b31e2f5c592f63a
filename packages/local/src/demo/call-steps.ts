import type { Conversation, Customer } from "./customer.ts";
import { CONTESTED, FIRST, numberCalled, ownerOfContested } from "./number-steps.ts";
import { eventually, promise } from "./promise.ts";
import { money } from "./report.ts";
import { quiet, refused, type Step, type Story, usd } from "./story.ts";
import type { CallView } from "./twilio-control.ts";

/** Twilio repeats and reorders what it tells; here it does so all the time. */
const UNRULY = { repeatWebhooks: 2, reorderCallbacks: true } as const;
const CALLER = "+14155550132";
const PHONE = "+14155550111";
/** How far calls may take a wallet below zero, as configured by default. */
const OVERDRAFT_MINOR = 100;
const HOUR_SECONDS = 3_600;
const WORDS = "Please call me back about the kitchen table.";

export const CALL_STEPS: readonly Step[] = [
  { done: "A chat that proposes a purchase", run: chat },
  { done: "A call in Hindi, each webhook three times", run: callInHindi },
  { done: "A text", run: answerText },
  { done: "STOP, and a text after it", run: obeyStop },
  { done: "A voicemail", run: takeVoicemail },
  { done: "A forwarded call that outlasts the wallet", run: cutForwardedCall },
];

const isHindi = (text: string | undefined): boolean =>
  text !== undefined && /\p{Script=Devanagari}/u.test(text) && !/[A-Za-z]{4}/.test(text);

const availableOf = async ({ api }: Customer): Promise<number> => {
  const { balances } = await api.getBalance();
  return balances.find(({ currency }) => currency === "USD")?.availableMinor ?? 0;
};

/** Waits until a conversation with somebody is as it is to be, and nothing is under way any more. */
async function conversationWith(
  story: Story,
  sentence: string,
  passes: (conversation: Conversation) => boolean,
  kind: Conversation["kind"] = "call",
): Promise<Conversation> {
  const { customer, twilio, signal } = story;
  const find = async () => (await customer.conversations()).find((one) => one.kind === kind && one.peer === CALLER);
  await eventually(sentence, signal, find, (found) => found !== undefined && passes(found));
  await eventually("Twilio has told everything within seconds", signal, twilio.isQuiet, Boolean);
  await quiet(story);
  const conversation = await find();
  if (!conversation) throw new Error("a conversation has disappeared");
  return conversation;
}

/** What a conversation cost left the wallet, once, and nothing is held for it any more. */
async function chargedOnce({ customer }: Story, beforeMinor: number, costMinor: number): Promise<void> {
  const { balances } = await customer.api.getBalance();
  const held = balances.find(({ currency }) => currency === "USD")?.heldMinor ?? 0;
  promise(
    "A call or text is charged what it says, once",
    [costMinor > 0, await availableOf(customer), held],
    [true, beforeMinor - costMinor, 0],
  );
}

const usdText = (amountMinor: number): string => money(usd(amountMinor));

async function configure({ customer }: Pick<Story, "customer">, name: string, body: SettingsPatch): Promise<string> {
  const { numberId } = await numberCalled({ customer }, name);
  return (await customer.api.updateNumber({ params: { numberId }, body })).phoneNumber;
}

type SettingsPatch = Required<Parameters<Customer["api"]["updateNumber"]>[0]>["body"];

async function callInHindi(story: Story): Promise<string> {
  const { customer, twilio } = story;
  await twilio.switches(UNRULY);
  const before = await availableOf(customer);
  const to = await configure(story, FIRST, { language: "hi-IN", greeting: "नमस्ते, आशा की दुकान में आपका स्वागत है।" });
  const call = await twilio.call(CALLER, to);
  promise("A caller is greeted in the number's language", [call.heard.length, isHindi(call.heard[0])], [1, true]);
  const question = "आप कब खुले रहते हैं?";
  const { heard } = await twilio.act(call, "say", { text: question });
  promise("A question is answered in the caller's language", [heard.length, isHindi(heard[1])], [2, true]);
  await twilio.act(call, "hang-up");
  const sentence = "A finished call is recorded with what it cost";
  const { conversationId, costMinor, language } = await conversationWith(story, sentence, ({ status }) => status === "completed");
  const { messages } = await customer.api.getConversation({ params: { conversationId } });
  const said = messages.map(({ speaker }) => speaker).reverse();
  promise("Each thing that was said is recorded once", [language, said], ["hi-IN", ["system", "caller", "assistant"]]);
  promise("It is recorded as it was said", messages.map(({ text }) => text).reverse(), [heard[0], question, heard[1]]);
  await chargedOnce(story, before, costMinor);
  return `“${heard[1]}” ${usdText(costMinor)}`;
}

async function answerText(story: Story): Promise<string> {
  const { customer, twilio } = story;
  const before = await availableOf(customer);
  const to = await configure(story, FIRST, { language: "en-US", greeting: null });
  const replies = await twilio.text(CALLER, to, "When are you open?");
  promise("A text is answered", replies.length, 1);
  const { costMinor, messages } = await conversationWith(story, "A text is recorded", (text) => text.messages > 1, "sms");
  promise("A text and its answer are recorded once", messages, 2);
  await chargedOnce(story, before, costMinor);
  return `“${replies[0]}” ${usdText(costMinor)}`;
}

async function obeyStop(story: Story): Promise<string> {
  const { twilio } = story;
  const { phoneNumber } = await numberCalled(story, FIRST);
  promise("STOP is never answered", await twilio.text(CALLER, phoneNumber, "Stop."), []);
  await conversationWith(story, "STOP is remembered", ({ optedOut }) => optedOut, "sms");
  promise("Whoever said STOP is not written to", await twilio.text(CALLER, phoneNumber, "Are you there?"), []);
  await conversationWith(story, "What they write is recorded", ({ messages }) => messages === 4, "sms");
  return "not answered, remembered, not written to again";
}

async function takeVoicemail(story: Story): Promise<string> {
  const { customer, twilio } = story;
  const before = await availableOf(customer);
  const to = await configure(story, FIRST, { answeringMode: "voicemail" });
  const call = await twilio.call(CALLER, to);
  promise("A voicemail box listens", call.listening?.for, "voicemail");
  await twilio.act(call, "say", { text: WORDS });
  await twilio.act(call, "press", { keys: "#" });
  const sentence = "A voicemail is kept, with its words";
  const { voicemail, costMinor } = await conversationWith(
    story,
    sentence,
    (one) => one.status === "completed" && one.voicemail?.transcript != null,
  );
  promise(sentence, voicemail?.transcript, WORDS);
  await chargedOnce(story, before, costMinor);
  return `${voicemail?.lengthSeconds} s: “${voicemail?.transcript}” ${usdText(costMinor)}`;
}

async function cutForwardedCall(story: Story): Promise<string> {
  const { twilio } = story;
  const customer = await ownerOfContested(story);
  const theirs = { ...story, customer };
  const before = await availableOf(customer);
  const to = await configure(theirs, CONTESTED, { answeringMode: "forward", forwardTo: PHONE });
  const ringing = await twilio.call(CALLER, to);
  await twilio.act(ringing, "callee", { does: "answer" });
  const over = await twilio.act(ringing, "silence", { seconds: HOUR_SECONDS });
  promise("A call is cut when the money is used up", [over.listening, wasCut(over)], [null, true]);
  const sentence = "A forwarded call is recorded with both of its legs";
  const { costMinor, lengthSeconds } = await conversationWith(theirs, sentence, ({ status }) => status === "completed");
  await chargedOnce(theirs, before, costMinor);
  const refusal = await callUntilRefused(theirs, to);
  promise("Without money a caller hears a polite sentence", [refusal.listening, refusal.heard.length], [null, 1]);
  const after = await availableOf(customer);
  promise("Calls take a wallet no further than its overdraft", after >= -OVERDRAFT_MINOR, true);
  return `cut after ${lengthSeconds} s; at ${usdText(after)} callers hear: “${refusal.heard[0]?.slice(0, 37)}…”`;
}

/** Part of a minute may be left, which pays for one more short call. */
async function callUntilRefused(story: Story, to: string): Promise<CallView> {
  const { customer, twilio, signal } = story;
  const calls = (await customer.conversations()).length;
  const call = await twilio.call(CALLER, to);
  const recorded = async () => (await customer.conversations()).slice(calls);
  await eventually("A call is recorded", signal, recorded, (more) => more.length === 1);
  if (call.listening === null) return call;
  await twilio.act(call, "hang-up");
  await conversationWith(story, "A short call is charged", ({ status, costMinor }) => status === "completed" && costMinor > 0);
  return callUntilRefused(story, to);
}

const wasCut = ({ transcript }: CallView): boolean => transcript.some(({ by, text }) => by === "line" && text.startsWith("Cut off"));

async function chat(story: Story): Promise<string> {
  const { customer, stranger } = story;
  const belongings = async () => [await customer.api.getBalance(), (await customer.numbers()).map(({ numberId }) => numberId)];
  const before = await belongings();
  const { conversationId, proposals } = await customer.api.sendChatMessage({ body: { message: "I want to buy a number in Canada" } });
  const proposal = proposals.find(({ kind }) => kind === "purchase_number");
  if (proposal?.kind !== "purchase_number") throw new Error("the assistant proposed no number");
  promise("The assistant only proposes", await belongings(), before);
  const params = { conversationId };
  await refused("A customer reads nobody else's chat", 404, "conversation.not_found", () => stranger.api.getConversation({ params }));
  const { kind: _, type, ...confirmed } = proposal;
  const { phoneNumber, state } = await customer.api.purchaseNumber(
    { body: { ...confirmed, type: type as "local", friendlyName: "From the chat" } },
    { idempotencyKey: conversationId },
  );
  promise("What is confirmed is bought as it was proposed", [state, phoneNumber], ["active", proposal.phoneNumber]);
  return `${phoneNumber} proposed, and bought for ${usdText(proposal.expectedMinor)} once confirmed`;
}
