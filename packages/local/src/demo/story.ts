import { currencies } from "@aira/contract";
import { ProblemError } from "@aira/contract/client";
import type { Control } from "./control.ts";
import type { Customer, Money, StartedTopUp } from "./customer.ts";
import type { Interference } from "./interference.ts";
import type { MovableClock } from "./movable-clock.ts";
import { BrokenPromise, eventually, promise } from "./promise.ts";
import { money } from "./report.ts";
import type { TwilioControl } from "./twilio-control.ts";
import type { TwilioTruth } from "./twilio-truth.ts";

/** Who and what plays a part. */
export interface Story {
  /** Whose wallet and statement all of it is about. */
  readonly customer: Customer;
  /** Two others with accounts. */
  readonly stranger: Customer;
  readonly rival: Customer;
  readonly control: Control;
  readonly twilio: TwilioControl;
  readonly twilioTruth: TwilioTruth;
  readonly interference: Interference;
  readonly clock: MovableClock;
  readonly signal: AbortSignal;
}

/** Something that is done to the app. Answers what is true now, and throws `BrokenPromise` when a promise does not hold. */
export interface Step {
  readonly done: string;
  readonly run: (story: Story) => Promise<string>;
}

export const CREDITED_ONCE = "A paid top-up credits the wallet exactly once";

export const usd = (amountMinor: number): Money => ({ currency: "USD", amountMinor });
export const inr = (amountMinor: number): Money => ({ currency: "INR", amountMinor });

/** Asks for a page, and pays on it by card. */
export async function paidTopUp({ customer }: Story, amount: Money): Promise<StartedTopUp> {
  const topUp = await customer.startTopUp(amount);
  const { status, location } = await customer.pay(topUp, "card");
  promise("A customer who has paid is led back to the app", [status, URL.canParse(location)], [303, true]);
  return topUp;
}

export const topUpOf = ({ topUpId }: StartedTopUp) => ({ topUpId });

/** Waits until the top-up is credited and nothing is under way any more: then one entry credits it, and no other entry is about it. */
export async function creditedOnce(story: Story, topUp: StartedTopUp, sentence: string): Promise<void> {
  await reaches(story, topUp, "credited", sentence);
  await moved(story, topUp, [topUp.amountMinor], sentence);
}

/** Waits until the wallet holds that much of the top-up. */
export async function holds({ customer, signal }: Story, topUp: StartedTopUp, creditedMinor: number, sentence: string): Promise<void> {
  const read = async () => (await customer.api.getTopUp({ params: topUpOf(topUp) })).creditedMinor;
  await eventually(sentence, signal, read, (found) => found === creditedMinor);
}

export async function reaches({ customer, signal }: Story, topUp: StartedTopUp, state: string, sentence: string): Promise<void> {
  const read = async () => (await customer.api.getTopUp({ params: topUpOf(topUp) })).state;
  await eventually(sentence, signal, read, (found) => found === state);
}

/** Once quiet, the statement has exactly these movements of a top-up. */
export async function moved(story: Story, topUp: StartedTopUp, amountsMinor: readonly number[], sentence: string): Promise<void> {
  await quiet(story);
  const lines = await story.customer.statement(topUp.topUpId);
  promise(
    sentence,
    lines.map(({ amountMinor }) => amountMinor),
    amountsMinor,
  );
}

/** So many findings wait for an operator: the sweep counts them. */
export async function quarantined({ control, signal }: Story, count: number, sentence: string): Promise<void> {
  await eventually(sentence, signal, control.sweep, ({ quarantineOpen }) => quarantineOpen === count);
}

/** Waits until Stripe has delivered and the consumers have done everything. */
export async function quiet({ control, signal }: Story): Promise<void> {
  await eventually("Every event is delivered and every message consumed within seconds", signal, control.isQuiet, Boolean);
}

/** What "nothing changes" is about. */
export const walletOf = ({ customer }: Story) => customer.api.getBalance();

export async function balanceLine({ customer }: Story): Promise<string> {
  const { balances } = await customer.api.getBalance();
  const known = currencies.flatMap((currency) => balances.find((balance) => balance.currency === currency) ?? []);
  return `the wallet holds ${known.map(({ currency, availableMinor }) => money({ currency, amountMinor: availableMinor })).join(" and ")}`;
}

export async function refused(sentence: string, status: number, code: string, call: () => Promise<unknown>): Promise<void> {
  let answer: unknown;
  try {
    answer = await call();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    promise(sentence, [error.problem.status, error.problem.code], [status, code]);
    return;
  }
  throw new BrokenPromise(sentence, `expected ${status} ${code}, was answered ${JSON.stringify(answer)}`);
}
