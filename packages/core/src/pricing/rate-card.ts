import type { Currency } from "@aira/contract";

/**
 * What a minute or a segment costs, in micros: millionths of the major unit (of a dollar, of a rupee). 20_000 is USD 0.02, which is
 * two cents; 1_800_000 is INR 1.80. A rate may be a fraction of a minor unit, so only the charge of a whole call or message is rounded.
 */
export type RateMicros = Readonly<Record<Currency, number>>;

/** What is charged, and by what it is counted. */
export const USAGE_KINDS = {
  /** A call to a number of ours; the assistant is in it: speech recognition, voice and model. */
  voice_inbound: "started minute",
  /** A call from a number of ours. */
  voice_outbound: "started minute",
  /** The second leg of an inbound call, to the customer's own phone. The first leg goes on costing. */
  voice_forwarded: "started minute",
  /** A recording put into words. */
  transcription: "started minute",
  sms_inbound: "segment",
  sms_outbound: "segment",
} as const;
export type UsageKind = keyof typeof USAGE_KINDS;

/** By our number, for what comes in: `US:toll_free`, else `US`, else the default. */
interface PlaceRates {
  readonly default: RateMicros;
  readonly places: Readonly<Record<string, RateMicros>>;
}

/**
 * By who is reached, for what goes out: the longest prefix of the E.164 digits, else the default, which is a dear one. Making somebody
 * else's telephony dial premium numbers is how it is defrauded.
 */
interface PrefixRates {
  readonly default: RateMicros;
  readonly prefixes: Readonly<Record<string, RateMicros>>;
}

export interface RateCard {
  /** When the card was last gone through. */
  readonly asOf: string;
  readonly rates: Readonly<Record<UsageKind, PlaceRates | PrefixRates>>;
}

const DEAREST_CALL: RateMicros = { USD: 1_000_000, INR: 90_000_000 };
const DEAREST_SMS: RateMicros = { USD: 400_000, INR: 36_000_000 };

/** Inside +1, but neither the United States nor Canada (or premium, as 900 is): many times dearer than these, and known from fraud. */
const DEAR_AREAS_OF_1 = "242 246 264 268 284 340 345 441 473 649 658 664 670 671 684 721 758 767 784 809 829 849 868 869 876 900".split(
  " ",
);
const dearAreasOf1 = (rate: RateMicros) => Object.fromEntries(DEAR_AREAS_OF_1.map((area) => [`1${area}`, rate]));

/** One rate for landlines and mobiles of a country, so that mobiles, which cost the most, are covered too. */
const CALLS_OUT: PrefixRates = {
  default: DEAREST_CALL,
  prefixes: {
    "1": { USD: 25_000, INR: 2_250_000 },
    // Alaska, and Canada's north.
    "1907": { USD: 150_000, INR: 13_500_000 },
    "1867": { USD: 250_000, INR: 22_500_000 },
    ...dearAreasOf1(DEAREST_CALL),
    "27": { USD: 300_000, INR: 27_000_000 },
    "31": { USD: 150_000, INR: 13_500_000 },
    "33": { USD: 120_000, INR: 10_800_000 },
    "338": DEAREST_CALL,
    "34": { USD: 100_000, INR: 9_000_000 },
    "353": { USD: 120_000, INR: 10_800_000 },
    "39": { USD: 150_000, INR: 13_500_000 },
    "398": DEAREST_CALL,
    "44": { USD: 40_000, INR: 3_600_000 },
    "447": { USD: 80_000, INR: 7_200_000 },
    // Personal numbers look like mobiles and cost like premium ones.
    "4470": DEAREST_CALL,
    "4484": DEAREST_CALL,
    "4487": DEAREST_CALL,
    "449": DEAREST_CALL,
    "46": { USD: 100_000, INR: 9_000_000 },
    "48": { USD: 120_000, INR: 10_800_000 },
    "49": { USD: 120_000, INR: 10_800_000 },
    "4990": DEAREST_CALL,
    "52": { USD: 100_000, INR: 9_000_000 },
    "55": { USD: 150_000, INR: 13_500_000 },
    "61": { USD: 130_000, INR: 11_700_000 },
    "65": { USD: 60_000, INR: 5_400_000 },
    "81": { USD: 250_000, INR: 22_500_000 },
    "91": { USD: 100_000, INR: 9_000_000 },
  },
};

/** What usage costs our customers. Compare it with Twilio's prices before going live. */
export const RATE_CARD: RateCard = {
  asOf: "2026-11-22",
  rates: {
    voice_inbound: {
      default: { USD: 60_000, INR: 5_400_000 },
      places: {
        US: { USD: 50_000, INR: 4_500_000 },
        "US:toll_free": { USD: 70_000, INR: 6_300_000 },
        CA: { USD: 50_000, INR: 4_500_000 },
        "CA:toll_free": { USD: 70_000, INR: 6_300_000 },
        GB: { USD: 50_000, INR: 4_500_000 },
        "GB:toll_free": { USD: 120_000, INR: 10_800_000 },
        IN: { USD: 50_000, INR: 4_500_000 },
        "IN:toll_free": { USD: 150_000, INR: 13_500_000 },
        "AU:toll_free": { USD: 150_000, INR: 13_500_000 },
        "DE:toll_free": { USD: 250_000, INR: 22_500_000 },
        "FR:toll_free": { USD: 250_000, INR: 22_500_000 },
        "JP:toll_free": { USD: 300_000, INR: 27_000_000 },
      },
    },
    voice_outbound: CALLS_OUT,
    voice_forwarded: CALLS_OUT,
    transcription: { default: { USD: 70_000, INR: 6_300_000 }, places: {} },
    sms_inbound: {
      default: { USD: 15_000, INR: 1_350_000 },
      places: {
        US: { USD: 12_500, INR: 1_125_000 },
        CA: { USD: 12_500, INR: 1_125_000 },
      },
    },
    sms_outbound: {
      default: DEAREST_SMS,
      prefixes: {
        // What the carriers add to Twilio's price is in it.
        "1": { USD: 18_500, INR: 1_665_000 },
        "1787": { USD: 60_000, INR: 5_400_000 },
        "1939": { USD: 60_000, INR: 5_400_000 },
        ...dearAreasOf1(DEAREST_SMS),
        "27": { USD: 150_000, INR: 13_500_000 },
        "31": { USD: 160_000, INR: 14_400_000 },
        "33": { USD: 120_000, INR: 10_800_000 },
        "34": { USD: 120_000, INR: 10_800_000 },
        "353": { USD: 120_000, INR: 10_800_000 },
        "39": { USD: 140_000, INR: 12_600_000 },
        "44": { USD: 75_000, INR: 6_750_000 },
        "46": { USD: 100_000, INR: 9_000_000 },
        "48": { USD: 80_000, INR: 7_200_000 },
        "49": { USD: 160_000, INR: 14_400_000 },
        "52": { USD: 120_000, INR: 10_800_000 },
        "55": { USD: 100_000, INR: 9_000_000 },
        "61": { USD: 80_000, INR: 7_200_000 },
        "65": { USD: 100_000, INR: 9_000_000 },
        "81": { USD: 130_000, INR: 11_700_000 },
        "91": { USD: 130_000, INR: 11_700_000 },
      },
    },
  },
};
