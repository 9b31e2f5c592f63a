import type { OwnNumber } from "./customer.ts";
import { CONTESTED, day, FIRST, numberCalled, ownerOfContested, SECOND } from "./number-steps.ts";
import { eventually, promise } from "./promise.ts";
import { money } from "./report.ts";
import { CREDITED_ONCE, creditedOnce, paidTopUp, refused, type Step, type Story, usd, walletOf } from "./story.ts";

const YEAR = new Date().getUTCFullYear() + 1;
const DAY_MS = 86_400_000;
/** Behind the moment that something is due: the numbers were bought within minutes. */
const LATER_MS = 3_600_000;

/** When the story begins: months that end on the 31st, the 30th and in February lie ahead. */
export const START_MS = Date.UTC(YEAR, 0, 31, 9);

/** The last day of the month so many months after the start, later in the day. */
const monthEnd = (months: number): number => Date.UTC(YEAR, months + 1, 0, 12);

/** Overlapping, as two schedules would. */
const RUNS = 3;
const REMINDER_DAYS = 3;
/** Enough for what is owed and the months that are left. */
const RESCUE = usd(1_000);

const monthStep = (months: number): Step => ({
  done: `${day(monthEnd(months))}: the schedule runs ${RUNS} times at once`,
  run: (story) => chargeMonth(story, months),
});

export const MONTH_STEPS: readonly Step[] = [
  { done: "Give a number back", run: giveBack },
  { done: "Three days before a month is charged", run: remind },
  monthStep(1),
  { done: "The same day, a wallet that is empty", run: leaveUnpaid },
  { done: "The grace is over", run: suspend },
  { done: "A top-up of the empty wallet", run: restore },
  ...[2, 3, 4].map(monthStep),
  { done: "Twilio's list against the table", run: reconcile },
];

async function giveBack(story: Story): Promise<string> {
  const { customer, stranger, twilioTruth } = story;
  const before = await walletOf(story);
  const { numberId, phoneNumber, country, type, price } = await numberCalled(story, SECOND);
  const params = { numberId };
  const asked = await customer.api.releaseNumber({ params, body: { dryRun: true } });
  promise("Before a number is given back it is said what is lost", [asked.number.state, asked.losses.length > 0], ["active", true]);
  promise("Only asking gives nothing back", (await twilioTruth.owned()).includes(phoneNumber), true);
  const { number, refundMinor } = await customer.api.releaseNumber({ params, body: {} });
  promise("A number is given back at Twilio", [number.state, (await twilioTruth.owned()).includes(phoneNumber)], ["released", false]);
  promise("The running month is not refunded", [refundMinor, await walletOf(story)], [0, before]);
  const offer = { phoneNumber, country, type, price };
  await refused("Nobody gets it soon after", 409, "number.not_available", () => stranger.buy(offer, SECOND));
  return `${asked.losses.length} losses told first; ${phoneNumber} is gone, nothing refunded`;
}

/** Puts the clock forward. Tokens don't last that long, so everybody signs in again. */
async function travel({ clock, customer, stranger, rival }: Story, toMs: number): Promise<void> {
  clock.to(toMs);
  await Promise.all([customer, stranger, rival].map((each) => each.signIn()));
}

const runSchedule = ({ control }: Story) => Promise.all(Array.from({ length: RUNS }, () => control.run("tendNumbers")));

/** What the owner was told of a number, oldest first. */
async function told({ customer }: Pick<Story, "customer">, { numberId }: OwnNumber): Promise<string[]> {
  const { notices } = await customer.api.listNotices({ query: { limit: 100 } });
  return notices.flatMap((notice) => (notice.numberId === numberId ? notice.kind : [])).reverse();
}

async function remind(story: Story): Promise<string> {
  const number = await numberCalled(story, FIRST);
  await travel(story, Date.parse(number.renewsAt ?? "") - REMINDER_DAYS * DAY_MS + LATER_MS);
  await runSchedule(story);
  promise("A customer is reminded of a charge, once", await told(story, number), ["number.reminder"]);
  await chargedFor(story, number, 1);
  return `reminded on ${day(story.clock.now())} of ${money({ ...number.price, amountMinor: number.price.monthlyMinor })} on ${day(number.renewsAt)}`;
}

/** Each month once: the first one and the set-up by the purchase, the others by their own entries. */
async function chargedFor({ customer }: Pick<Story, "customer">, { purchaseId, price }: OwnNumber, months: number): Promise<void> {
  const lines = await customer.statement(purchaseId);
  const expected = [-price.dueNowMinor, 0, ...Array<number>(months - 1).fill(-price.monthlyMinor)];
  const found = lines.map(({ amountMinor }) => amountMinor);
  promise("Each month is charged once, however often the schedule runs", found, expected);
}

async function chargeMonth(story: Story, months: number): Promise<string> {
  const { customer, clock } = story;
  await travel(story, monthEnd(months));
  await runSchedule(story);
  const numbers = (await customer.numbers()).filter(({ state }) => state === "active");
  for (const number of numbers) {
    promise("Months end without drift", day(number.paidThrough), day(monthEnd(months + 1)));
    await chargedFor(story, number, months + 1);
  }
  const gone = await numberCalled(story, SECOND);
  promise("A number that was given back is charged no more", [gone.state, gone.renewsAt], ["released", null]);
  await chargedFor(story, gone, 1);
  return `${numbers.length} numbers charged once each, paid from ${day(clock.now())} to ${day(monthEnd(months + 1))}`;
}

/** The story of whoever has the contested number. */
async function tenantOf(story: Story): Promise<Story> {
  return { ...story, customer: await ownerOfContested(story) };
}

async function leaveUnpaid(story: Story): Promise<string> {
  const tenant = await tenantOf(story);
  const number = await numberCalled(tenant, CONTESTED);
  promise("A month that can't be paid is told", await told(tenant, number), ["number.reminder", "number.unpaid"]);
  promise("A number that can't be paid works on for a while", [number.state, number.unpaidNext?.action], ["active", "suspend"]);
  await chargedFor(tenant, number, 1);
  return `told, and kept in service until ${day(number.unpaidNext?.at ?? null)}`;
}

async function suspend(story: Story): Promise<string> {
  const tenant = await tenantOf(story);
  const { unpaidNext } = await numberCalled(tenant, CONTESTED);
  await travel(story, Date.parse(unpaidNext?.at ?? "") + LATER_MS);
  await runSchedule(story);
  const number = await numberCalled(tenant, CONTESTED);
  promise("When the grace is over the number is suspended", [number.state, number.unpaidNext?.action], ["suspended", "release"]);
  promise("A suspension is told once", await told(tenant, number), ["number.reminder", "number.unpaid", "number.suspended"]);
  const call = await story.twilio.call("+14155550141", number.phoneNumber);
  promise("Callers of a suspended number hear a notice", [call.listening, call.heard.join(" ").includes("not in service")], [null, true]);
  promise("Its settings are kept", number.settings.friendlyName, CONTESTED);
  return `callers hear: “${call.heard.join(" ").slice(0, 54)}…”`;
}

async function restore(story: Story): Promise<string> {
  const tenant = await tenantOf(story);
  await creditedOnce(tenant, await paidTopUp(tenant, RESCUE), CREDITED_ONCE);
  const number = await eventually(
    "A top-up restores a suspended number at once",
    story.signal,
    () => numberCalled(tenant, CONTESTED),
    ({ state }) => state === "active",
  );
  promise("The month that was owed is paid", [day(number.paidThrough), number.unpaidSince], [day(monthEnd(2)), null]);
  await chargedFor(tenant, number, 2);
  const expected = ["number.reminder", "number.unpaid", "number.suspended", "number.restored"];
  promise("That it works again is told once", await told(tenant, number), expected);
  return `${money(RESCUE)} came in: active without a schedule, paid until ${day(number.paidThrough)}`;
}

interface Reconciliation {
  readonly provided: number;
  readonly held: number;
  readonly orphaned: number;
  readonly missing: number;
  readonly webhooks: number;
}

async function reconcile(story: Story): Promise<string> {
  const { control, twilioTruth, customer, stranger, rival } = story;
  const found = await control.run<Reconciliation>("reconcileNumbers");
  const held = (await Promise.all([customer, stranger, rival].map((each) => each.numbers()))).flat();
  const active = held.filter(({ state }) => state === "active").map(({ phoneNumber }) => phoneNumber);
  promise("Twilio charges us for the numbers that somebody has, and for no other", await twilioTruth.owned(), active.sort());
  const { provided, orphaned, missing, webhooks } = found;
  promise("Twilio and the table agree", [provided, found.held, orphaned, missing, webhooks], [active.length, active.length, 0, 0, 0]);
  return `${active.length} numbers there and here, no difference`;
}
