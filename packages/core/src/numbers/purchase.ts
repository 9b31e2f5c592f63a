import { randomUUID } from "node:crypto";
import type { Currency, ErrorCode, NumberType } from "@aira/contract";
import { holdMovements, post, receiptOf, type Wallet } from "../ledger/index.ts";
import { AiraError, deriveTimedId, iso } from "../lib/index.ts";
import { claimGuard, loadNumber, parseNumber, queryNumbers } from "./number.store.ts";
import { type NumberRecord, purchaseIdOf, tagOf } from "./number.ts";
import { findOffer, type Offer } from "./offer.ts";
import { type NumberPorts, webhooksOf } from "./ports.ts";
import { FENCE_MS, FIRST_LOOK_MS } from "./quiet.ts";
import { activate, giveBack, settlePurchase, subjectOf } from "./settle.ts";

/** The route is part of a purchase's id: the same key on another route is another operation. */
const ROUTE = "POST /api/numbers/purchase";

const DAY_MS = 86_400_000;

export interface PurchaseNumber {
  readonly owner: string;
  /** The caller's key: the same key means the same purchase, whatever crashed in between. */
  readonly idempotencyKey: string;
  /** E.164. */
  readonly phoneNumber: string;
  readonly currency: Currency;
  /** What the customer agreed to pay now, in minor units, and each month. */
  readonly expectedMinor: number;
  readonly expectedMonthlyMinor?: number | undefined;
  readonly friendlyName?: string | undefined;
  /** Where to look first. Verified. */
  readonly country?: string | undefined;
  readonly type?: NumberType | undefined;
}

export interface Purchase {
  /** False: whether it was bought is not known yet. The money stays held; a repeat with the same key finds out. */
  readonly settled: boolean;
  readonly number: NumberRecord;
}

/**
 * Buys one number: claims it and holds the money in one transaction, asks the provider once, then captures the hold and makes it active
 * in another. No answer from the provider is an answer of its own: the hold stays until the number has been looked up.
 *
 * Errors: `number.not_available`, `number.price_moved` (with the new price), `number.limit_reached`, `number.released` (the key stands
 * for a purchase that was made and given back), `number.address_required`, `number.bundle_required`, `wallet.insufficient_funds` (with
 * what is missing), `wallet.restricted`, `wallet.frozen`, `wallet.busy`, `idempotency.key_reused`, `number_provider.refused`,
 * `number_provider.unavailable`, `outcome.unknown` (ask again with the same key), `service.busy`.
 */
export async function purchaseNumber(ports: NumberPorts, request: PurchaseNumber): Promise<Purchase> {
  const purchaseId = purchaseIdOf(request.owner, ROUTE, request.idempotencyKey);
  const page = await queryNumbers(ports.table, request.owner, Math.max(100, ports.policy.numbersPerOwner + ports.policy.purchasesPerDay));
  const earlier = page.numbers.find((number) => number.purchaseId === purchaseId);
  if (earlier) sameTerms(earlier, request);
  // What failed may be tried again with the same key: a refusal depends on a state that changes.
  if (earlier && earlier.state !== "failed") return resume(ports, request, earlier);
  try {
    withinLimits(ports, page.numbers);
    const offer = await findOffer(ports, request);
    if (!offer) throw notAvailable();
    agreed(offer, request);
    return await claimAndBuy(ports, request, purchaseId, offer);
  } catch (refusal) {
    return unlessStanding(ports, request, purchaseId, refusal);
  }
}

/** A repeat must ask for what the first asked for. */
function sameTerms(earlier: NumberRecord, { phoneNumber, currency }: PurchaseNumber): void {
  if (earlier.phoneNumber === phoneNumber && earlier.currency === currency) return;
  throw new AiraError("idempotency.key_reused", "This Idempotency-Key stands for another purchase. Send a new key.", {
    errors: [{ field: "header.idempotency-key", rule: "one key, one request", detail: "Use a new key for another request." }],
  });
}

/**
 * The index that this is counted from lags, and purchases made at the same moment don't see each other: these limits keep a stolen card
 * from buying hundreds, they are not exact to one.
 */
function withinLimits({ policy, clock }: NumberPorts, numbers: readonly NumberRecord[]): void {
  const bought = numbers.filter(({ state }) => state !== "failed");
  const held = bought.filter(({ state }) => state !== "released");
  if (held.length >= policy.numbersPerOwner)
    throw new AiraError("number.limit_reached", `A customer may hold ${policy.numbersPerOwner} numbers.`);
  const since = iso(clock() - DAY_MS);
  if (bought.filter(({ createdAt }) => createdAt > since).length >= policy.purchasesPerDay)
    throw new AiraError("number.limit_reached", `A customer may buy ${policy.purchasesPerDay} numbers within 24 hours.`);
}

function agreed({ price }: Offer, { expectedMinor, expectedMonthlyMinor }: PurchaseNumber): void {
  if (price.dueNowMinor === expectedMinor && (expectedMonthlyMinor ?? price.monthlyMinor) === price.monthlyMinor) return;
  throw new AiraError("number.price_moved", "The price of this number has changed. Nothing was charged.", { details: { price } });
}

/** The list lags: what is refused may be refused because this very purchase is on its way, or has the number. The number itself tells. */
async function unlessStanding(ports: NumberPorts, request: PurchaseNumber, purchaseId: string, refusal: unknown): Promise<Purchase> {
  if (!(refusal instanceof AiraError) || refusal.retry) throw refusal;
  const found = await loadNumber(ports.table, request.phoneNumber, { consistent: true });
  if (found?.purchaseId === purchaseId && found.state !== "failed") return resume(ports, request, found);
  throw refusal;
}

const notAvailable = () => new AiraError("number.not_available", "This number is not to be had. Please choose another.");

/** The same request once more: where its purchase stands, after looking again if that is not known. */
async function resume(ports: NumberPorts, request: PurchaseNumber, seen: NumberRecord): Promise<Purchase> {
  if (seen.state === "released") throw givenBack();
  const number = await loadNumber(ports.table, seen.phoneNumber, { consistent: true });
  // Seen by a list that lags: it failed since, and somebody else has the number.
  if (number?.purchaseId !== seen.purchaseId && seen.state === "pending") throw notAvailable();
  if (number?.purchaseId !== seen.purchaseId || number.state === "released" || number.state === "releasing") throw givenBack();
  sameTerms(number, request);
  const now = number.state === "pending" ? await settlePurchase(ports, number) : number;
  if (now.state === "failed") throw failure(now.failure ?? "number.not_available");
  return { settled: now.state !== "pending", number: now };
}

const givenBack = () => new AiraError("number.released", "This purchase was made, and the number has been given back since.");

const failure = (code: ErrorCode) => new AiraError(code, "This number was not to be had. The money that was held is back.");

async function claimAndBuy(ports: NumberPorts, request: PurchaseNumber, purchaseId: string, offer: Offer): Promise<Purchase> {
  const now = ports.clock();
  const attempt = randomUUID();
  const number = claimOf(request, purchaseId, offer, attempt, now);
  const claimed = await post(ports, number.owner, {
    movement: holdMovements.authorization(subjectOf(number), { description: `Number ${number.phoneNumber}`, actor: number.owner }),
    guard: claimGuard(number, now + FIRST_LOOK_MS),
  });
  if (claimed.outcome === "guarded") {
    const other = claimed.found && parseNumber(claimed.found);
    if (other?.purchaseId === purchaseId) return resume(ports, request, other);
    throw notAvailable();
  }
  receiptOf(claimed);
  return buy(ports, number, offer, claimed.outcome === "posted" ? claimed.wallet : undefined);
}

function claimOf(request: PurchaseNumber, purchaseId: string, offer: Offer, attempt: string, nowMs: number): NumberRecord {
  const { owner, phoneNumber, currency } = request;
  return {
    phoneNumber,
    numberId: deriveTimedId("number", nowMs, purchaseId, attempt),
    purchaseId,
    owner,
    state: "pending",
    attempt,
    attemptedAtMs: nowMs,
    country: offer.country,
    type: offer.type,
    region: offer.region,
    locality: offer.locality,
    capabilities: offer.capabilities,
    currency,
    setUpMinor: offer.price.setUpMinor,
    monthlyMinor: offer.price.monthlyMinor,
    sid: undefined,
    periods: 0,
    reminded: 0,
    unpaidSince: undefined,
    suspendedAt: undefined,
    failure: undefined,
    availableFrom: undefined,
    settings: {
      friendlyName: request.friendlyName ?? offer.nationalFormat,
      greeting: null,
      language: offer.country === "IN" ? "en-IN" : "en-US",
      answeringMode: "assistant",
      forwardTo: null,
      businessHours: null,
    },
    createdAt: iso(nowMs),
    updatedAt: iso(nowMs),
    authorized: undefined,
    settled: undefined,
    renewed: undefined,
  };
}

/** Only the execution whose attempt stands in the claim comes here, and only once. */
async function buy(ports: NumberPorts, number: NumberRecord, offer: Offer, wallet: Wallet | undefined): Promise<Purchase> {
  const pending: Purchase = { settled: false, number };
  // An execution that slept between claim and purchase must not buy what the reconciler may soon give up.
  if (ports.clock() > number.attemptedAtMs + FENCE_MS) return pending;
  const order = { ...offer, tag: tagOf(ports.stage, number.purchaseId), webhooks: webhooksOf(ports.publicUrl) };
  const answer = await ports.provider.buy(order);
  switch (answer.outcome) {
    case "bought":
      return done(await activate(ports, number, answer.sid, wallet));
    case "unknown":
      return done(await settlePurchase(ports, number));
    case "refused": {
      // It may be ours all the same, from an answer that was lost on the way.
      const now = answer.code === "number.not_available" ? await settlePurchase(ports, number, answer.code) : undefined;
      if (now?.state === "active") return done(now);
      const dropped = now ?? (await giveBack(ports, number, answer.code, wallet));
      if (dropped.state !== "failed") return { settled: false, number: dropped };
      throw new AiraError(answer.code, answer.detail, { cause: answer.cause });
    }
    default:
      return answer satisfies never;
  }
}

function done(number: NumberRecord): Purchase {
  if (number.state === "failed") throw failure(number.failure ?? "number.not_available");
  return { settled: number.state !== "pending", number };
}
