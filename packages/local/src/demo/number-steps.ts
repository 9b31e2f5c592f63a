import { randomUUID } from "node:crypto";
import { ProblemError } from "@aira/contract/client";
import { keys } from "@aira/core/table";
import type { Customer, Offer, OwnNumber, Wanted } from "./customer.ts";
import { promise } from "./promise.ts";
import { money } from "./report.ts";
import { CREDITED_ONCE, creditedOnce, paidTopUp, refused, type Step, type Story, usd, walletOf } from "./story.ts";

/** What the customer calls their numbers. */
export const FIRST = "Front desk";
export const SECOND = "Second line";
export const CONTESTED = "Contested";

/** Twilio's lists are behind for as long as they may be. */
const LISTS_LAG = { listLagMs: 86_400_000 } as const;
/** A purchase without an answer is due to be looked up by then. */
const LOOKED_UP_MS = 90_000;

export const NUMBER_STEPS: readonly Step[] = [
  { done: "Search numbers in three countries", run: searchCountries },
  { done: "A price that moved, and too little money", run: refuseTerms },
  { done: "Buy a number", run: buyNumber },
  { done: "Twilio sells a number, and its answer is lost", run: loseAnswer },
  { done: "Two customers buy one number at the same moment", run: raceForNumber },
];

/** A customer's number, by what they call it. */
export async function numberCalled({ customer }: Pick<Story, "customer">, name: string): Promise<OwnNumber> {
  const found = (await customer.numbers()).find(({ settings }) => settings.friendlyName === name);
  if (!found) throw new Error(`${customer.name} has no number called ${name}`);
  return found;
}

/** Whoever got the number that two of them wanted. */
export async function ownerOfContested({ stranger, rival }: Story): Promise<Customer> {
  return (await stranger.numbers()).length > 0 ? stranger : rival;
}

const PLACES = [
  { country: "US", prefix: "+1415", query: { areaCode: "415", capabilities: "voice,sms" }, currency: "USD" },
  { country: "GB", prefix: "+44", query: {}, currency: "USD" },
  { country: "IN", prefix: "+91", query: {}, currency: "INR" },
] as const;

async function searchCountries({ customer }: Story): Promise<string> {
  const shown: string[] = [];
  for (const { country, prefix, query, currency } of PLACES) {
    const { numbers, notes } = await customer.api.searchNumbers({ query: { ...query, country, currency, limit: 5 } });
    promise("A search finds numbers of the country and area asked for", [numbers.length, numbers.every(isIn(prefix))], [5, true]);
    for (const { price } of numbers) {
      const said = [price.currency, price.dueNowMinor, price.monthlyMinor > 0];
      promise("A price is in the currency asked for and says what is due", said, [currency, price.setUpMinor + price.monthlyMinor, true]);
    }
    promise("A search says what a country restricts", notes.length > 0, true);
    const [first] = numbers;
    if (first) shown.push(`${country} ${money({ currency, amountMinor: first.price.monthlyMinor })}`);
  }
  const { numbers, reason } = await customer.api.searchNumbers({ query: { country: "AQ" } });
  promise("A country without numbers is no error", [numbers, reason?.code], [[], "country_not_sold"]);
  return `a month: ${shown.join(", ")}`;
}

const isIn =
  (prefix: string) =>
  ({ phoneNumber }: Offer): boolean =>
    phoneNumber.startsWith(prefix);

/** The first number in San Francisco that is to be had now. */
async function anOffer({ customer }: Pick<Story, "customer">): Promise<Offer> {
  const { numbers } = await customer.api.searchNumbers({ query: { country: "US", areaCode: "415", capabilities: "voice,sms", limit: 1 } });
  const [offer] = numbers;
  if (!offer) throw new Error("Twilio's sandbox has no number in San Francisco");
  return offer;
}

async function refuseTerms(story: Story): Promise<string> {
  const { customer, stranger, twilio } = story;
  const before = await walletOf(story);
  const offer = await anOffer(story);
  const cheaper: Wanted = { ...offer, price: { ...offer.price, dueNowMinor: offer.price.dueNowMinor - 1 } };
  await refused("A price that moved is not charged", 409, "number.price_moved", () => customer.buy(cheaper, FIRST));
  await refused("A number is not bought on credit", 402, "wallet.insufficient_funds", () => stranger.buy(offer, FIRST));
  promise("A refused purchase changes nothing", await walletOf(story), before);
  promise("Twilio is not asked for what can't be paid", await twilio.orders(offer.phoneNumber), 0);
  return "409 with the new price, 402 with what is missing";
}

async function buyNumber(story: Story): Promise<string> {
  const { customer, stranger } = story;
  const offer = await anOffer(story);
  const { number, status } = await customer.buy(offer, FIRST);
  promise("A number that was bought is active", [status, number.state], [201, "active"]);
  await boughtOnce(story, number, offer);
  const params = { numberId: number.numberId };
  await refused("A customer sees nobody else's number", 404, "number.not_found", () => stranger.api.getNumber({ params }));
  return `${number.phoneNumber} for ${money({ ...offer.price, amountMinor: offer.price.dueNowMinor })}, paid until ${day(number.paidThrough)}`;
}

/** Held once and captured once; sold by Twilio once, and ours there. */
async function boughtOnce({ customer, twilio, twilioTruth }: Story, number: OwnNumber, { price }: Wanted): Promise<void> {
  const lines = await customer.statement(number.purchaseId);
  const movements = lines.map(({ kind, amountMinor }) => [kind, amountMinor]);
  const expected = [
    ["authorization", -price.dueNowMinor],
    ["capture", 0],
  ];
  promise("A number is charged once, at the price that was agreed to", movements, expected);
  promise("Twilio is asked to sell a number once", await twilio.orders(number.phoneNumber), 1);
  const owned = (await twilioTruth.owned()).filter((phoneNumber) => phoneNumber === number.phoneNumber);
  promise("A number that is paid for is ours at Twilio", owned, [number.phoneNumber]);
}

async function loseAnswer(story: Story): Promise<string> {
  const { customer, control, twilio, clock } = story;
  const offer = await anOffer(story);
  const key = randomUUID();
  await twilio.switches({ ...LISTS_LAG, failNext: [{ operation: "numbers.create", when: "after", answer: "reset" }] });
  const first = await customer.buy(offer, SECOND, key);
  promise("A purchase without an answer is told as not known yet", [first.status, first.number.state], [202, "pending"]);
  const again = await customer.buy(offer, SECOND, key);
  promise("Asked again, it is still not known", [again.status, again.number.numberId], [202, first.number.numberId]);
  promise("Meanwhile its money is held", await heldUsd(customer), offer.price.dueNowMinor);
  await twilio.switches({});
  clock.to(clock.now() + LOOKED_UP_MS);
  await control.run("tendNumbers");
  const settled = await customer.buy(offer, SECOND, key);
  promise("The schedule finds what was bought", [settled.status, settled.number.state], [201, "active"]);
  promise("It is the same purchase", settled.number.numberId, first.number.numberId);
  promise("Then nothing is held any more", await heldUsd(customer), 0);
  await boughtOnce(story, settled.number, offer);
  return "202 and the money held; found by the schedule, bought once, charged once";
}

async function heldUsd({ api }: Customer): Promise<number> {
  const { balances } = await api.getBalance();
  return balances.find(({ currency }) => currency === "USD")?.heldMinor ?? 0;
}

async function raceForNumber(story: Story): Promise<string> {
  const { stranger, rival, interference, twilio } = story;
  const offer = await anOffer({ customer: stranger });
  const buyers = [stranger, rival];
  for (const customer of buyers) {
    const theirs = { ...story, customer };
    await creditedOnce(theirs, await paidTopUp(theirs, usd(offer.price.dueNowMinor)), CREDITED_ONCE);
  }
  const come = interference.gather(keys.number(offer.phoneNumber).pk, buyers.length);
  const outcomes = await Promise.allSettled(buyers.map((customer) => customer.buy(offer, CONTESTED)));
  promise("Both are about to claim the number", come() >= buyers.length, true);
  const statuses = outcomes.map((outcome) => (outcome.status === "fulfilled" ? outcome.value.status : problemOf(outcome.reason)));
  promise("One of two buyers gets a number, the other is told that it is gone", statuses.sort(), [201, "number.not_available"]);
  const winner = await ownerOfContested(story);
  const loser = winner === stranger ? rival : stranger;
  promise("Whoever does not get it keeps their money, untouched", (await loser.statement()).map(amountOf), [offer.price.dueNowMinor]);
  await boughtOnce({ ...story, customer: winner }, await numberCalled({ customer: winner }, CONTESTED), offer);
  return `${offer.phoneNumber} has one owner, Twilio was asked ${times(await twilio.orders(offer.phoneNumber))}`;
}

function problemOf(reason: unknown): string {
  if (reason instanceof ProblemError) return reason.problem.code;
  throw reason;
}

const amountOf = ({ amountMinor }: { readonly amountMinor: number }): number => amountMinor;
const times = (count: number): string => (count === 1 ? "once" : `${count} times`);

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });

/** `28 February`. */
export const day = (at: string | number | null): string => (at === null ? "never" : DAY.format(new Date(at)));
