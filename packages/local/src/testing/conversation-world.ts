import { createHash } from "node:crypto";
import type { Currency } from "@aira/contract";
import type {
  CallForwarded,
  CallStarted,
  CallStatusChanged,
  CallTurn,
  Context,
  ConversationPolicy,
  ConversationPorts,
  TelephonyEvent,
  TextReceived,
  VoicemailLeft,
  VoicemailTranscribed,
} from "@aira/core/conversations";
import { adjust, expireHolds, listEntries, loadWallet, verifyWallet } from "@aira/core/ledger";
import { iso } from "@aira/core/lib";
import { keys, type Table } from "@aira/core/table";
import { freshOwner, ledgerPorts } from "./table-under-test.ts";

/** A caller whom no log and no entry may name. */
export const CALLER = "+14155550999";

const POLICY: ConversationPolicy = {
  overdraftMinor: { USD: 100, INR: 9_000 },
  lowBalanceMinor: { USD: 500, INR: 40_000 },
  retentionDays: 30,
};

let made = 0;

/** What stands around the recording of calls and texts: an owner with money and a number, and a clock that a test can push. */
export interface ConversationWorld {
  readonly owner: string;
  readonly context: Context;
  readonly ports: ConversationPorts;
  /** The same over another line of the table. */
  portsOver(table: Table): ConversationPorts;
  pass(ms: number): void;
  now(): string;
  /** What the wallet holds now, which entries brought it there, and what is wrong with them. */
  books(): Promise<{
    readonly availableMinor: number;
    readonly heldMinor: number;
    readonly kinds: readonly string[];
    readonly chargedMinor: number;
    readonly violations: readonly unknown[];
  }>;
  expireHolds(): Promise<void>;
}

export interface WorldOptions {
  readonly fundsMinor?: number;
  readonly currency?: Currency;
  readonly policy?: Partial<ConversationPolicy>;
  readonly state?: string;
  readonly startMs?: number;
}

export async function conversationWorld(
  table: Table,
  {
    fundsMinor = 1_000,
    currency = "USD",
    policy = {},
    state = "active",
    startMs = Date.parse("2026-03-03T10:00:00.000Z"),
  }: WorldOptions = {},
): Promise<ConversationWorld> {
  const n = ++made;
  let nowMs = startMs;
  const owner = freshOwner("talker");
  const phoneNumber = `+1415555${String(1_000 + n)}`;
  const context: Context = {
    owner,
    numberId: `num_${"0".repeat(22)}${String(n).padStart(4, "0")}`,
    purchaseId: `pur_${n}`,
    phoneNumber,
    country: "US",
    numberType: "local",
    currency,
    language: "en-US",
  };
  const portsOver = (over: Table): ConversationPorts => ({
    ...ledgerPorts(over, n),
    clock: () => nowMs,
    policy: { ...POLICY, ...policy },
  });
  const ports = portsOver(table);
  const { numberType: type, language, ...number } = context;
  await table.write({ put: { ...keys.number(phoneNumber), ...number, type, state, settings: { language } } });
  if (fundsMinor > 0) await adjust(ports, { owner, adjustmentId: owner, currency, amountMinor: fundsMinor, reason: "test", actor: "test" });
  return {
    owner,
    context,
    ports,
    portsOver,
    pass(ms) {
      nowMs += ms;
    },
    now: () => iso(nowMs),
    async books() {
      const { balances } = await loadWallet(table, owner, { consistent: true });
      const { entries } = await listEntries(ports, owner, { limit: 100 });
      const { availableMinor, heldMinor } = balances[currency] ?? { availableMinor: 0, heldMinor: 0 };
      return {
        availableMinor,
        heldMinor,
        kinds: entries.map(({ kind }) => kind).toReversed(),
        chargedMinor: fundsMinor - availableMinor - heldMinor,
        violations: (await verifyWallet(ports, owner)).violations,
      };
    },
    async expireHolds() {
      await expireHolds(ports);
    },
  };
}

let sids = 0;

/** A SID as the provider writes them, that no other test has. */
export const freshSid = (kind: "CA" | "SM" | "RE"): string => kind + createHash("md5").update(`${kind}${++sids}`).digest("hex");

/** The events of one call, as the doors write them. */
export function callEvents({ context, now }: Pick<ConversationWorld, "context" | "now">, callSid = freshSid("CA")) {
  const recordingSid = freshSid("RE");
  const legSid = freshSid("CA");
  const about = () => ({ callSid, receivedAt: now(), context });
  return {
    callSid,
    recordingSid,
    legSid,
    started: (more: Partial<CallStarted> = {}): CallStarted => ({
      ...about(),
      type: "call.started",
      from: CALLER,
      capSeconds: 900,
      holdMinor: 100,
      greeting: "Hello, this is Asha's shop.",
      ...more,
    }),
    turn: (turn: number, more: Partial<CallTurn> = {}): CallTurn => ({
      ...about(),
      type: "call.turn",
      turn,
      heard: `question ${turn}`,
      reply: `answer ${turn}`,
      ...more,
    }),
    status: (status: string, lengthSeconds?: number, more: Partial<CallStatusChanged> = {}): CallStatusChanged => ({
      type: "call.status",
      callSid,
      receivedAt: now(),
      parentCallSid: undefined,
      from: CALLER,
      to: context.phoneNumber,
      status,
      lengthSeconds,
      ...more,
    }),
    forwarded: (lengthSeconds: number, more: Partial<CallForwarded> = {}): CallForwarded => ({
      ...about(),
      type: "call.forwarded",
      legSid,
      to: "+14155550111",
      status: "completed",
      lengthSeconds,
      ...more,
    }),
    voicemail: (lengthSeconds = 20): VoicemailLeft => ({
      ...about(),
      type: "call.voicemail",
      recordingSid,
      url: `https://api.example/Recordings/${recordingSid}`,
      lengthSeconds,
    }),
    transcript: (transcript = "please call me back"): VoicemailTranscribed => ({
      type: "call.transcript",
      callSid,
      receivedAt: now(),
      recordingSid,
      transcript,
    }),
  };
}

/** One text, as the door writes it. */
export const textEvent = (
  { context, now }: Pick<ConversationWorld, "context" | "now">,
  more: Partial<TextReceived> = {},
): TextReceived => ({
  type: "sms.received",
  receivedAt: now(),
  messageSid: freshSid("SM"),
  from: CALLER,
  text: "When are you open?",
  segments: 1,
  media: [],
  context,
  reply: "Nine to five.",
  opts: undefined,
  ...more,
});

/** As it comes from the queue. */
export const messageOf = (event: TelephonyEvent, id = "m") => ({ id, body: JSON.stringify(event) });
