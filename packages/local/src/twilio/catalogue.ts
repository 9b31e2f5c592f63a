import { seededRandom } from "../random.ts";
import { type Area, COUNTRIES, type Country, type Offer } from "./countries.ts";
import type { Capabilities } from "./objects.ts";

/** A number of the stock: whether it can be bought now is the store's business. */
export interface StockNumber {
  readonly phoneNumber: string;
  /** The digits behind the country's calling code. */
  readonly national: string;
  readonly formatted: string;
  readonly country: Country;
  readonly offer: Offer;
  readonly area: Area;
  readonly capabilities: Capabilities;
  readonly beta: boolean;
}

export interface Catalogue {
  /** Every number of one kind, places mixed, always in the same order. */
  numbersOf(country: Country, offer: Offer): readonly StockNumber[];
  find(phoneNumber: string): StockNumber | undefined;
}

/** How many numbers of a block are in stock, if it has so many. */
const STOCK_PER_AREA = 400;

/** Coprime to 10, so that multiplying by one only changes the order of a block's numbers. */
const STEPS = [3, 7, 9, 11, 13, 17, 19, 21, 23, 27, 29, 31, 37, 39, 41, 43, 47, 49, 51, 53] as const;

/** Writes digits into a pattern, one for each `#`. */
function formatted(pattern: string, digits: string): string {
  let next = 0;
  return pattern.replaceAll("#", () => digits[next++] ?? "");
}

function capabilitiesAt(offer: Offer, index: number): Capabilities {
  if (!offer.varied) return offer.capabilities;
  const voiceOnly = index % 10 === 7;
  return {
    ...offer.capabilities,
    sms: offer.capabilities.sms && !voiceOnly,
    mms: offer.capabilities.mms && !voiceOnly && index % 10 !== 3,
    fax: index % 4 === 0,
  };
}

/** Twilio's stock, drawn from a seed: the same seed offers the same numbers. */
export function createCatalogue(seed: number): Catalogue {
  const stock = new Map<Offer, readonly StockNumber[]>();
  const byNumber = new Map<Country, ReadonlyMap<string, StockNumber>>();

  function drawn(country: Country, offer: Offer): readonly StockNumber[] {
    const random = seededRandom(seed);
    const blocks = offer.areas.map((area) => {
      const size = 10 ** area.digits;
      const step = STEPS[Math.floor(random() * STEPS.length)] ?? 1;
      return { area, size, step, begin: Math.floor(random() * size) };
    });
    const numbers: StockNumber[] = [];
    for (let index = 0; index < STOCK_PER_AREA; index += 1)
      for (const { area, size, step, begin } of blocks) {
        if (index >= size) continue;
        const line = String((begin + index * step) % size).padStart(area.digits, "0");
        const national = area.prefix + line;
        numbers.push({
          phoneNumber: `+${country.callingCode}${national}`,
          national,
          formatted: formatted(area.format, national),
          country,
          offer,
          area,
          capabilities: capabilitiesAt(offer, index),
          beta: offer.varied && index % 25 === 24,
        });
      }
    return numbers;
  }

  const numbersOf = (country: Country, offer: Offer) => {
    const known = stock.get(offer) ?? drawn(country, offer);
    stock.set(offer, known);
    return known;
  };
  const indexOf = (country: Country) => {
    const known =
      byNumber.get(country) ??
      new Map(country.offers.flatMap((offer) => numbersOf(country, offer)).map((number) => [number.phoneNumber, number]));
    byNumber.set(country, known);
    return known;
  };

  return {
    numbersOf,
    find: (phoneNumber) => {
      for (const country of COUNTRIES) {
        const found = phoneNumber.startsWith(`+${country.callingCode}`) ? indexOf(country).get(phoneNumber) : undefined;
        if (found) return found;
      }
      return undefined;
    },
  };
}
