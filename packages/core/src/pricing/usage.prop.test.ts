import { CURRENCIES, currencies } from "@aira/contract";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { RateCard, RateMicros } from "./rate-card.ts";
import { affordableSeconds, type PlannedLeg, priceCall, priceMessage } from "./usage.ts";

const rates = fc.record({ USD: fc.nat(2_000_000), INR: fc.nat(2 ** 31) });
const cards = fc.record({ voice: rates, forwarded: rates, transcription: rates, sms: rates });
const cardOf = ({
  voice,
  forwarded,
  transcription,
  sms,
}: Record<"voice" | "forwarded" | "transcription" | "sms", RateMicros>): RateCard => {
  const everywhere = (rate: RateMicros) => ({ default: rate, places: {} });
  return {
    asOf: "2026-01-01",
    rates: {
      voice_inbound: everywhere(voice),
      voice_outbound: everywhere(voice),
      voice_forwarded: everywhere(forwarded),
      transcription: everywhere(transcription),
      sms_inbound: everywhere(sms),
      sms_outbound: everywhere(sms),
    },
  };
};
const currency = fc.constantFrom(...currencies);
const seconds = fc.nat(20_000);
/** Millionths of the major unit in one minor unit. */
const microsPerMinor = (of: keyof typeof CURRENCIES) => BigInt(10 ** (6 - CURRENCIES[of].decimals));
const minutes = (of: number) => BigInt((of - (of % 60)) / 60 + (of % 60 > 0 ? 1 : 0));

test("a call is never charged below its minutes, and less than one minor unit above them", () => {
  fc.assert(
    fc.property(cards, currency, seconds, seconds, (raw, of, talked, transcribed) => {
      const usage = { country: "US", direction: "inbound", currency: of, seconds: talked, transcribedSeconds: transcribed } as const;
      const { amountMinor, lines } = priceCall(usage, cardOf(raw));
      const exact = minutes(talked) * BigInt(raw.voice[of]) + minutes(transcribed) * BigInt(raw.transcription[of]);
      const charged = BigInt(amountMinor) * microsPerMinor(of);
      expect(charged >= exact && charged - exact < microsPerMinor(of)).toBe(true);
      expect(Number.isSafeInteger(amountMinor)).toBe(true);
      expect(lines.reduce((sum, { quantity, rateMicros }) => sum + BigInt(quantity) * BigInt(rateMicros), 0n)).toBe(exact);
    }),
  );
});

test("a message is never charged below its segments, and less than one minor unit above them", () => {
  fc.assert(
    fc.property(cards, currency, fc.nat(200), (raw, of, segments) => {
      const { amountMinor } = priceMessage({ country: "US", direction: "outbound", currency: of, segments }, cardOf(raw));
      const exact = BigInt(segments) * BigInt(raw.sms[of]);
      const charged = BigInt(amountMinor) * microsPerMinor(of);
      expect(charged >= exact && charged - exact < microsPerMinor(of)).toBe(true);
    }),
  );
});

test("a longer call or message never costs less", () => {
  fc.assert(
    fc.property(cards, currency, seconds, seconds, (raw, of, one, more) => {
      const card = cardOf(raw);
      const call = (length: number) =>
        priceCall({ country: "US", direction: "forwarded", currency: of, seconds: length }, card).amountMinor;
      const message = (segments: number) => priceMessage({ country: "US", direction: "inbound", currency: of, segments }, card).amountMinor;
      expect(call(one + more)).toBeGreaterThanOrEqual(call(one));
      expect(message(one + more)).toBeGreaterThanOrEqual(message(one));
    }),
  );
});

test("a call that ends when its money does is covered by it, and one more minute would not be", () => {
  const balances = fc.oneof(fc.nat(500), fc.nat(5_000_000));
  fc.assert(
    fc.property(cards, currency, balances, seconds, fc.boolean(), (raw, of, balanceMinor, secondsSoFar, isForwarded) => {
      const card = cardOf(raw);
      const leg = (direction: PlannedLeg["direction"]) => ({ country: "US", direction, currency: of }) as const;
      const legs = [{ ...leg("inbound"), secondsSoFar }, ...(isForwarded ? [leg("forwarded")] : [])];
      // Each leg is charged on its own, once, when the call is over.
      const costAfter = (more: number) =>
        priceCall({ ...leg("inbound"), seconds: secondsSoFar + more }, card).amountMinor +
        (isForwarded ? priceCall({ ...leg("forwarded"), seconds: more }, card).amountMinor : 0);
      const affordable = affordableSeconds(balanceMinor, legs, card);
      expect(affordable % 60).toBe(0);
      if (affordable > 0) expect(costAfter(affordable)).toBeLessThanOrEqual(balanceMinor);
      if (affordable < 14_400) expect(costAfter(affordable + 60)).toBeGreaterThan(balanceMinor);
    }),
    { numRuns: 500 },
  );
});

test("more money never buys less time", () => {
  fc.assert(
    fc.property(cards, currency, fc.nat(100_000), fc.nat(100_000), (raw, of, balanceMinor, more) => {
      const legs = [{ country: "US", direction: "inbound", currency: of }] as const;
      const card = cardOf(raw);
      expect(affordableSeconds(balanceMinor + more, legs, card)).toBeGreaterThanOrEqual(affordableSeconds(balanceMinor, legs, card));
    }),
  );
});
