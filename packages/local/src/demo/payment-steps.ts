import { randomUUID } from "node:crypto";
import { keys } from "@aira/core/table";
import type { Moment } from "./interference.ts";
import { eventually, promise } from "./promise.ts";
import { money } from "./report.ts";
import {
  balanceLine,
  CREDITED_ONCE,
  creditedOnce,
  holds,
  inr,
  moved,
  paidTopUp,
  quarantined,
  quiet,
  reaches,
  refused,
  type Step,
  type Story,
  topUpOf,
  usd,
  walletOf,
} from "./story.ts";

/** How often one event comes at once. */
const COPIES = 20;
/** So many of them are consumed at the same time: with so many invocations Lambda begins. */
const CONSUMERS = 5;
const STALE_SECONDS = 10 * 60;
/** Bank debits wait for the step that settles them. */
const CALM = { settleAfterMs: 86_400_000 } as const;

/** The main job and what can go wrong with it, in the order in which it is told. */
export const PAYMENT_STEPS: readonly Step[] = [
  { done: "Sign in by OpenID Connect (code flow, PKCE)", run: signIn },
  { done: "Top up USD on the checkout page", run: topUpUsd },
  { done: "Top up INR, the first card declined", run: topUpInr },
  { done: "The same Idempotency-Key twice, and with another body", run: repeatRequest },
  { done: "Another customer asks for this top-up", run: askForAnothers },
  { done: `One event delivered ${COPIES} times at once`, run: duplicateEvent },
  { done: "completed (unpaid) before async_payment_succeeded", run: payLater },
  { done: "A forged and a stale signature", run: forgeSignatures },
  { done: "A payment of another amount than was asked for", run: payAnotherAmount },
  { done: "A second paid session for one top-up", run: paySecondSession },
  { done: "A partial and then a full refund", run: refund },
  { done: "A dispute lost", run: loseDispute },
  { done: "A dispute won, the money reinstated", run: winDispute },
  { done: "An event that never comes, and the sweep", run: loseEvent },
  { done: "A consumer killed between read and commit", run: (story) => killConsumer(story, "before the commit") },
  { done: "A consumer killed between commit and answer", run: (story) => killConsumer(story, "after the commit") },
];

async function signIn({ customer, stranger, rival, control }: Story): Promise<string> {
  await control.switches(CALM);
  await refused("Nobody reads a wallet without a token", 401, "auth.required", () => customer.api.getBalance());
  await Promise.all([customer, stranger, rival].map((each) => each.signIn()));
  const { balances, seq } = await customer.api.getBalance();
  promise("A new wallet is empty", { total: balances.reduce((sum, { totalMinor }) => sum + totalMinor, 0), seq }, { total: 0, seq: 0 });
  return `${customer.name}, ${stranger.name} and ${rival.name} hold tokens, the wallet is empty`;
}

async function topUpUsd(story: Story): Promise<string> {
  const topUp = await paidTopUp(story, usd(2_500));
  await creditedOnce(story, topUp, CREDITED_ONCE);
  return balanceLine(story);
}

async function topUpInr(story: Story): Promise<string> {
  const { customer } = story;
  const topUp = await customer.startTopUp(inr(150_000));
  promise("A declined card is told on the page", (await customer.pay(topUp, "decline")).status, 402);
  promise("A declined card leaves the page open", (await customer.pay(topUp, "card")).status, 303);
  await creditedOnce(story, topUp, CREDITED_ONCE);
  return balanceLine(story);
}

async function repeatRequest({ customer }: Story): Promise<string> {
  const key = randomUUID();
  const first = await customer.startTopUp(usd(1_200), key);
  const again = await customer.startTopUp(usd(1_200), key);
  promise("A repeated request gets the first answer and says so", again, { ...first, replayed: true });
  promise("A first answer does not call itself a repeat", first.replayed, false);
  await refused("An Idempotency-Key stands for one request", 422, "idempotency.key_reused", () => customer.startTopUp(usd(1_300), key));
  return "the same answer with Idempotency-Replayed, then 422";
}

async function askForAnothers({ customer, stranger }: Story): Promise<string> {
  const topUpId = customer.topUps[0]?.topUpId ?? "";
  await refused("A customer sees nobody else's top-up", 404, "top_up.not_found", () => stranger.api.getTopUp({ params: { topUpId } }));
  return "404, as if there were none";
}

async function duplicateEvent(story: Story): Promise<string> {
  const { customer, control, interference, signal } = story;
  await control.switches({ ...CALM, hold: true });
  const topUp = await paidTopUp(story, usd(4_000));
  const consumers = interference.gather(keys.topUp(topUp.topUpId).pk, CONSUMERS);
  const eventId = await control.eventOf(topUp.sessionId, "checkout.session.completed");
  const statuses = await control.deliver(eventId, { copies: COPIES, concurrent: true });
  promise("A signed event is taken, however often it comes", statuses, Array(COPIES).fill(200));
  await eventually(
    "The copies are consumed at the same time",
    signal,
    async () => consumers(),
    (come) => come >= CONSUMERS,
  );
  await control.switches(CALM);
  // Stripe sometimes makes a second Event object of one fact, under an id of its own.
  await control.atStripe("tamper/repeat-event", { event: eventId });
  await creditedOnce(story, topUp, "A duplicate event credits once, however many copies are consumed at the same time");
  const lines = await customer.statement(topUp.topUpId);
  return `${CONSUMERS} consumers about to commit at once, ${lines.length} credit of ${money(topUp)}`;
}

async function payLater(story: Story): Promise<string> {
  const { customer, control } = story;
  const before = await walletOf(story);
  const topUp = await customer.startTopUp(inr(50_000));
  await customer.pay(topUp, "async_succeed");
  await reaches(story, topUp, "processing", "A bank debit under way is told as processing");
  await quiet(story);
  promise("A session that completed unpaid credits nothing", await walletOf(story), before);
  await control.atStripe(`sessions/${topUp.sessionId}/settle`, { outcome: "succeed" });
  await creditedOnce(story, topUp, CREDITED_ONCE);
  return "nothing at first, then one credit";
}

async function forgeSignatures(story: Story): Promise<string> {
  const { control } = story;
  const before = await walletOf(story);
  await control.switches({ ...CALM, hold: true });
  const topUp = await paidTopUp(story, usd(700));
  const eventId = await control.eventOf(topUp.sessionId, "checkout.session.completed");
  const forged = await control.deliver(eventId, { secret: "whsec_forged" });
  const stale = await control.deliver(eventId, { timestamp: Math.floor(Date.now() / 1_000) - STALE_SECONDS });
  promise("An event with a forged signature is refused with 400", forged, [400]);
  promise("An event with a stale signature is refused with 400", stale, [400]);
  await quiet(story);
  promise("A refused event changes nothing", await walletOf(story), before);
  await control.switches(CALM);
  await creditedOnce(story, topUp, CREDITED_ONCE);
  return "400 and 400, nothing changed; the true one credited once";
}

async function payAnotherAmount(story: Story): Promise<string> {
  const { customer, control } = story;
  const before = await walletOf(story);
  const topUp = await customer.startTopUp(usd(5_000));
  await control.atStripe("tamper/altered-payment", { session: topUp.sessionId, amountMinor: 1 });
  await quiet(story);
  promise("A payment that does not match its top-up is never credited", await walletOf(story), before);
  await quarantined(story, 1, "A payment that does not match its top-up is put aside for an operator");
  return "quarantined, not credited";
}

async function paySecondSession(story: Story): Promise<string> {
  const { control } = story;
  const topUp = await paidTopUp(story, usd(900));
  await creditedOnce(story, topUp, CREDITED_ONCE);
  await control.atStripe("tamper/second-session", { session: topUp.sessionId });
  await moved(story, topUp, [topUp.amountMinor], "A second paid session does not credit a top-up again");
  await quarantined(story, 2, "A second paid session for one top-up is put aside for an operator");
  return "quarantined, the first stays credited once";
}

async function refund(story: Story): Promise<string> {
  const { control } = story;
  const topUp = await paidTopUp(story, usd(3_000));
  await creditedOnce(story, topUp, CREDITED_ONCE);
  await control.atStripe("refunds", { session: topUp.sessionId, amountMinor: 1_000 });
  await holds(story, topUp, 2_000, "A partial refund takes back its part");
  await control.atStripe("refunds", { session: topUp.sessionId });
  await holds(story, topUp, 0, "A full refund takes back the rest");
  await moved(story, topUp, [3_000, -1_000, -2_000], "Each refund takes back its money once");
  return `of ${money(topUp)} the wallet holds nothing any more`;
}

async function loseDispute(story: Story): Promise<string> {
  const { control } = story;
  const topUp = await paidTopUp(story, usd(1_800));
  await creditedOnce(story, topUp, CREDITED_ONCE);
  const { id } = await control.atStripe("disputes", { session: topUp.sessionId });
  await holds(story, topUp, 0, "An open dispute withholds the money");
  await control.atStripe(`disputes/${id}/lose`);
  await moved(story, topUp, [1_800, -1_800], "A lost dispute takes the money once");
  return `${money(topUp)} withheld, and gone for good`;
}

async function winDispute(story: Story): Promise<string> {
  const { control } = story;
  const topUp = await paidTopUp(story, inr(80_000));
  await creditedOnce(story, topUp, CREDITED_ONCE);
  const { id } = await control.atStripe("disputes", { session: topUp.sessionId });
  await holds(story, topUp, 0, "An open dispute withholds the money");
  await control.atStripe(`disputes/${id}/win`);
  await holds(story, topUp, topUp.amountMinor, "A dispute that is won gives the money back");
  await moved(story, topUp, [80_000, -80_000, 80_000], "A dispute that is won gives the money back once");
  return `${money(topUp)} withheld, and given back`;
}

async function loseEvent(story: Story): Promise<string> {
  const { control, signal } = story;
  const before = await walletOf(story);
  await control.switches({ ...CALM, drop: ["*"] });
  const topUp = await paidTopUp(story, usd(600));
  await quiet(story);
  promise("Without an event nothing is credited yet", await walletOf(story), before);
  await control.switches(CALM);
  // Its cursor counts in seconds: within the second of the sweep before, there is nothing to walk yet.
  const sentence = "The sweep finds a paid top-up whose event never came";
  await eventually(sentence, signal, control.sweep, ({ recovered }) => recovered === 1);
  await creditedOnce(story, topUp, "What the sweep found is credited exactly once");
  return "found by the sweep, one credit";
}

async function killConsumer(story: Story, moment: Moment): Promise<string> {
  const { customer, control, interference, signal } = story;
  const topUp = await customer.startTopUp(usd(1_000));
  const killed = interference.killNext(keys.topUp(topUp.topUpId).pk, moment);
  await customer.pay(topUp, "card");
  await eventually("The consumer meets its death", signal, async () => killed(), Boolean);
  const [{ creditedMinor }, queues] = await Promise.all([customer.api.getTopUp({ params: topUpOf(topUp) }), control.queues()]);
  promise(`Killed ${moment}, a consumer leaves all of a credit or nothing`, creditedMinor, moment === "before the commit" ? 0 : 1_000);
  promise("The message of a killed consumer stays with the queue", (queues.payments?.inFlight ?? 0) > 0, true);
  await creditedOnce(story, topUp, "The message of a killed consumer comes back and the money is there once");
  return moment === "before the commit" ? "the message came back, one credit" : "the message came back, no second credit";
}
