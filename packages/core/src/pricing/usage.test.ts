import { CountryCode, currencies, NUMBER_TYPES } from "@aira/contract";
import { describe, expect, test } from "vitest";
import { RATE_CARD, type RateCard, type RateMicros, USAGE_KINDS, type UsageKind } from "./rate-card.ts";
import { affordableSeconds, priceCall, priceMessage, rateOf } from "./usage.ts";

const rate = (USD: number): RateMicros => ({ USD, INR: USD * 90 });
const card: RateCard = {
  asOf: "2026-01-01",
  rates: {
    voice_inbound: { default: rate(60_000), places: { US: rate(8_500), "US:toll_free": rate(22_000) } },
    voice_outbound: { default: rate(1_000_000), prefixes: { "1": rate(14_000) } },
    voice_forwarded: { default: rate(1_000_000), prefixes: { "1": rate(14_000), "1876": rate(500_000), "91": rate(49_600) } },
    transcription: { default: rate(50_000), places: {} },
    sms_inbound: { default: rate(15_000), places: { US: rate(8_300) } },
    sms_outbound: { default: rate(400_000), prefixes: { "1": rate(8_300) } },
  },
};
const toUs = { country: "US", type: "local", direction: "inbound", currency: "USD" } as const;
const call = (seconds: number) => priceCall({ ...toUs, seconds }, card).amountMinor;

describe("a call costs each started minute, rounded up once to whole cents", () => {
  test.each([
    [0, 0],
    [1, 1],
    [60, 1],
    [61, 2],
    // 20 minutes of 0.85 cents are exactly 17; rounding each minute would make it 20.
    [1_200, 17],
    [1_201, 18],
  ])("%i seconds: %i", (seconds, amountMinor) => {
    expect(call(seconds)).toBe(amountMinor);
  });
});

test("a charge explains itself", () => {
  expect(priceCall({ ...toUs, seconds: 61, transcribedSeconds: 20 }, card)).toEqual({
    currency: "USD",
    amountMinor: 7,
    lines: [
      { kind: "voice_inbound", quantity: 2, rateMicros: 8_500 },
      { kind: "transcription", quantity: 1, rateMicros: 50_000 },
    ],
  });
  expect(priceCall({ ...toUs, seconds: 0 }, card)).toEqual({ currency: "USD", amountMinor: 0, lines: [] });
});

test("voice and transcription of one call are rounded together", () => {
  // 0.85 and 5 cents: 5.85, not 1 and 5.
  expect(priceCall({ ...toUs, seconds: 60, transcribedSeconds: 60 }, card).amountMinor).toBe(6);
});

test("the same call in rupees is charged by the rupee rate", () => {
  expect(priceCall({ ...toUs, currency: "INR", seconds: 61 }, card).amountMinor).toBe(153);
});

describe("what comes in is charged by our number", () => {
  test.each([
    ["US", "toll_free", 22_000],
    ["US", "local", 8_500],
    ["US", undefined, 8_500],
    ["SE", "local", 60_000],
  ] as const)("%s %s: %i", (country, type, micros) => {
    expect(rateOf("voice_inbound", { country, type, currency: "USD", to: "+18765550100" }, card)).toBe(micros);
  });
});

describe("what goes out is charged by who is reached, the longest prefix first, and the unknown is the dearest", () => {
  test.each([
    ["+14155550100", 14_000],
    ["+18765550100", 500_000],
    ["+919876543210", 49_600],
    ["+8821234567", 1_000_000],
    ["", 1_000_000],
    [undefined, 1_000_000],
  ])("%s: %i", (to, micros) => {
    expect(rateOf("voice_forwarded", { country: "US", currency: "USD", to }, card)).toBe(micros);
  });
});

describe("a message costs each segment, rounded up once", () => {
  test.each([
    ["inbound", 0, 0],
    ["inbound", 1, 1],
    ["inbound", 10, 9],
    ["outbound", 3, 3],
  ] as const)("%s, %i segments: %i", (direction, segments, amountMinor) => {
    const usage = { country: "US", direction, segments, currency: "USD", to: "+14155550100" } as const;
    expect(priceMessage(usage, card).amountMinor).toBe(amountMinor);
  });
});

test.each([-1, 0.5, Number.NaN])("%s seconds or segments are a mistake of ours", (wrong) => {
  expect(() => call(wrong)).toThrow("seconds must be a whole number");
  expect(() => priceCall({ ...toUs, seconds: 1, transcribedSeconds: wrong }, card)).toThrow("transcribedSeconds must be a whole number");
  expect(() => priceMessage({ ...toUs, segments: wrong }, card)).toThrow("segments must be a whole number");
  expect(() => affordableSeconds(100, [{ ...toUs, secondsSoFar: wrong }], card)).toThrow("secondsSoFar must be a whole number");
});

describe("a call may last as long as the money does, in whole minutes", () => {
  test.each([
    [0, 0],
    [-500, 0],
    [1, 60],
    [2, 120],
    // 17 cents: 20 minutes exactly.
    [17, 1_200],
    [16, 1_080],
    [1_000_000, 14_400],
  ])("%i cents: %i seconds", (balanceMinor, seconds) => {
    expect(affordableSeconds(balanceMinor, [toUs], card)).toBe(seconds);
  });
  test("a forwarded call costs both legs, and the first one since it began", () => {
    const forwarded = { ...toUs, direction: "forwarded", to: "+919876543210" } as const;
    // After n more minutes: ceil((3 + n) * 0.85) + ceil(n * 4.96) cents; for 5 of them 7 + 25.
    expect(affordableSeconds(32, [{ ...toUs, secondsSoFar: 130 }, forwarded], card)).toBe(300);
    expect(affordableSeconds(31, [{ ...toUs, secondsSoFar: 130 }, forwarded], card)).toBe(240);
    expect(affordableSeconds(2, [{ ...toUs, secondsSoFar: 130 }, forwarded], card)).toBe(0);
  });
  test("a voicemail also costs its transcription", () => {
    expect(affordableSeconds(12, [{ ...toUs, transcribed: true }], card)).toBe(120);
    expect(affordableSeconds(11, [{ ...toUs, transcribed: true }], card)).toBe(60);
  });
});

describe("the rate card", () => {
  const rows = Object.entries(RATE_CARD.rates).flatMap(([kind, rates]) => [
    [kind, "default", rates.default] as const,
    ...Object.entries("places" in rates ? rates.places : rates.prefixes).map(([key, value]) => [kind, key, value] as const),
  ]);
  test("has a rate of whole micros above zero for every kind in every currency", () => {
    expect(Object.keys(RATE_CARD.rates).toSorted()).toEqual(Object.keys(USAGE_KINDS).toSorted());
    for (const [kind, key, value] of rows)
      for (const currency of currencies) expect(Number.isSafeInteger(value[currency]) && value[currency] > 0, `${kind} ${key}`).toBe(true);
  });
  test("names places and prefixes as they are looked up", () => {
    for (const rates of Object.values(RATE_CARD.rates)) {
      for (const prefix of Object.keys("prefixes" in rates ? rates.prefixes : {})) expect(prefix).toMatch(/^[1-9]\d{0,4}$/);
      for (const place of Object.keys("places" in rates ? rates.places : {})) {
        const [country, type] = place.split(":");
        expect(CountryCode.safeParse(country).success, place).toBe(true);
        if (type !== undefined) expect(NUMBER_TYPES, place).toContain(type);
      }
    }
  });
  test("charges by who is reached whatever goes out, and by our number whatever comes in", () => {
    for (const kind of Object.keys(USAGE_KINDS) as UsageKind[])
      expect("prefixes" in RATE_CARD.rates[kind], kind).toBe(/outbound|forwarded/.test(kind));
  });
  test("takes the dearest rate for premium numbers, also where the prefix around them is cheap", () => {
    const dearest = RATE_CARD.rates.voice_forwarded.default.USD;
    for (const to of ["+19005550100", "+18765550100", "+447012345678", "+449012345678", "+88213300000", "+9791234567"])
      expect(rateOf("voice_forwarded", { country: "US", currency: "USD", to }), to).toBe(dearest);
  });
});
