import { createHash } from "node:crypto";

/** Primary key of an item. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Spread of the index partitions that collect items of the whole system, so that none of them grows hot. */
export const SHARDS = 16;

/** The shard of a name: stable for ever, since stored items carry it. */
export function shardOf(name: string): string {
  return String(createHash("sha256").update(name).digest().readUInt16BE(0) % SHARDS).padStart(2, "0");
}

export const shards: readonly string[] = Array.from({ length: SHARDS }, (_, n) => String(n).padStart(2, "0"));

/**
 * Every key of the table, each with the access pattern that it serves. Owners and ids come from tokens and from us; a `#`
 * in an owner could not reach another partition, since each partition key begins with its own word and ends with the owner.
 */
export const keys = {
  /** A wallet's balances: one GetItem. */
  wallet: (owner: string): Key => ({ pk: `WALLET#${owner}`, sk: "WALLET" }),
  /** A statement, newest or oldest first, and any time range of it: one Query on the wallet's partition. */
  entry: (owner: string, at: string, seq: number): Key => ({ pk: `WALLET#${owner}`, sk: `ENTRY#${at}#${String(seq).padStart(12, "0")}` }),
  /** One hold, by its id. */
  hold: (owner: string, holdId: string): Key => ({ pk: `WALLET#${owner}`, sk: `HOLD#${holdId}` }),
  holdPrefix: "HOLD#",
  /** One top-up, by its id. */
  topUp: (topUpId: string): Key => ({ pk: `TOPUP#${topUpId}`, sk: "TOPUP" }),
  /** The customer at Stripe of one owner, in one realm (live, test, sandbox). */
  customer: (realm: string, owner: string): Key => ({ pk: `CUSTOMER#${realm}#${owner}`, sk: "CUSTOMER" }),
  /** An operator's correction, freeze or unfreeze: happens once per key. */
  adjustment: (adjustmentId: string): Key => ({ pk: `ADJUSTMENT#${adjustmentId}`, sk: "ADJUSTMENT" }),
  /** A charge asked for beforehand: once per id. */
  charge: (chargeId: string): Key => ({ pk: `CHARGE#${chargeId}`, sk: "CHARGE" }),
  /** A charge for something already used (a call, a message): once per id. */
  usage: (usageId: string): Key => ({ pk: `USAGE#${usageId}`, sk: "USAGE" }),
  /** An event that contradicts what we stored, kept for an operator. */
  quarantine: (quarantineId: string): Key => ({ pk: `QUARANTINE#${quarantineId}`, sk: "QUARANTINE" }),
  /** How far a sweep has walked. */
  cursor: (name: string): Key => ({ pk: `CURSOR#${name}`, sk: "CURSOR" }),
  /** A settlement that failed in a sweep and is tried again later. */
  deferral: (name: string): Key => ({ pk: `DEFERRAL#${name}`, sk: "DEFERRAL" }),
  /** Up to where one wallet has been verified. */
  checkpoint: (owner: string): Key => ({ pk: `CHECKPOINT#${owner}`, sk: "CHECKPOINT" }),
  /** One finished day of the whole platform, and any range of a year's days: one Query. */
  totals: (day: string): Key => ({ pk: `TOTALS#${day.slice(0, 4)}`, sk: `DAY#${day}` }),
  /** The reconciliation of one day with Stripe, and any range of a year's days: one Query. */
  reconciliation: (day: string): Key => ({ pk: `RECONCILIATION#${day.slice(0, 4)}`, sk: `DAY#${day}` }),
  /** A phone number, whoever has it: what an incoming call or text looks up, with one GetItem. */
  number: (phoneNumber: string): Key => ({ pk: `NUMBER#${phoneNumber}`, sk: "NUMBER" }),
  /** What is left of a purchase whose number was given back, for its owner's list and for repeats of its key: the number itself may be another's by then. */
  pastNumber: (phoneNumber: string, purchaseId: string): Key => ({ pk: `NUMBER#${phoneNumber}`, sk: `PAST#${purchaseId}` }),
  /** What an owner should know of, newest first: one Query. Once per subject, since the subject is the end of its key. */
  notice: (owner: string, at: string, subject: string): Key => ({ pk: `NOTICES#${owner}`, sk: `NOTICE#${at}#${subject}` }),
  noticePrefix: "NOTICE#",
  /** A conversation's header. */
  conversation: (conversationId: string): Key => ({ pk: `CONVERSATION#${conversationId}`, sk: "CONVERSATION" }),
  /** What was said, newest first: one Query on the conversation's partition. */
  message: (conversationId: string, at: string, messageId: string): Key => ({
    pk: `CONVERSATION#${conversationId}`,
    sk: `MESSAGE#${at}#${messageId}`,
  }),
  messagePrefix: "MESSAGE#",
  /** That one event of the telephony provider was recorded: once per SID and what it says. */
  recorded: (sid: string, what: string): Key => ({ pk: `RECORDED#${sid}`, sk: `RECORDED#${what}` }),
  /** The margin of one day: what we charged for usage against what the provider charged us. */
  margin: (day: string): Key => ({ pk: `MARGIN#${day.slice(0, 4)}`, sk: `DAY#${day}` }),
  /** The reconciliation of one day with the number provider, and any range of a year's days: one Query. */
  numberReconciliation: (day: string): Key => ({ pk: `NUMBER-RECONCILIATION#${day.slice(0, 4)}`, sk: `DAY#${day}` }),
  /** One verification or reconciliation, and those of its kind, newest first: one Query. Few a day, so a partition for each kind. */
  run: (kind: string, runId: string): Key => ({ pk: `RUNS#${kind}`, sk: `RUN#${runId}` }),
  runPrefix: "RUN#",
  /** Which run of a kind the operators have started last: whoever asks again finds it, with one GetItem. */
  latestRun: (kind: string): Key => ({ pk: `RUNS#${kind}`, sk: "LATEST" }),
  /** An HTTP POST with its answer, for repeats. */
  request: (owner: string, route: string, key: string): Key => ({ pk: `REQUEST#${owner}#${route}#${key}`, sk: "REQUEST" }),
} as const;

/** Keys of `gsi1`: an owner's things, newest first. */
export const owned = {
  /** Numbers by their id, which sorts by time: the list of them is one Query, and so is one of them. */
  numbers: (owner: string) => `OWNER#${owner}#NUMBERS`,
  /** Conversations by the time of their newest message. */
  conversations: (owner: string) => `OWNER#${owner}#CONVERSATIONS`,
} as const;

/** Keys of `gsi2`: work that is due and lists over the whole system. KEYS_ONLY, so an update that leaves them alone costs no index unit. */
export const lists = {
  /** Every wallet. Set once, by the first post. */
  wallets: (shard: string) => `WALLETS#${shard}`,
  /** Open holds by expiry. */
  holds: (shard: string) => `DUE#HOLD#${shard}`,
  /** Open quarantine by time. Rare, so one partition. */
  quarantine: "DUE#QUARANTINE",
  /** Deferred settlements by the time of their next try. Rare, so one partition. */
  deferrals: "DUE#DEFERRAL",
  /** Numbers by the time of what is next for them: a purchase to settle, a reminder, a renewal, a release to finish. */
  numbers: (shard: string) => `DUE#NUMBER#${shard}`,
} as const;
