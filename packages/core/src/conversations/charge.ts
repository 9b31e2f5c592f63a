import { CURRENCIES, type Currency } from "@aira/contract";
import { adjust, authorize, capture, loadEntry, loadWallet, post, postAgain, receiptOf, release, usageOperation } from "../ledger/index.ts";
import { AiraError, deriveId } from "../lib/index.ts";
import { tellLowBalance } from "../notices/index.ts";
import type { ConversationPorts } from "./ports.ts";

const HOUR_MS = 3_600_000;

/** What usage is charged for, to whom. The description names no other side: the books outlive what is deleted of a conversation. */
interface Usage {
  readonly owner: string;
  /** The provider's id: charged once for ever. */
  readonly sid: string;
  readonly currency: Currency;
  /** In minor units; 0 is charged nothing. */
  readonly amountMinor: number;
  readonly description: string;
}

const ACTOR = "system:telephony";

/** One charge that an event brings, as it was decided when the event was recorded. */
export interface Due extends Usage {
  /** Of a call with a hold: what is set aside for it, in minor units. */
  readonly heldMinor?: number | undefined;
  /** What was charged before it was known that nothing should be: it is given back. */
  readonly back?: true;
}

/**
 * Charges what an event brings, once for ever. Of one that comes `again` it is looked first whether it is charged: then that is all that it
 * costs, and a look at whether its owner was to be told. Errors: as `chargeOnce`.
 */
export async function settle(ports: ConversationPorts, due: readonly Due[], again: boolean): Promise<void> {
  for (const { heldMinor, back, ...usage } of due) {
    if (back) await giveBack(ports, usage);
    else if (heldMinor === undefined) await chargeOnce(ports, usage, again);
    else await chargeHeld(ports, usage, heldMinor, again);
  }
}

async function giveBack(ports: ConversationPorts, { owner, sid, currency, amountMinor, description }: Usage): Promise<void> {
  const adjustmentId = deriveId("adjustment", "usage", sid);
  await adjust(ports, { owner, adjustmentId, currency, amountMinor, reason: description, actor: ACTOR });
}

/** Charges usage that has happened: it always posts, and may take the wallet below zero. Errors: `wallet.busy`, `outcome.unknown`, `operation.conflict`. */
async function chargeOnce(ports: ConversationPorts, usage: Usage, again: boolean): Promise<void> {
  if (usage.amountMinor === 0) return;
  const { owner, sid, currency, amountMinor, description } = usage;
  const operation = usageOperation({ owner, id: sid, currency, amountMinor, description, actor: ACTOR });
  const posted = await (again ? postAgain : post)(ports, owner, operation);
  const { entryKey } = receiptOf(posted);
  if (posted.outcome === "posted") await tellLowBalance(ports, posted.entry, posted.wallet, ports.policy.lowBalanceMinor);
  else await tellOf(ports, owner, entryKey);
}

/** The hold of a call. */
export const holdOf = (callSid: string): string => deriveId("hold", "call", callSid);

/**
 * Sets aside what a call may cost, so that calls at the same time don't each spend the whole balance. False: there is too little by now, or
 * none may be spent; the call goes on and is charged as usage. Gives itself back an hour behind the call's last possible second.
 */
export async function holdForCall(
  ports: ConversationPorts,
  call: {
    readonly owner: string;
    readonly callSid: string;
    readonly currency: Currency;
    readonly holdMinor: number;
    readonly endsAtMs: number;
  },
): Promise<boolean> {
  if (call.holdMinor < 1) return false;
  const { owner, currency, holdMinor: amountMinor } = call;
  try {
    await authorize(ports, {
      owner,
      holdId: holdOf(call.callSid),
      currency,
      amountMinor,
      expiresAtMs: call.endsAtMs + HOUR_MS,
      description: "Call",
      actor: ACTOR,
    });
    return true;
  } catch (error) {
    if (error instanceof AiraError && error.kind === "declined") return false;
    throw error;
  }
}

/**
 * Charges a finished call from its hold, as far as that goes, and the rest as usage. One whose hold had expired is charged all the same:
 * the ledger sees to that. Errors: as `chargeOnce`.
 */
async function chargeHeld(ports: ConversationPorts, usage: Usage, heldMinor: number, again: boolean): Promise<void> {
  const { owner, sid, currency, amountMinor, description } = usage;
  if (amountMinor === 0) return giveHoldBack(ports, owner, sid, currency, heldMinor);
  const hold = { owner, holdId: holdOf(sid), currency, amountMinor: heldMinor, description, actor: ACTOR };
  const { entryKey } = await capture(ports, { ...hold, captureMinor: Math.min(amountMinor, heldMinor), again });
  await tellOf(ports, owner, entryKey);
  if (amountMinor > heldMinor) await chargeOnce(ports, { ...usage, amountMinor: amountMinor - heldMinor }, again);
}

/** Gives a call's hold back, unless it has given itself back. */
export async function giveHoldBack(
  ports: ConversationPorts,
  owner: string,
  callSid: string,
  currency: Currency,
  heldMinor: number,
): Promise<void> {
  const hold = { owner, holdId: holdOf(callSid), currency, amountMinor: heldMinor, description: "Call", actor: ACTOR };
  try {
    await release(ports, hold);
  } catch (error) {
    if (!(error instanceof AiraError && error.code === "operation.conflict")) throw error;
  }
}

/** Tells of a balance that fell below its threshold: by the entry that did it, so once however often this is repeated. */
async function tellOf(ports: ConversationPorts, owner: string, entryKey: string): Promise<void> {
  const [entry, wallet] = await Promise.all([loadEntry(ports.table, owner, entryKey), loadWallet(ports.table, owner)]);
  if (entry) await tellLowBalance(ports, entry, wallet, ports.policy.lowBalanceMinor);
}

/** An amount for a description, like 0.12 USD. */
export function inWords(amountMinor: number, currency: Currency): string {
  const { decimals } = CURRENCIES[currency];
  const digits = String(amountMinor).padStart(decimals + 1, "0");
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)} ${currency}`;
}
