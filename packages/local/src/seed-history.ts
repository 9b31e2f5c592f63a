import type { Currency } from "@aira/contract";
import { seededRandom } from "./random.ts";
import { seedConversations, type TalkHappening } from "./seed-conversations.ts";

/** One thing that happened to a demo customer, `daysAgo` days before now. */
export type Happening = { readonly owner: string; readonly daysAgo: number } & (
  | { readonly what: "top_up"; readonly key: string; readonly currency: Currency; readonly amountMinor: number }
  /** Part of a top-up goes back to the card. */
  | { readonly what: "refund"; readonly key: string; readonly amountMinor: number }
  /** A second paid session for a top-up: what no rule allows, so it waits for an operator. */
  | { readonly what: "pay_twice"; readonly key: string }
  /** The customer tries a card that is declined, and leaves; the page expires. */
  | { readonly what: "declined"; readonly key: string; readonly currency: Currency; readonly amountMinor: number }
  | { readonly what: "charge" | "usage"; readonly currency: Currency; readonly amountMinor: number; readonly description: string }
  /** Money set aside. `captureMinor` 0: given back whole; undefined: still going on. */
  | {
      readonly what: "hold";
      readonly currency: Currency;
      readonly amountMinor: number;
      readonly captureMinor?: number;
      readonly description: string;
    }
  | { readonly what: "adjust"; readonly currency: Currency; readonly amountMinor: number; readonly description: string }
  | { readonly what: "freeze"; readonly description: string }
  /** A local number is bought; its months are charged as they come. */
  | { readonly what: "number"; readonly key: string; readonly country: string; readonly currency: Currency; readonly friendlyName: string }
  | TalkHappening
);

const CALLERS = ["+1 212 555 0148", "+1 646 555 0117", "+44 20 7946 0231", "+1 312 555 0190", "+91 22 5550 0104"];
const DAYS = 170;
/** From here on there is what was said, too. */
const TALK_DAYS = 40;

/** What a small business used a number for in the months of which only the charges are left, the same on every machine. */
function* usageOf(owner: string, currency: Currency, rateMinor: number, random: () => number): Generator<Happening> {
  const pick = () => CALLERS[Math.floor(random() * CALLERS.length)] ?? "";
  for (let daysAgo = DAYS - 4; daysAgo > TALK_DAYS; daysAgo--) {
    // Busier during the week, and a little more every month.
    const busy = daysAgo % 7 < 5 ? 0.62 : 0.18;
    if (random() > busy + (DAYS - daysAgo) / 900) continue;
    const at = daysAgo - random() * 0.4;
    const minutes = 2 + Math.floor(random() ** 2 * 34);
    const amountMinor = minutes * rateMinor;
    if (random() < 0.24) yield { what: "usage", owner, daysAgo: at, currency, amountMinor: rateMinor, description: `Text to ${pick()}` };
    else if (random() < 0.22) {
      const description = `Call with ${pick()}, ${minutes} min`;
      const captureMinor = random() < 0.14 ? 0 : amountMinor;
      yield { what: "hold", owner, daysAgo: at, currency, amountMinor: 40 * rateMinor, captureMinor, description };
    } else yield { what: "usage", owner, daysAgo: at, currency, amountMinor, description: `Call with ${pick()}, ${minutes} min` };
  }
}

function* renewalsOf(owner: string, number: string, currency: Currency, amountMinor: number, firstDaysAgo: number): Generator<Happening> {
  yield { what: "hold", owner, daysAgo: firstDaysAgo, currency, amountMinor, captureMinor: amountMinor, description: `Number ${number}` };
  for (let daysAgo = firstDaysAgo - 30; daysAgo > 0; daysAgo -= 30)
    yield { what: "charge", owner, daysAgo, currency, amountMinor, description: `Renewal of ${number}` };
}

/** What stands in a new data folder, oldest first. */
export function seedHistory(): Happening[] {
  const random = seededRandom(7);
  const [demo, asha, ravi] = ["demo", "asha", "ravi"];
  const happenings: Happening[] = [
    { what: "top_up", owner: demo, daysAgo: DAYS, key: "d1", currency: "USD", amountMinor: 5_000 },
    { what: "number", owner: demo, daysAgo: DAYS - 1, key: "shop", country: "US", currency: "USD", friendlyName: "Harbour Bikes" },
    ...usageOf(demo, "USD", 5, random),
    { what: "top_up", owner: demo, daysAgo: 128.6, key: "d2", currency: "USD", amountMinor: 2_500 },
    {
      what: "adjust",
      owner: demo,
      daysAgo: 121.2,
      currency: "USD",
      amountMinor: 250,
      description: "Charged twice for one call, ticket 42",
    },
    { what: "top_up", owner: demo, daysAgo: 96.3, key: "d3", currency: "USD", amountMinor: 5_000 },
    { what: "refund", owner: demo, daysAgo: 93.1, key: "d3", amountMinor: 2_000 },
    { what: "top_up", owner: demo, daysAgo: 74.5, key: "d4", currency: "INR", amountMinor: 100_000 },
    { what: "number", owner: demo, daysAgo: 73.9, key: "london", country: "GB", currency: "INR", friendlyName: "London workshop" },
    ...seedConversations({ owner: demo, shop: "shop", workshop: "london", days: TALK_DAYS, random }),
    { what: "declined", owner: demo, daysAgo: 51.2, key: "d5", currency: "USD", amountMinor: 5_000 },
    { what: "top_up", owner: demo, daysAgo: 51.1, key: "d6", currency: "USD", amountMinor: 2_500 },
    { what: "top_up", owner: demo, daysAgo: 16.4, key: "d7", currency: "USD", amountMinor: 2_500 },
    { what: "top_up", owner: demo, daysAgo: 12.2, key: "d8", currency: "INR", amountMinor: 50_000 },
    { what: "hold", owner: demo, daysAgo: 0.02, currency: "USD", amountMinor: 160, description: "Call with +1 646 555 0117, going on" },

    { what: "top_up", owner: asha, daysAgo: 64.4, key: "a1", currency: "INR", amountMinor: 250_000 },
    ...renewalsOf(asha, "+91 80 5550 0121", "INR", 32_500, 64.1),
    { what: "usage", owner: asha, daysAgo: 41.3, currency: "INR", amountMinor: 4_250, description: "Call with +91 22 5550 0104, 17 min" },
    { what: "top_up", owner: asha, daysAgo: 9.3, key: "a2", currency: "INR", amountMinor: 100_000 },
    { what: "pay_twice", owner: asha, daysAgo: 9.2, key: "a2" },

    { what: "top_up", owner: ravi, daysAgo: 30.5, key: "r1", currency: "USD", amountMinor: 10_000 },
    { what: "freeze", owner: ravi, daysAgo: 3.4, description: "Card reported as stolen, ticket 57" },
  ];
  return happenings.sort((a, b) => b.daysAgo - a.daysAgo);
}
