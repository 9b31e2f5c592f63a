import type { Mutant } from "./mutant.ts";

const ADVANCE = "conversations/advance.ts";
const CHARGE = "conversations/charge.ts";
const CHAT = "conversations/chat.ts";
const CONVERSATION = "conversations/conversation.ts";
const DELETE = "conversations/delete.ts";
const EVENT_SHAPE = "conversations/event-shape.ts";
const MARGIN = "conversations/margin.ts";
const RECORD = "conversations/record.ts";
const TALLY = "conversations/tally.ts";
const LOW_BALANCE = "notices/low-balance.ts";

/** Recording and charging calls and texts. */
export const conversationMutants: readonly Mutant[] = [
  { rule: "an event is recorded once", file: ADVANCE, find: "  if: { absent: true },\n", replace: "" },
  {
    rule: "of a deleted call only the mark is written",
    file: ADVANCE,
    find: "const deleted = isDeleted(header);",
    replace: "const deleted = false;",
  },
  { rule: "a mark outlives what it guards", file: ADVANCE, find: "ttl && ttl + MARK_OUTLIVES_SECONDS", replace: "ttl" },
  { rule: "a repeat charges what was decided when it was recorded", file: ADVANCE, find: "due: dueIn(mark)", replace: "due: []" },
  { rule: "a status never goes back", file: CONVERSATION, find: "(RANK[said] > RANK[now] ? said : now)", replace: "said" },
  { rule: "an end is final", file: RECORD, find: "      if (isOver(call.status)) return { conversation: call };\n", replace: "" },
  { rule: "a leg's end is not the call's", file: RECORD, find: " || event.parentCallSid !== undefined", replace: "" },
  {
    rule: "a capture takes no more than the call cost",
    file: CHARGE,
    find: "captureMinor: Math.min(amountMinor, heldMinor)",
    replace: "captureMinor: heldMinor",
  },
  {
    rule: "what the hold does not cover is charged too",
    file: CHARGE,
    find: "if (amountMinor > heldMinor) await",
    replace: "if (amountMinor < 0) await",
  },
  {
    rule: "a call that costs nothing gives its hold back",
    file: CHARGE,
    find: "if (amountMinor === 0) return giveHoldBack(ports, owner, sid, currency, heldMinor);",
    replace: "if (amountMinor === 0) return;",
  },
  { rule: "a hold outlives the longest call by an hour", file: CHARGE, find: "call.endsAtMs + HOUR_MS", replace: "call.endsAtMs" },
  { rule: "what a dead run set aside is given back", file: RECORD, find: "if (again) await", replace: "if (!again) await" },
  {
    rule: "a call that was charged keeps its owner and rate",
    file: RECORD,
    find: "...(isOver(call.status) ? {} : about(context)),",
    replace: "...about(context),",
  },
  {
    rule: "a call to a number that is not in use is nobody's",
    file: RECORD,
    find: "if (!number || !isInUse(number.state)) return",
    replace: "if (!number) return",
  },
  {
    rule: "a suspended number turns its calls away",
    file: RECORD,
    find: `number.state === "suspended" ? { ...call, refused: true } : call`,
    replace: "call",
  },
  { rule: "a call that was turned away costs nothing", file: RECORD, find: "call.refused ? 0 : ", replace: "" },
  {
    rule: "a text that was turned away costs nothing",
    file: RECORD,
    find: "event.refused ? [] : costOfText(event)",
    replace: "costOfText(event)",
  },
  {
    rule: "what was charged for a call that was turned away is given back",
    file: RECORD,
    find: "refused ? givenBack(callSid, call) : []",
    replace: "[]",
  },
  {
    rule: "the queue carries that something was turned away",
    file: EVENT_SHAPE,
    find: "    greeting: z.string(),\n    refused: z.optional(z.literal(true)),\n",
    replace: "    greeting: z.string(),\n",
  },
  {
    rule: "a transcript waits for its voicemail",
    file: RECORD,
    find: `throw new AiraError("service.busy", "The voicemail`,
    replace: `new AiraError("service.busy", "The voicemail`,
  },
  {
    rule: "each message of a reply is charged by its own segments",
    file: RECORD,
    find: "splitText(reply).reduce((sum, part) => sum + segmentsOf(part), 0)",
    replace: "segmentsOf(reply)",
  },
  {
    rule: "an older text does not shorten a thread's life",
    file: RECORD,
    find: "laterExpiry(thread.ttl, ttlOf(ports, receivedAt))",
    replace: "ttlOf(ports, receivedAt)",
  },
  {
    rule: "opting out holds until opting in",
    file: RECORD,
    find: `opts === undefined ? thread.optedOut : opts === "out"`,
    replace: `opts === "out"`,
  },
  {
    rule: "a crossing is told of once",
    file: LOW_BALANCE,
    find: "before < threshold || after >= threshold",
    replace: "after >= threshold",
  },
  { rule: "what is set aside is not spent", file: LOW_BALANCE, find: "availableMinor + heldMinor", replace: "availableMinor" },
  {
    rule: "a call that goes on is not deleted",
    file: DELETE,
    find: `conversation.kind === "call" && !isOver(conversation.status)`,
    replace: "conversation.v < 0",
  },
  { rule: "of a deleted call it stays known that it was", file: DELETE, find: `return kind === "call"`, replace: `return kind === "chat"` },
  {
    rule: "a chat has one turn at a time",
    file: CHAT,
    find: "  if (stored.turn && stored.turn.untilMs > now) throw running();\n",
    replace: "",
  },
  { rule: "a chat is its owner's", file: CHAT, find: "stored?.owner !== request.owner || stored.kind", replace: "stored?.kind" },
  { rule: "an answer to a text is covered by the text's charge", file: TALLY, find: "!usage.isReply && ", replace: "" },
  {
    rule: "what the provider asks for and nobody was charged is missing",
    file: TALLY,
    find: `standing.of === "none" || `,
    replace: `standing.of === "ours" && `,
  },
  {
    rule: "a charge from a hold is a charge",
    file: MARGIN,
    find: "[keys.usage(sid), keys.hold(owner, holdOf(sid))]",
    replace: "[keys.usage(sid)]",
  },
];
