import type { ErrorCode } from "@aira/contract";
import { holdMovements, type Posted, post, type Wallet } from "../ledger/index.ts";
import { AiraError, invariant } from "../lib/index.ts";
import { dueAfterPayment } from "./calendar.ts";
import { activationGuard, changeNumber, failureGuard, loadNumber } from "./number.store.ts";
import { dueNowMinor, type NumberRecord, purchaseOfTag, tagOf } from "./number.ts";
import { type NumberPorts, webhooksOf } from "./ports.ts";
import type { ProvidedNumber } from "./provider.ts";
import { LOOK_AGAIN_MS, QUIET_MS } from "./quiet.ts";

/** What the ledger says of a purchase. */
export const subjectOf = (number: NumberRecord) => ({
  currency: number.currency,
  amountMinor: dueNowMinor(number),
  reference: { type: "purchase", id: number.purchaseId } as const,
});

/**
 * Finds out what became of a purchase whose answer is not known, by asking the provider for the number. Found: captured and active. Not
 * found: given back once that is definite, which is after a quiet time, or at once when the provider has refused it (`refused`).
 * Otherwise it stays pending. Safe to run at any time, by anybody, beside the purchase itself. Never throws for the provider's trouble.
 */
export async function settlePurchase(ports: NumberPorts, number: NumberRecord, refused?: ErrorCode): Promise<NumberRecord> {
  // Before the look, since that shows what was then, however late it answers.
  const askedAtMs = ports.clock();
  const found = await lookUp(ports, number);
  if (found === "unavailable") return lookLater(ports, number);
  if (found) return activate(ports, number, found.sid);
  if (refused !== undefined) return giveBack(ports, number, refused);
  // The time of the attempt counts, not of the look: a purchase may be on its way until then.
  if (askedAtMs < number.attemptedAtMs + QUIET_MS) return lookLater(ports, number);
  return giveBack(ports, number, "number.not_available");
}

/**
 * The number, if our account has it for this deployment. Under another purchase's tag too: the claim on it is ours alone now, so it is an
 * answer that came late to a purchase that was given up, and this one takes it over.
 */
async function lookUp(ports: NumberPorts, number: NumberRecord): Promise<ProvidedNumber | "unavailable" | undefined> {
  try {
    const found = await ports.provider.findOwned(number.phoneNumber);
    if (!found) return undefined;
    const purchaseId = purchaseOfTag(found.tag, ports.stage);
    if (purchaseId === number.purchaseId) return found;
    if (purchaseId === undefined) return undefined;
    return await ports.provider.update(found.sid, { tag: tagOf(ports.stage, number.purchaseId), webhooks: webhooksOf(ports.publicUrl) });
  } catch (error) {
    if (error instanceof AiraError) return "unavailable";
    throw error;
  }
}

async function lookLater(ports: NumberPorts, number: NumberRecord): Promise<NumberRecord> {
  const dueAtMs = ports.clock() + LOOK_AGAIN_MS;
  // Whether this is written or not, it is looked at again: it is due already.
  await changeNumber(ports.table, number, ["pending"], { set: {}, dueAtMs, equals: { attempt: number.attempt } });
  return number;
}

/** Charges what is held and makes the number active, in one transaction. */
export async function activate(ports: NumberPorts, number: NumberRecord, sid: string, wallet?: Wallet): Promise<NumberRecord> {
  const active: NumberRecord = { ...number, state: "active", sid, periods: 1 };
  const posted = await post(
    ports,
    number.owner,
    {
      movement: holdMovements.capture(subjectOf(number), dueNowMinor(number), {
        description: `Number ${number.phoneNumber}`,
        actor: "system:numbers",
      }),
      guard: activationGuard(number, sid, dueAfterPayment(active, ports.policy)),
    },
    wallet,
  );
  return after(ports, number, posted, active);
}

/** Gives the held money back and drops the claim, in one transaction. */
export async function giveBack(ports: NumberPorts, number: NumberRecord, reason: ErrorCode, wallet?: Wallet): Promise<NumberRecord> {
  const posted = await post(
    ports,
    number.owner,
    {
      movement: holdMovements.release(subjectOf(number), {
        description: `Number ${number.phoneNumber} was not to be had`,
        actor: "system:numbers",
      }),
      guard: failureGuard(number, reason),
    },
    wallet,
  );
  return after(ports, number, posted, { ...number, state: "failed", failure: reason });
}

/** The number as it stands now, whoever settled it. Pending still, when that is not known. */
async function after(ports: NumberPorts, number: NumberRecord, posted: Posted, then: NumberRecord): Promise<NumberRecord> {
  invariant(posted.outcome !== "declined", "settling a hold is never declined");
  if (posted.outcome === "posted") return { ...then, updatedAt: posted.entry.at };
  if (posted.outcome === "busy" || posted.outcome === "unknown") return number;
  const now = await loadNumber(ports.table, number.phoneNumber, { consistent: true });
  if (now?.purchaseId === number.purchaseId && now.attempt === number.attempt) return now;
  // Somebody else has it by now: this attempt was given up long ago.
  return { ...number, state: "failed", failure: "number.not_available" };
}
