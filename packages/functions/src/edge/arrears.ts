import { arrearsOf, restoreNumbers } from "@aira/core/numbers";
import type { Logger } from "./logger.ts";
import { count } from "./metrics.ts";
import { asError } from "./redaction.ts";
import { renewalPorts } from "./services.ts";

/** With less time than this left, an owner is left to the schedule. */
const ONE_OWNER_MS = 10_000;

interface Invocation {
  /** Epoch milliseconds: when Lambda will end this invocation. */
  readonly deadline: number;
  readonly log: Logger;
}

/**
 * Wallets on which something waited when money came in: noted while that is posted, and seen to behind it. The money is in whatever happens
 * here, so a failure is told and not thrown: the schedule tries again anyway.
 */
export class Arrears {
  readonly #waiting = new Map<string, string>();

  /** What a post says of a wallet: nothing has to be read for one on which nothing waits. */
  readonly note = (owner: string, token: string): void => {
    this.#waiting.set(owner, token);
  };

  /** Charges what waited. */
  async restore(invocation: Invocation): Promise<void> {
    for (const [owner, token] of this.#waiting) await attempt(invocation, () => restore(owner, token));
  }
}

/** Charges what waits on one wallet, for whoever did not hear of it from the post: at the price of a read. */
export const restoreWaiting = (owner: string, invocation: Invocation): Promise<void> =>
  attempt(invocation, async () => {
    const token = await arrearsOf(renewalPorts(), owner);
    if (token !== undefined) await restore(owner, token);
  });

async function restore(owner: string, token: string): Promise<void> {
  const { restored } = await restoreNumbers(renewalPorts(), owner, token);
  count("NumbersRestored", restored);
}

async function attempt({ deadline, log }: Invocation, run: () => Promise<void>): Promise<void> {
  if (Date.now() > deadline - ONE_OWNER_MS) return count("NumbersNotRestored");
  try {
    await run();
  } catch (error) {
    count("NumbersNotRestored");
    log.error("months that waited for money were not charged", { error: asError(error) });
  }
}
