import { clearArrears, loadWallet } from "../ledger/index.ts";
import { AiraError } from "../lib/index.ts";
import { loadNumber, numbersOf, queryDueNumbers } from "./number.store.ts";
import type { NumberRecord } from "./number.ts";
import type { NumberPorts } from "./ports.ts";
import { finishRelease } from "./release.ts";
import { giveUp, putOff, type RenewalPorts, type Renewed, reload, remind, renewMonth, suspend, tellRestored } from "./renew.ts";
import { settlePurchase } from "./settle.ts";
import { stepOf } from "./step.ts";

/** What a run came to, in numbers. */
export interface TendReport {
  settled: number;
  reminded: number;
  renewed: number;
  unpaid: number;
  suspended: number;
  released: number;
  /** Left for the next run: busy, not known, failed, or no time left. */
  left: number;
}

/** A number takes at most so many steps in one run: months of an outage, one after the other, and then some. */
const MAX_STEPS = 40;

/**
 * Does what is due for every number: settles purchases, reminds, charges months, suspends, gives back. Late, repeated and overlapping
 * runs do each thing once: the number's own state is the guard. One number's failure does not keep the others waiting. Begins no number
 * after `deadlineMs`; what it leaves is still due for the next run. Errors of single numbers go to `warn`.
 */
export async function tendNumbers(
  ports: NumberPorts,
  deadlineMs = Number.POSITIVE_INFINITY,
  warn: (message: string, cause: unknown) => void = () => undefined,
): Promise<TendReport> {
  const report: TendReport = { settled: 0, reminded: 0, renewed: 0, unpaid: 0, suspended: 0, released: 0, left: 0 };
  for await (const phoneNumber of queryDueNumbers(ports.table, ports.clock())) {
    if (ports.clock() >= deadlineMs) {
      report.left++;
      break;
    }
    try {
      await tendNumber(ports, phoneNumber, report);
    } catch (error) {
      report.left++;
      if (!(error instanceof AiraError && error.retry)) warn("A number was not tended", error);
    }
  }
  return report;
}

async function tendNumber(ports: NumberPorts, phoneNumber: string, report: TendReport): Promise<void> {
  // The index lags, so the number itself says what is due.
  let number = await loadNumber(ports.table, phoneNumber, { consistent: true });
  let unpaid = false;
  for (let steps = 0; number && steps < MAX_STEPS; steps++) {
    const step = stepOf(number, ports.policy, ports.clock(), unpaid);
    switch (step.do) {
      case "nothing":
        return;
      case "wait":
        return putOff(ports, number, step.untilMs);
      case "settle": {
        const now = await settlePurchase(ports, number);
        if (now.state === "pending") report.left++;
        else report.settled++;
        return;
      }
      case "remind":
        await remind(ports, number);
        report.reminded++;
        break;
      case "renew": {
        const renewed: Renewed = await renewMonth(ports, number);
        if (renewed === "later") {
          report.left++;
          return;
        }
        if (renewed === "paid") report.renewed++;
        if (renewed === "unpaid") report.unpaid++;
        unpaid = renewed === "unpaid";
        break;
      }
      case "tell_restored":
        await tellRestored(ports, number);
        break;
      case "suspend":
        await suspend(ports, number);
        report.suspended++;
        break;
      case "give_up":
        await giveUp(ports, number);
        break;
      case "finish_release": {
        const now = await finishRelease(ports, number);
        if (now.state === "released") report.released++;
        else report.left++;
        return;
      }
      default:
        step satisfies never;
    }
    const now = await reload(ports, number);
    // Of another month nobody knows yet whether it can be paid.
    unpaid &&= now.periods === number.periods;
    number = now;
  }
}

/**
 * Money has come in: charges what waited for it, the oldest number first, and lets suspended ones work again. `token` is what the wallet
 * remembered when the money came. What can't be paid yet goes on waiting.
 */
export async function restoreNumbers(ports: RenewalPorts, owner: string, token: string): Promise<{ readonly restored: number }> {
  let restored = 0;
  let waiting = false;
  for (const seen of await waitingNumbers(ports, owner)) {
    let number = await loadNumber(ports.table, seen.phoneNumber, { consistent: true });
    for (let steps = 0; number && number.owner === owner && steps < MAX_STEPS; steps++) {
      const step = stepOf(number, ports.policy, ports.clock());
      if (step.do === "tell_restored") await tellRestored(ports, number);
      else if (step.do !== "renew") break;
      else {
        const renewed = await renewMonth(ports, number);
        if (renewed === "paid") restored++;
        if (renewed === "unpaid" || renewed === "later") {
          waiting = true;
          break;
        }
      }
      number = await reload(ports, number);
    }
  }
  if (!waiting) await clearArrears(ports.table, owner, token);
  return { restored };
}

/** Those that wait for money, or for a word of having got it; oldest first. */
async function waitingNumbers(ports: Pick<RenewalPorts, "table">, owner: string): Promise<NumberRecord[]> {
  const found: NumberRecord[] = [];
  for await (const number of numbersOf(ports.table, owner)) {
    const { state, unpaidSince, suspendedAt } = number;
    if (state === "suspended" || (state === "active" && (unpaidSince ?? suspendedAt) !== undefined)) found.push(number);
  }
  return found.reverse();
}

/** What the wallet remembers of months that wait for money; undefined: nothing does. */
export async function arrearsOf({ table }: Pick<RenewalPorts, "table">, owner: string): Promise<string | undefined> {
  return (await loadWallet(table, owner, { consistent: true })).arrears;
}
