import type { Currency } from "@aira/contract";
import type { Wallet } from "../ledger/index.ts";
import type { NumberRecord } from "../numbers/index.ts";
import { affordableSeconds, type PlannedLeg, priceCall, priceMessage } from "../pricing/index.ts";
import { TRANSCRIBED } from "./voices.ts";

export type Overdraft = Readonly<Record<Currency, number>>;

/** What a call may last and cost. */
export interface CallPlan {
  readonly capSeconds: number;
  /** All that it may cost, in minor units: the call itself, being connected to another phone, a voicemail put into words. */
  readonly budgetMinor: number;
  /** What of that is set aside: what the wallet holds. The rest is overdraft. */
  readonly holdMinor: number;
}

/** No call goes on for longer, so that one does not hold a whole wallet. */
const LONGEST_SECONDS = { assistant: 15 * 60, forward: 60 * 60, voicemail: 5 * 60 } as const;

export const VOICEMAIL_SECONDS = 120;
const MINUTE = 60;

/**
 * What may be spent on calls and texts, in minor units: the balance and the overdraft that the operator grants. Undefined: nothing, since
 * the wallet is frozen, or a currency of it is further below zero than its overdraft.
 */
export function spendableMinor(wallet: Wallet, currency: Currency, overdraftMinor: Overdraft): number | undefined {
  if (wallet.frozen) return undefined;
  const currencies = Object.entries(wallet.balances) as [Currency, { availableMinor: number }][];
  if (currencies.some(([name, { availableMinor }]) => availableMinor < -overdraftMinor[name])) return undefined;
  return (wallet.balances[currency]?.availableMinor ?? 0) + overdraftMinor[currency];
}

type Ours = Pick<NumberRecord, "country" | "type" | "currency">;

const inbound = ({ country, type, currency }: Ours, secondsSoFar = 0): PlannedLeg => ({
  country,
  type,
  currency,
  direction: "inbound",
  secondsSoFar,
});

const forwarded = ({ country, type, currency }: Ours, to: string, secondsSoFar = 0): PlannedLeg => ({
  country,
  type,
  currency,
  to,
  direction: "forwarded",
  secondsSoFar,
});

/**
 * How a call to this number may go, by who takes it and whether it may be connected to another phone. Undefined: not even for a minute.
 * A call that may be connected is planned as if it were all the time.
 */
export function planCall(
  wallet: Wallet,
  number: NumberRecord,
  overdraftMinor: Overdraft,
  { taker, connectTo }: { readonly taker: keyof typeof LONGEST_SECONDS; readonly connectTo: string | undefined },
): CallPlan | undefined {
  const spendable = spendableMinor(wallet, number.currency, overdraftMinor);
  if (spendable === undefined) return undefined;
  const legs = [inbound(number), ...(connectTo === undefined ? [] : [forwarded(number, connectTo)])];
  const capSeconds = Math.min(LONGEST_SECONDS[taker], affordableSeconds(spendable, legs));
  if (capSeconds < MINUTE) return undefined;
  const cost = legs.reduce((sum, leg) => sum + priceCall({ ...leg, seconds: capSeconds }).amountMinor, transcriptMinor(number));
  const budgetMinor = Math.min(spendable, cost);
  const availableMinor = wallet.balances[number.currency]?.availableMinor ?? 0;
  return { capSeconds, budgetMinor, holdMinor: Math.max(0, Math.min(budgetMinor, availableMinor)) };
}

const transcriptMinor = (number: NumberRecord): number =>
  TRANSCRIBED.has(number.settings.language)
    ? priceCall({ ...inbound(number), seconds: 0, transcribedSeconds: VOICEMAIL_SECONDS }).amountMinor
    : 0;

/** How long a call may be connected to another phone, with what is left of its budget. `connectedSeconds`: how long it was so far. */
export function connectableSeconds(number: Ours, to: string, budgetMinor: number, secondsSoFar: number, connectedSeconds = 0): number {
  const affordable = affordableSeconds(budgetMinor, [inbound(number, secondsSoFar), forwarded(number, to, connectedSeconds)]);
  return Math.min(LONGEST_SECONDS.forward - connectedSeconds, affordable);
}

/** Is there enough for a voicemail to be put into words, besides recording it? */
export function affordsTranscript(number: NumberRecord, budgetMinor: number, secondsSoFar: number): boolean {
  if (!TRANSCRIBED.has(number.settings.language)) return false;
  const seconds = secondsSoFar + VOICEMAIL_SECONDS;
  return priceCall({ ...inbound(number), seconds, transcribedSeconds: VOICEMAIL_SECONDS }).amountMinor <= budgetMinor;
}

/** Is there enough for a text of so many segments, and a short answer to it? */
export function affordsText(wallet: Wallet, number: NumberRecord, overdraftMinor: Overdraft, segments: number, from: string): boolean {
  const spendable = spendableMinor(wallet, number.currency, overdraftMinor);
  const { country, type, currency } = number;
  const received = priceMessage({ country, type, currency, direction: "inbound", segments }).amountMinor;
  const sent = priceMessage({ country, type, currency, direction: "outbound", to: from, segments: 1 }).amountMinor;
  return spendable !== undefined && received + sent <= spendable;
}
