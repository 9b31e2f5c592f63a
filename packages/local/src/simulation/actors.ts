import type { Currency } from "@aira/contract";
import type { Hold, Receipt } from "@aira/core/ledger";
import type { PaymentPorts } from "@aira/core/payments";
import { type EntryItem, isReason, promise, type WalletItems, walletsOf } from "./invariants.ts";
import type { Ended, World } from "./world.ts";

/** Codes that mean: nothing is decided, ask again. */
const AGAIN = new Set(["wallet.busy", "outcome.unknown", "service.busy", "payment_provider.unavailable"]);
const DECLINED = new Set(["wallet.insufficient_funds", "wallet.restricted", "wallet.frozen"]);

/** What an operation may be refused for. */
export interface Refusable {
  /** What it asks for beforehand. Without one it is a fact, which is never declined. */
  readonly price?: { readonly currency: Currency; readonly amountMinor: number };
  /** It ends a hold, which may have ended otherwise: nothing else in a history can conflict. */
  readonly endsHold?: boolean;
}

export const codeOf = (error: unknown): string => (error as { code?: string }).code ?? "none";

/** One ledger operation that a client insists on, attempt after attempt, under one id. */
export class LedgerOperation {
  readonly name: string;
  readonly owner: string;
  readonly issue: (ports: PaymentPorts) => Promise<Receipt>;
  /** Is this entry its doing? */
  readonly isMine: (entry: EntryItem) => boolean;
  readonly #refusable: Refusable;
  state: "undecided" | "done" | "declined" | "conflict" = "undecided";
  active = 0;
  #started = 0;
  /** The one attempt so far was answered "busy", which says that nothing was posted. */
  #untouched = false;

  constructor(name: string, owner: string, issue: LedgerOperation["issue"], isMine: LedgerOperation["isMine"], refusable: Refusable = {}) {
    this.name = name;
    this.owner = owner;
    this.issue = issue;
    this.isMine = isMine;
    this.#refusable = refusable;
  }

  async attempt(world: World): Promise<void> {
    const alone = this.active === 0;
    const wasDone = this.state === "done";
    const fromSeq = (world.memory.get({ pk: `WALLET#${this.owner}`, sk: "WALLET" })?.seq as number | undefined) ?? 0;
    this.#untouched = false;
    // What was refused before may be granted now: the wallet has changed.
    if (this.state !== "done") this.state = "undecided";
    const started = ++this.#started;
    this.active++;
    const ended = await world.run(this.issue);
    this.active--;
    if (ended.end === "result") this.state = "done";
    if (ended.end !== "error") return;
    const code = codeOf(ended.error);
    if (wasDone) promise(AGAIN.has(code), `${this.name}: what was done is never called ${code} later`);
    if (DECLINED.has(code)) this.#checkReason(world, code, fromSeq);
    if (code === "operation.conflict") promise(this.#refusable.endsHold === true, `${this.name}: nothing stands against it`);
    if (this.state === "done") return;
    // Beside another attempt a refusal says nothing of the operation: the other one may find money a moment later.
    const certain = alone && started === this.#started;
    if (DECLINED.has(code)) this.state = certain ? "declined" : "undecided";
    else if (code === "operation.conflict") this.state = certain ? "conflict" : "undecided";
    else if (!AGAIN.has(code)) throw ended.error;
    this.#untouched = code === "wallet.busy" && certain && started === 1;
  }

  /** Was there a moment, while this was asked for, at which the wallet had to decline it? */
  #checkReason(world: World, code: string, fromSeq: number): void {
    const { price } = this.#refusable;
    promise(price !== undefined, `${this.name}: a fact is never declined`);
    const wallet = walletsOf(world.memory).find(({ owner }) => owner === this.owner);
    promise(isReason(code, price, wallet?.entries ?? [], fromSeq), `${this.name}: declined (${code}) only if the wallet can't pay`);
  }

  /** What the client was told against what is in the books. */
  check(wallets: readonly WalletItems[]): void {
    if (this.active > 0) return;
    const entries = wallets.find(({ owner }) => owner === this.owner)?.entries ?? [];
    const mine = entries.filter(this.isMine).length;
    promise(mine <= 1, `${this.name}: happens at most once, not ${mine} times`);
    if (this.#untouched) promise(mine === 0, `${this.name}: busy means that nothing was posted`);
    if (this.state === "done") promise(mine === 1, `${this.name}: done means that an entry did it`);
    if (this.state === "declined" || this.state === "conflict") promise(mine === 0, `${this.name}: refused means that nothing changed`);
  }
}

/** One customer's wish to top up, under one Idempotency-Key. */
export class Checkout {
  readonly key: string;
  readonly owner: string;
  readonly currency: Currency;
  readonly amountMinor: number;
  answer: { readonly topUpId: string; readonly url: string } | undefined;
  over = false;

  constructor(key: string, owner: string, currency: Currency, amountMinor: number) {
    this.key = key;
    this.owner = owner;
    this.currency = currency;
    this.amountMinor = amountMinor;
  }

  async attempt(world: World): Promise<void> {
    const { owner, key: idempotencyKey, currency, amountMinor } = this;
    const ended = await world.run((ports) =>
      world.core.payments.createCheckoutSession(ports, { owner, idempotencyKey, currency, amountMinor }),
    );
    if (ended.end === "result") {
      const { topUpId, url } = ended.value;
      promise(
        this.answer === undefined || (this.answer.topUpId === topUpId && this.answer.url === url),
        `checkout ${this.key}: one key, one top-up, one page`,
      );
      this.answer = { topUpId, url };
    } else if (ended.end === "error") {
      const code = codeOf(ended.error);
      if (code === "top_up.expired") this.over = true;
      else if (!AGAIN.has(code)) throw ended.error;
    }
  }
}

export interface HoldPlan extends Hold {
  readonly expiresAtMs: number | undefined;
}

/** Rethrows what a task that must not fail threw. */
export function resultOf<T>(ended: Ended<T>): T | undefined {
  if (ended.end === "error") throw ended.error;
  return ended.end === "result" ? ended.value : undefined;
}
