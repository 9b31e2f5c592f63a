import { CURRENCIES, type Currency, type NumberType } from "@aira/contract";
import { ceilingOf, toSafeNumber, wholeCount } from "./decimal.ts";
import { RATE_CARD, type RateCard, type UsageKind } from "./rate-card.ts";

const SECONDS_PER_MINUTE = 60n;
/** Twilio ends a call after four hours unless told otherwise. */
const LONGEST_CALL_MINUTES = 240n;
const MICRO_DECIMALS = 6;

/** What decides a rate. */
interface Route {
  /** Country of our number, ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Type of our number: toll-free ones cost more to be called at. */
  readonly type?: NumberType | undefined;
  /** E.164 of who is reached, of what goes out. Without it the dearest rate holds. */
  readonly to?: string | undefined;
  readonly currency: Currency;
}

/** A leg of a call: `inbound` to our number, `outbound` from it, `forwarded` from an inbound call to the customer's own phone. */
export interface CallLeg extends Route {
  readonly direction: "inbound" | "outbound" | "forwarded";
}

export interface CallUsage extends CallLeg {
  readonly seconds: number;
  /** Of a recording that was put into words. */
  readonly transcribedSeconds?: number | undefined;
}

export interface MessageUsage extends Route {
  readonly direction: "inbound" | "outbound";
  readonly segments: number;
}

/** A leg of a call that is to go on. */
export interface PlannedLeg extends CallLeg {
  /** How long it has lasted already, not charged yet. */
  readonly secondsSoFar?: number | undefined;
  /** Each further minute is also put into words. */
  readonly transcribed?: boolean | undefined;
}

/** How a charge comes about: `quantity` started minutes or segments at `rateMicros` (millionths of the major unit) each. */
export interface ChargeLine {
  readonly kind: UsageKind;
  readonly quantity: number;
  readonly rateMicros: number;
}

export interface UsageCharge {
  readonly currency: Currency;
  /** The sum of the lines, rounded up once to whole minor units. */
  readonly amountMinor: number;
  /** Empty when there is nothing to charge for. */
  readonly lines: readonly ChargeLine[];
}

/**
 * What one leg of a call costs: each started minute; zero seconds cost nothing. A forwarded call is two legs with two SIDs and two
 * charges, what came in and what went on. Throws for seconds that are no whole number of zero or more.
 */
export function priceCall(usage: CallUsage, card: RateCard = RATE_CARD): UsageCharge {
  return chargeOf(usage, card, [
    [`voice_${usage.direction}`, startedMinutes(wholeCount(usage.seconds, "seconds"))],
    ["transcription", startedMinutes(wholeCount(usage.transcribedSeconds ?? 0, "transcribedSeconds"))],
  ]);
}

/** What one message costs: each segment. Throws for segments that are no whole number of zero or more. */
export function priceMessage(usage: MessageUsage, card: RateCard = RATE_CARD): UsageCharge {
  return chargeOf(usage, card, [[`sms_${usage.direction}`, wholeCount(usage.segments, "segments")]]);
}

/**
 * How many seconds more a call may last with this money, in whole minutes and at most four hours: what all its legs cost by then,
 * with what they have cost so far, is not above the balance. The legs are in the balance's currency. 0: not even a minute, as always
 * when the balance is below zero.
 */
export function affordableSeconds(balanceMinor: number, legs: readonly PlannedLeg[], card: RateCard = RATE_CARD): number {
  if (balanceMinor < 0) return 0;
  const balance = wholeCount(balanceMinor, "balanceMinor");
  const affords = (minutes: bigint) => legs.reduce((sum, leg) => sum + plannedMinor(leg, minutes, card), 0n) <= balance;
  // Each leg rounds on its own, so there is no closed form; the cost never falls with time, so halving finds the last minute.
  let affordable = 0n;
  let tooLong = LONGEST_CALL_MINUTES + 1n;
  while (tooLong - affordable > 1n) {
    const minutes = (affordable + tooLong) / 2n;
    if (affords(minutes)) affordable = minutes;
    else tooLong = minutes;
  }
  return Number(affordable * SECONDS_PER_MINUTE);
}

/** The rate of one kind on this route, in micros: by our number for what comes in, by who is reached for what goes out. */
export function rateOf(kind: UsageKind, { country, type, to, currency }: Route, card: RateCard = RATE_CARD): number {
  const rates = card.rates[kind];
  if ("places" in rates) return (rates.places[`${country}:${type}`] ?? rates.places[country] ?? rates.default)[currency];
  const digits = to?.replace(/^\+/, "") ?? "";
  for (let length = digits.length; length > 0; length -= 1) {
    const rate = rates.prefixes[digits.slice(0, length)];
    if (rate) return rate[currency];
  }
  return rates.default[currency];
}

const startedMinutes = (seconds: bigint): bigint => ceilingOf(seconds, SECONDS_PER_MINUTE);

function plannedMinor(leg: PlannedLeg, minutes: bigint, card: RateCard): bigint {
  const soFar = wholeCount(leg.secondsSoFar ?? 0, "secondsSoFar");
  const voice = startedMinutes(soFar + minutes * SECONDS_PER_MINUTE) * BigInt(rateOf(`voice_${leg.direction}`, leg, card));
  const transcription = leg.transcribed ? minutes * BigInt(rateOf("transcription", leg, card)) : 0n;
  return toMinor(voice + transcription, leg.currency);
}

function chargeOf(route: Route, card: RateCard, used: readonly (readonly [UsageKind, bigint])[]): UsageCharge {
  const counted = used.filter(([, quantity]) => quantity > 0n);
  const lines = counted.map(([kind, quantity]) => ({ kind, quantity: toSafeNumber(quantity), rateMicros: rateOf(kind, route, card) }));
  const micros = lines.reduce((sum, { quantity, rateMicros }) => sum + BigInt(quantity) * BigInt(rateMicros), 0n);
  return { currency: route.currency, amountMinor: toSafeNumber(toMinor(micros, route.currency)), lines };
}

const toMinor = (micros: bigint, currency: Currency): bigint =>
  ceilingOf(micros, 10n ** BigInt(MICRO_DECIMALS - CURRENCIES[currency].decimals));
