import type { Currency, ReferenceType } from "@aira/contract";
import { AiraError, invariant } from "../lib/index.ts";
import { fingerprintOf, type Guard } from "./guard.ts";
import { captureGuard, closeGuard, type HoldState, holdGuard, lateCaptureGuard, loadHold, queryDueHolds } from "./hold.store.ts";
import type { LedgerPorts } from "./ports.ts";
import { type Posted, post, postAgain } from "./post.ts";
import { type Receipt, receiptOf } from "./result.ts";
import type { Movement } from "./wallet.ts";

/** Money set aside for something that may still not happen. Its terms never change; only its state does. */
export interface Hold {
  readonly owner: string;
  readonly holdId: string;
  readonly currency: Currency;
  /** Positive, in minor units. */
  readonly amountMinor: number;
}

interface Why {
  readonly description: string;
  readonly actor: string;
}

type Subject = Pick<Hold, "currency" | "amountMinor"> & { readonly reference: Movement["reference"] };

/** The movements of a hold, for a noun whose own item is the hold (a number being bought). */
export const holdMovements = {
  authorization: ({ currency, amountMinor, reference }: Subject, why: Why): Movement => ({
    kind: "authorization",
    currency,
    amountMinor: -amountMinor,
    heldMinor: amountMinor,
    reference,
    description: why.description,
    actor: why.actor,
  }),
  /** What is not captured returns to the available balance. */
  capture: ({ currency, amountMinor, reference }: Subject, captureMinor: number, why: Why): Movement => ({
    kind: "capture",
    currency,
    amountMinor: amountMinor - captureMinor,
    heldMinor: -amountMinor,
    reference,
    description: why.description,
    actor: why.actor,
  }),
  release: ({ currency, amountMinor, reference }: Subject, why: Why): Movement => ({
    kind: "release",
    currency,
    amountMinor,
    heldMinor: -amountMinor,
    reference,
    description: why.description,
    actor: why.actor,
  }),
} as const;

const subjectOf = ({ currency, amountMinor, holdId }: Hold): Subject => ({
  currency,
  amountMinor,
  reference: { type: "hold" satisfies ReferenceType, id: holdId },
});

const fingerprint = (kind: string, hold: Hold, amountMinor = hold.amountMinor): string =>
  fingerprintOf({ kind, id: hold.holdId, owner: hold.owner, currency: hold.currency, amountMinor });

/**
 * Sets money aside. `expiresAt` (epoch milliseconds) lets the sweep give it back; without it the hold stays until it is
 * captured or released. Errors: as `debit`.
 */
export async function authorize(ports: LedgerPorts, hold: Hold & Why & { readonly expiresAtMs?: number }): Promise<Receipt> {
  const guard = holdGuard(hold, fingerprint("authorization", hold), hold.expiresAtMs);
  return receiptOf(await post(ports, hold.owner, { movement: holdMovements.authorization(subjectOf(hold), hold), guard }));
}

/**
 * Charges `captureMinor` (1 up to the held amount) and gives the rest back. The hold's state decides, not the clock: one
 * that is past its time but still open is captured; one that has expired becomes a charge for finished usage, which always
 * posts. Errors: `operation.conflict` (captured on other terms, released, or no such hold), `wallet.busy`, `outcome.unknown`.
 * `again`: it was probably captured before, so that is looked at first.
 */
export async function capture(
  ports: LedgerPorts,
  hold: Hold & Why & { readonly captureMinor: number; readonly again?: boolean },
): Promise<Receipt> {
  const { captureMinor, again = false } = hold;
  if (!Number.isSafeInteger(captureMinor) || captureMinor < 1 || captureMinor > hold.amountMinor)
    throw new AiraError("operation.conflict", "A capture takes at least one minor unit and at most what is held.");
  const mark = fingerprint("capture", hold, captureMinor);
  const captured = await (again ? postAgain : post)(ports, hold.owner, {
    movement: holdMovements.capture(subjectOf(hold), captureMinor, hold),
    guard: captureGuard(hold, mark, captureMinor),
  });
  if (!expired(captured)) return receiptOf(captured);
  const late = await post(ports, hold.owner, {
    movement: {
      kind: "usage",
      currency: hold.currency,
      amountMinor: -captureMinor,
      heldMinor: 0,
      reference: { type: "hold", id: hold.holdId },
      description: hold.description,
      actor: hold.actor,
    },
    guard: lateCaptureGuard(hold, mark, captureMinor),
  });
  return receiptOf(late);
}

const expired = (posted: Posted): boolean => posted.outcome === "guarded" && posted.found?.state === ("expired" satisfies HoldState);

/** Gives a hold back whole. Errors: `operation.conflict` (captured, or no such hold), `wallet.busy`, `outcome.unknown`. */
export async function release(ports: LedgerPorts, hold: Hold & Why): Promise<Receipt> {
  const guard = closeGuard(hold, "released", fingerprint("release", hold));
  return receiptOf(await post(ports, hold.owner, { movement: holdMovements.release(subjectOf(hold), hold), guard }));
}

export interface ExpiryReport {
  readonly expired: number;
  /** Left for the next run: busy, unknown, or no time left. */
  readonly left: number;
}

/**
 * Gives back holds whose time has passed. Late, repeated and overlapping runs expire each hold once: its state is the
 * guard. Stops before `deadlineMs`; what it leaves is found by the next run.
 */
export async function expireHolds(ports: LedgerPorts, deadlineMs = Number.POSITIVE_INFINITY): Promise<ExpiryReport> {
  let expiredCount = 0;
  let left = 0;
  for await (const { owner, holdId } of queryDueHolds(ports.table, ports.clock())) {
    if (ports.clock() >= deadlineMs) {
      left++;
      break;
    }
    const hold = await loadHold(ports.table, owner, holdId);
    // The index lags: the hold may be closed, or gone from our sight for a moment.
    if (hold?.state !== "open" || hold.expiresAtMs === undefined) continue;
    const guard: Guard = closeGuard(hold, "expired", fingerprint("expiry", hold), ports.clock());
    const why: Why = { description: "Hold expired", actor: "system:hold-expiry" };
    const posted = await post(ports, owner, { movement: holdMovements.release(subjectOf(hold), why), guard });
    if (posted.outcome === "posted") expiredCount++;
    else if (posted.outcome === "busy" || posted.outcome === "unknown") left++;
    else invariant(posted.outcome !== "declined", "giving money back is never declined");
  }
  return { expired: expiredCount, left };
}
