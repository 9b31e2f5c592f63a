import { isDeepStrictEqual } from "node:util";
import type { Currency } from "@aira/contract";
import type { Session } from "../stripe/objects.ts";
import { Checkout, codeOf, type HoldPlan, LedgerOperation, type Refusable, resultOf } from "./actors.ts";
import type { CoreUnderTest } from "./core-under-test.ts";
import { noFaults, randomFaults } from "./faults.ts";
import { checkTopUps, checkWallet, netOf, promise, topUpsOf, walletsOf } from "./invariants.ts";
import { STAGE, World } from "./world.ts";

const OWNERS = ["asha", "ben"];
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** After so many receives a message is dead. */
const MAX_RECEIVES = 10;

export interface HistoryOptions {
  readonly steps?: number;
}

/**
 * One random history of customers, Stripe, the queue, the sweep, operators and clocks, with whatever goes wrong among them, and
 * the checks after every step. The seed decides everything.
 */
export async function runHistory(core: CoreUnderTest, seed: number, { steps = 24 }: HistoryOptions = {}): Promise<void> {
  const history = new History(core, seed);
  history.prepare();
  for (let step = 0; step < steps; step++) await history.step();
  await history.settleDown();
  await history.replay();
}

class History {
  readonly #world: World;
  readonly #checkouts: Checkout[] = [];
  readonly #operations: LedgerOperation[] = [];
  readonly #holds: HoldPlan[] = [];
  /** Sessions that this history closed, or whose time it let pass. */
  readonly #expired = new Set<string>();
  /** Sessions that Stripe made beside the one that was asked for. */
  readonly #strangers = new Set<string>();
  readonly #forged = new Set<string>();
  readonly #unknownTopUps = new Set<string>();
  readonly #dead: string[] = [];
  /** Do some events never come, so that only a sweep can find what happened? */
  readonly #lossy: boolean;
  readonly #faultRate: number;
  #names = 0;
  #announced = 0;

  constructor(core: CoreUnderTest, seed: number) {
    this.#world = new World(core, seed);
    this.#lossy = this.#world.chance(0.5);
    this.#faultRate = this.#world.pick([0, 0.05, 0.1, 0.25]);
  }

  #name(kind: string): string {
    return `${kind}-${++this.#names}`;
  }

  /** Something else than the ledger keeps a field on a wallet's item: posts must leave it alone. */
  prepare(): void {
    this.#world.memory.transact([{ update: { pk: `WALLET#${OWNERS[0]}`, sk: "WALLET" }, set: { alertBelowMinor: 500 } }]);
  }

  async step(): Promise<void> {
    const world = this.#world;
    world.plan = randomFaults(world.random, this.#faultRate);
    const tasks = Array.from({ length: 1 + world.int(3) }, () => this.#act());
    await Promise.all(tasks);
    if (world.chance(0.3)) world.landInFlight();
    this.#announce();
    this.#check();
  }

  /** Stripe's new events come to the queue; some never, some twice. */
  #announce(): void {
    const world = this.#world;
    for (; this.#announced < world.events.length; this.#announced++) {
      const event = world.events[this.#announced]!;
      if (this.#lossy && world.chance(0.3)) continue;
      const copies = world.chance(0.2) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) world.enqueue(event);
    }
  }

  #act(): Promise<void> {
    const world = this.#world;
    const actions: readonly (readonly [weight: number, act: () => Promise<void> | void])[] = [
      [10, () => this.#checkout()],
      [14, () => this.#pay()],
      [4, () => this.#settleBankDebit()],
      [1, () => this.#expireSession()],
      [5, () => this.#refund()],
      [3, () => this.#endRefund()],
      [4, () => this.#dispute()],
      [5, () => this.#endDispute()],
      [20, () => this.#deliver(1 + world.int(10))],
      [3, () => this.#repeatOldEvents()],
      [this.#lossy ? 4 : 0, () => this.#sweep()],
      [12, () => this.#debit()],
      [6, () => this.#useUp()],
      [8, () => this.#authorize()],
      [8, () => this.#closeHold()],
      [4, () => this.#expireHolds()],
      [4, () => this.#operate()],
      [10, () => this.#insist()],
      [6, () => this.#passTime()],
      [1, () => this.#forge()],
      [1, () => this.#unknownTopUp()],
      [1, () => this.#foreign()],
    ];
    const total = actions.reduce((sum, [weight]) => sum + weight, 0);
    let dice = world.random() * total;
    for (const [weight, act] of actions) {
      dice -= weight;
      if (dice < 0) return Promise.resolve(act());
    }
    return Promise.resolve();
  }

  // What customers do.

  async #checkout(): Promise<void> {
    const world = this.#world;
    const currency: Currency = world.chance(0.7) ? "USD" : "INR";
    const amountMinor = currency === "USD" ? 100 * (1 + world.int(20)) : 10_000 * (1 + world.int(5));
    const checkout = new Checkout(this.#name("key"), world.pick(OWNERS), currency, amountMinor);
    this.#checkouts.push(checkout);
    // Impatient customers press twice.
    await Promise.all(Array.from({ length: world.chance(0.2) ? 2 : 1 }, () => checkout.attempt(world)));
  }

  #sessions(wanted: (session: Session) => boolean): Session[] {
    this.#world.stripe.advance();
    return [...this.#world.stripe.store.sessions.values()].filter(wanted);
  }

  #pay(): void {
    const world = this.#world;
    const open = this.#sessions(({ status }) => status === "open");
    if (open.length > 0) world.stripe.pay(world.pick(open).id, world.chance(0.75) ? "card" : "async");
  }

  #settleBankDebit(): void {
    const world = this.#world;
    const under = this.#sessions(
      ({ id, status, payment_status }) => status === "complete" && payment_status === "unpaid" && this.#isProcessing(id),
    );
    if (under.length > 0) world.stripe.settleAsync(world.pick(under).id, world.chance(0.7) ? "succeed" : "fail");
  }

  #isProcessing(sessionId: string): boolean {
    const { store } = this.#world.stripe;
    return store.intents.get(store.sessions.get(sessionId)?.payment_intent ?? "")?.status === "processing";
  }

  #expireSession(): void {
    const open = this.#sessions(({ status }) => status === "open");
    if (open.length === 0) return;
    const { id } = this.#world.pick(open);
    this.#expired.add(id);
    this.#world.stripe.expire(id);
  }

  /** What Stripe refuses for its own reasons is no part of the history. */
  #ask(request: () => void): void {
    try {
      request();
    } catch (error) {
      if ((error as Error).name === "BrokenPromise") throw error;
    }
  }

  #refund(): void {
    const world = this.#world;
    const paid = this.#sessions(({ payment_status }) => payment_status === "paid");
    if (paid.length === 0) return;
    const session = world.pick(paid);
    const amountMinor = world.chance(0.5) ? undefined : Math.ceil((session.amount_total ?? 0) / 2);
    const status = world.pick(["succeeded", "pending"] as const);
    this.#ask(() => world.stripe.refund({ session: session.id }, { status, ...(amountMinor === undefined ? {} : { amountMinor }) }));
  }

  #endRefund(): void {
    const world = this.#world;
    const refunds = [...world.stripe.store.refunds.values()];
    if (refunds.length === 0) return;
    const { id } = world.pick(refunds);
    this.#ask(() => (world.chance(0.5) ? world.stripe.failRefund(id) : world.stripe.succeedRefund(id)));
  }

  #dispute(): void {
    const world = this.#world;
    const paid = this.#sessions(({ payment_status }) => payment_status === "paid");
    if (paid.length === 0) return;
    const session = world.pick(paid);
    const part = world.chance(0.3) ? { amountMinor: Math.ceil((session.amount_total ?? 0) / 3) } : {};
    this.#ask(() => world.stripe.openDispute({ session: session.id }, { inquiry: world.chance(0.3), ...part }));
  }

  #endDispute(): void {
    const world = this.#world;
    const disputes = [...world.stripe.store.disputes.values()];
    if (disputes.length === 0) return;
    const { id } = world.pick(disputes);
    const { winDispute, loseDispute, closeInquiry, escalateInquiry } = world.stripe;
    this.#ask(() => world.pick([winDispute, loseDispute, closeInquiry, escalateInquiry])(id));
  }

  /** Stripe's objects say something else than what was asked for. */
  #forge(): void {
    const world = this.#world;
    const open = this.#sessions(({ status, metadata }) => status === "open" && metadata?.stage === STAGE);
    if (open.length === 0) return;
    const { id, amount_total } = world.pick(open);
    if (world.chance(0.4)) this.#strangers.add(world.stripe.tamper.paySecondSession(id).id);
    else {
      this.#forged.add(id);
      world.stripe.tamper.payAltered(
        id,
        world.pick([
          { amountMinor: (amount_total ?? 0) + 1 },
          { amountMinor: Math.max(50, (amount_total ?? 0) - 1) },
          { currency: "eur" },
          { metadata: { owner: "mallory" } },
          { clientReferenceId: "someone-else" },
        ]),
      );
    }
  }

  #payBySession(metadata: Record<string, string>): Session {
    const { stripe } = this.#world;
    const line = { quantity: 1, price_data: { currency: "usd", unit_amount: 700, product_data: { name: "Top-up" } } };
    const common = {
      client_reference_id: metadata.top_up_id ?? "x",
      metadata,
      payment_intent_data: { metadata },
      success_url: "https://aira.example/",
    };
    const { id } = stripe.createSession({ mode: "payment", line_items: [line], ...common });
    this.#strangers.add(id);
    return stripe.pay(id, "card");
  }

  #unknownTopUp(): void {
    const topUpId = `top_${this.#name("unknown")}`;
    this.#unknownTopUps.add(topUpId);
    this.#payBySession({ app: "aira", stage: STAGE, top_up_id: topUpId, owner: OWNERS[0]! });
  }

  /** Another stage's session, for a top-up id that happens to be one of ours. */
  #foreign(): void {
    const [checkout] = this.#checkouts.filter(({ answer }) => answer !== undefined);
    if (checkout?.answer)
      this.#payBySession({ app: "aira", stage: "elsewhere", top_up_id: checkout.answer.topUpId, owner: checkout.owner });
  }

  // What the system does.

  /** Some messages, in any order, some of them twice in one batch. */
  async #deliver(count: number): Promise<void> {
    const world = this.#world;
    if (world.queue.length === 0) return;
    const batch = Array.from({ length: Math.min(count, world.queue.length) }, () => world.pick(world.queue));
    const distinct = [...new Map(batch.map((message) => [message.id, message])).values()];
    const ended = await world.run((ports) => world.core.payments.consumeEvents(ports, distinct));
    const consumed = resultOf(ended);
    if (!consumed) return;
    promise(consumed.length === distinct.length, "a batch answers for each of its messages");
    for (const { id, outcome } of consumed) {
      const at = world.queue.findIndex((message) => message.id === id);
      const message = world.queue[at];
      if (!message) continue;
      message.receives++;
      if (outcome !== "failed") world.queue.splice(at, 1);
    }
  }

  #repeatOldEvents(): void {
    const world = this.#world;
    if (world.events.length === 0) return;
    const event = world.pick(world.events);
    if (this.#lossy || world.events.indexOf(event) < this.#announced) for (let copy = world.int(5); copy >= 0; copy--) world.enqueue(event);
  }

  async #sweep(): Promise<void> {
    const world = this.#world;
    const ended = await world.run((ports) => world.core.payments.sweep(ports));
    // A run that can't go on ends; the next one goes on.
    if (ended.end === "error" && !codeOf(ended.error).endsWith(".busy") && codeOf(ended.error) !== "payment_provider.unavailable")
      throw ended.error;
  }

  async #expireHolds(): Promise<void> {
    const ended = await this.#world.run((ports) => this.#world.core.ledger.expireHolds(ports));
    if (ended.end === "error" && codeOf(ended.error) !== "service.busy") throw ended.error;
  }

  #passTime(): void {
    const world = this.#world;
    world.nowMs += world.pick([SECOND, MINUTE, 10 * MINUTE, HOUR, 3 * HOUR, 30 * HOUR]);
    // Clocks of different machines differ: some runs see an earlier time than the last entry's.
    if (world.chance(0.3)) world.nowMs -= 30 * SECOND;
    world.stripe.advance();
  }

  // What the ledger is asked for.

  #operation(
    name: string,
    owner: string,
    issue: LedgerOperation["issue"],
    isMine: LedgerOperation["isMine"],
    refusable: Refusable = {},
  ): Promise<void> {
    const known = this.#operations.find((one) => one.name === name);
    const operation = known ?? new LedgerOperation(name, owner, issue, isMine, refusable);
    if (!known) this.#operations.push(operation);
    return this.#attempt(operation);
  }

  async #attempt(operation: LedgerOperation): Promise<void> {
    const world = this.#world;
    await Promise.all(Array.from({ length: world.chance(0.2) ? 3 : 1 }, () => operation.attempt(world)));
  }

  /** Clients that don't know how it ended ask again. Some ask again although they do. */
  async #insist(): Promise<void> {
    const world = this.#world;
    const operations = this.#operations.filter(({ state }) => state === "undecided" || world.chance(0.1));
    const checkouts = this.#checkouts.filter(({ answer, over }) => (answer === undefined && !over) || world.chance(0.1));
    if (operations.length > 0) await this.#attempt(world.pick(operations));
    if (checkouts.length > 0) await world.pick(checkouts).attempt(world);
  }

  #currency(): Currency {
    return this.#world.chance(0.8) ? "USD" : "INR";
  }

  #debit(): Promise<void> {
    const { ledger } = this.#world.core;
    const id = this.#name("debit");
    const owner = this.#world.pick(OWNERS);
    const charge = { owner, id, currency: this.#currency(), amountMinor: 1 + this.#world.int(900), description: "Debit", actor: "test" };
    return this.#operation(
      id,
      owner,
      (ports) => ledger.debit(ports, charge),
      (entry) => entry.refId === id && entry.kind === "debit" && entry.amountMinor === -charge.amountMinor,
      { price: charge },
    );
  }

  #useUp(): Promise<void> {
    const { ledger } = this.#world.core;
    const id = this.#name("usage");
    const owner = this.#world.pick(OWNERS);
    const charge = { owner, id, currency: this.#currency(), amountMinor: 1 + this.#world.int(200), description: "Call", actor: "test" };
    return this.#operation(
      id,
      owner,
      (ports) => ledger.chargeUsage(ports, charge),
      (entry) => entry.refId === id && entry.kind === "usage" && entry.amountMinor === -charge.amountMinor,
    );
  }

  #authorize(): Promise<void> {
    const world = this.#world;
    const { ledger } = world.core;
    const hold: HoldPlan = {
      owner: world.pick(OWNERS),
      holdId: this.#name("hold"),
      currency: this.#currency(),
      amountMinor: 2 + world.int(600),
      expiresAtMs: world.chance(0.7) ? world.nowMs + world.pick([MINUTE, HOUR]) : undefined,
    };
    const { expiresAtMs, ...terms } = hold;
    const ask = { ...terms, ...(expiresAtMs === undefined ? {} : { expiresAtMs }), description: "Hold", actor: "test" };
    this.#holds.push(hold);
    return this.#operation(
      `authorize ${hold.holdId}`,
      hold.owner,
      (ports) => ledger.authorize(ports, ask),
      (entry) => entry.refId === hold.holdId && entry.kind === "authorization" && entry.heldMinor === hold.amountMinor,
      { price: hold },
    );
  }

  #closeHold(): Promise<void> | void {
    const world = this.#world;
    const { ledger } = world.core;
    if (this.#holds.length === 0) return;
    const hold = world.pick(this.#holds);
    const { expiresAtMs: _, ...terms } = hold;
    const why = { ...terms, description: "Close", actor: "customer" };
    if (world.chance(0.3))
      return this.#operation(
        `release ${hold.holdId}`,
        hold.owner,
        (ports) => ledger.release(ports, why),
        (entry) => entry.refId === hold.holdId && entry.kind === "release" && entry.actor === "customer",
        { endsHold: true },
      );
    const captureMinor = world.chance(0.5) ? hold.amountMinor : 1 + world.int(hold.amountMinor);
    return this.#operation(
      `capture ${captureMinor} of ${hold.holdId}`,
      hold.owner,
      (ports) => ledger.capture(ports, { ...why, captureMinor }),
      (entry) =>
        entry.refId === hold.holdId &&
        ((entry.kind === "capture" && entry.amountMinor + entry.heldMinor === -captureMinor) ||
          (entry.kind === "usage" && entry.amountMinor === -captureMinor)),
      { endsHold: true },
    );
  }

  #operate(): Promise<void> {
    const world = this.#world;
    const { ledger } = world.core;
    const adjustmentId = this.#name("operator");
    const owner = world.pick(OWNERS);
    const action = { owner, adjustmentId, reason: "Operator", actor: "operator" };
    const isMine = (entry: { readonly refId: string }) => entry.refId === adjustmentId;
    const kind = world.pick(["adjust", "adjust", "freeze", "unfreeze", "unfreeze"] as const);
    if (kind === "freeze") return this.#operation(adjustmentId, owner, (ports) => ledger.freeze(ports, action), isMine);
    if (kind === "unfreeze") return this.#operation(adjustmentId, owner, (ports) => ledger.unfreeze(ports, action), isMine);
    const adjustment = { ...action, currency: this.#currency(), amountMinor: world.int(600) - 150 || 1 };
    return this.#operation(adjustmentId, owner, (ports) => ledger.adjust(ports, adjustment), isMine);
  }

  // What must hold.

  #check(): void {
    const { memory, stripe } = this.#world;
    const wallets = walletsOf(memory);
    for (const wallet of wallets) checkWallet(wallet);
    checkTopUps(memory, wallets);
    for (const operation of this.#operations) operation.check(wallets);

    const first = wallets.find(({ owner }) => owner === OWNERS[0]);
    promise(first?.wallet?.alertBelowMinor === 500, "a post leaves other fields of the wallet alone");
    const topUps = topUpsOf(memory);
    promise(topUps.length <= this.#checkouts.length, "one Idempotency-Key makes one top-up");
    for (const { topUpId } of topUps) {
      const made = this.#sessions(({ id, client_reference_id }) => client_reference_id === topUpId && !this.#strangers.has(id));
      promise(made.length <= 1, `${topUpId}: one top-up has one session at Stripe`);
    }
    for (const session of stripe.store.sessions.values())
      promise(
        session.status !== "expired" || this.#expired.has(session.id) || session.expires_at * 1000 <= this.#world.nowMs + MINUTE,
        `${session.id}: no customer's page is closed before its time`,
      );
    for (const { entries } of wallets)
      for (const entry of entries) {
        promise(!this.#unknownTopUps.has(entry.refId), "nothing is credited for a top-up that we don't know");
        if (entry.actor !== "system:hold-expiry") continue;
        const hold = this.#holds.find(({ holdId }) => holdId === entry.refId);
        promise(hold?.expiresAtMs !== undefined, `${entry.refId}: a hold without expiry never expires`);
      }
  }

  /** Everybody gets through, everything arrives, nobody starts anything new. */
  async settleDown(): Promise<void> {
    const world = this.#world;
    world.plan = noFaults;
    world.landInFlight();
    for (const operation of this.#operations) if (operation.state === "undecided") await operation.attempt(world);
    for (const checkout of this.#checkouts) if (!checkout.answer && !checkout.over) await checkout.attempt(world);
    this.#announce();
    await this.#drain();
    if (this.#lossy) await this.#sweepAll();
    this.#check();
    for (const { name, state } of this.#operations) promise(state !== "undecided", `${name}: everybody gets an answer once quiet`);
    this.#checkSettled();
  }

  async #drain(): Promise<void> {
    const world = this.#world;
    for (let round = 0; world.queue.length > 0; round++) {
      promise(round < 400, "the queue drains");
      await this.#deliver(10);
      for (const message of world.queue.filter(({ receives }) => receives >= MAX_RECEIVES)) {
        world.queue.splice(world.queue.indexOf(message), 1);
        this.#dead.push(message.body);
      }
    }
  }

  /** Two runs: the second one comes after the waiting time of whatever the first had to put off. */
  async #sweepAll(): Promise<void> {
    for (let run = 0; run < 3; run++) {
      this.#world.nowMs += 7 * HOUR;
      this.#world.stripe.advance();
      await this.#sweep();
    }
  }

  /** Once quiet: what is posted is what Stripe says, and what contradicts waits for an operator. */
  #checkSettled(): void {
    const { memory, stripe } = this.#world;
    const quarantined = new Set(
      memory
        .items()
        .filter(({ sk }) => sk === "QUARANTINE")
        .map(({ sessionId }) => sessionId),
    );
    for (const topUp of topUpsOf(memory)) {
      const [session] = this.#sessions(({ id, client_reference_id }) => client_reference_id === topUp.topUpId && !this.#strangers.has(id));
      const own = topUp.sessionId ?? session?.id;
      const wanted = own === undefined || this.#forged.has(own) ? 0 : netOf(stripe, own);
      promise(
        topUp.postedMinor === wanted,
        `${topUp.topUpId}: posted ${topUp.postedMinor} equals ${wanted}, which is what Stripe says, once quiet`,
      );
    }
    const bound = new Set(topUpsOf(memory).map(({ sessionId }) => sessionId));
    for (const session of stripe.store.sessions.values()) {
      const contradicts = this.#forged.has(session.id) || (this.#strangers.has(session.id) && !bound.has(session.id));
      const { stage, top_up_id: topUpId = "" } = session.metadata ?? {};
      if (!contradicts || stage !== STAGE || netOf(stripe, session.id) === 0) continue;
      if (this.#unknownTopUps.has(topUpId)) {
        const died = this.#dead.some((body) => body.includes(session.id)) || this.#deferred(topUpId);
        promise(this.#lossy || died, `${session.id}: a paid session of an unknown top-up is a failure, never a silent success`);
      } else promise(quarantined.has(session.id), `${session.id}: a paid session that contradicts waits for an operator`);
    }
    for (const body of this.#dead)
      promise(
        [...this.#unknownTopUps].some((topUpId) => body.includes(topUpId)) ||
          body.includes('"object":"refund"') ||
          body.includes('"object":"dispute"') ||
          body.includes('"object":"charge"'),
        "only events of unknown top-ups die",
      );
  }

  #deferred(topUpId: string): boolean {
    return this.#world.memory.items().some((item) => item.sk === "DEFERRAL" && item.topUpId === topUpId);
  }

  /** Every event once more, in any order: nothing changes. And the ledger's own verifier agrees. */
  async replay(): Promise<void> {
    const world = this.#world;
    const before = walletsOf(world.memory).map(({ owner, wallet }) => [owner, wallet?.seq, wallet?.head, wallet?.balances]);
    for (const event of [...world.events].sort(() => world.random() - 0.5)) world.enqueue(event);
    await this.#drain();
    if (this.#lossy) await this.#sweep();
    const after = walletsOf(world.memory).map(({ owner, wallet }) => [owner, wallet?.seq, wallet?.head, wallet?.balances]);
    promise(isDeepStrictEqual(after, before), "replaying every event changes nothing");
    this.#check();
    const reports = resultOf(await world.run((ports) => Array.fromAsync(world.core.ledger.verifyAll(ports))));
    promise(reports?.length === before.filter(([, seq]) => seq !== undefined).length, "the verifier finds every wallet");
    for (const { owner, violations } of reports ?? [])
      promise(
        violations.length === 0,
        `${owner}: the verifier agrees, and does not say: ${violations.map(({ broken }) => broken).join("; ")}`,
      );
  }
}
