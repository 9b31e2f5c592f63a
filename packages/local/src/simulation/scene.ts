import type { Currency } from "@aira/contract";
import type { Charge, Hold } from "@aira/core/ledger";
import type { Consumed, PaymentPorts } from "@aira/core/payments";
import type { SandboxEvent } from "../stripe/objects.ts";
import { codeOf } from "./actors.ts";
import type { CoreUnderTest } from "./core-under-test.ts";
import { type Call, type Fault, type FaultPlan, noFaults } from "./faults.ts";
import { checkTopUps, checkWallet, promise, topUpsOf, walletsOf } from "./invariants.ts";
import { World } from "./world.ts";

export const ASHA = "asha";
export const BEN = "ben";

interface OpenTopUp {
  readonly topUpId: string;
  readonly sessionId: string;
}

/** These faults, call by call of each kind, and none after them. */
export function inOrder(faults: Partial<Record<Call, readonly (Fault | undefined)[]>>): FaultPlan {
  const counts = new Map<Call, number>();
  return (call) => {
    const n = counts.get(call) ?? 0;
    counts.set(call, n + 1);
    return faults[call]?.[n];
  };
}

/** The same fault at every call of this kind. */
export const always =
  (call: Call, fault: Fault): FaultPlan =>
  (one) =>
    one === call ? fault : undefined;

/** A world in which somebody directs what happens, for what chance brings about too rarely. */
export class Scene {
  readonly core: CoreUnderTest;
  readonly world: World;
  #names = 0;
  #seen = 0;

  constructor(core: CoreUnderTest, seed = 1) {
    this.core = core;
    this.world = new World(core, seed);
  }

  /** The result of a task that must succeed. */
  async run<T>(task: (ports: PaymentPorts) => Promise<T>, plan: FaultPlan = noFaults): Promise<T> {
    this.world.plan = plan;
    const ended = await this.world.run(task);
    if (ended.end === "error") throw ended.error;
    promise(ended.end === "result", "nothing crashes here");
    return ended.value;
  }

  /** How a task ended: `ok`, `crash`, or the code of its error. */
  async answer(task: (ports: PaymentPorts) => Promise<unknown>, plan: FaultPlan = noFaults): Promise<string> {
    this.world.plan = plan;
    const ended = await this.world.run(task);
    if (ended.end === "error") return codeOf(ended.error);
    return ended.end === "result" ? "ok" : "crash";
  }

  #name(kind: string): string {
    return `${kind}-${++this.#names}`;
  }

  fund(owner: string, amountMinor: number, currency: Currency = "USD"): Promise<unknown> {
    const adjustment = { owner, adjustmentId: this.#name("adjustment"), currency, amountMinor, reason: "Test", actor: "operator" };
    return this.run((ports) => this.core.ledger.adjust(ports, adjustment));
  }

  charge(owner: string, amountMinor: number, { id = this.#name("charge"), currency = "USD" as Currency } = {}): Charge {
    return { owner, id, currency, amountMinor, description: "Charge", actor: "test" };
  }

  hold(owner: string, amountMinor: number): Hold & { readonly description: string; readonly actor: string } {
    return { owner, holdId: this.#name("hold"), currency: "USD", amountMinor, description: "Hold", actor: "test" };
  }

  async topUp(owner: string, amountMinor: number, key = this.#name("key")): Promise<OpenTopUp> {
    const { topUpId } = await this.run((ports) =>
      this.core.payments.createCheckoutSession(ports, { owner, idempotencyKey: key, currency: "USD", amountMinor }),
    );
    const sessionId = topUpsOf(this.world.memory).find((topUp) => topUp.topUpId === topUpId)?.sessionId;
    promise(sessionId !== undefined, "a top-up that was answered is bound");
    return { topUpId, sessionId };
  }

  /** A top-up that is paid and credited. */
  async credited(owner: string, amountMinor: number): Promise<OpenTopUp> {
    const topUp = await this.topUp(owner, amountMinor);
    this.world.stripe.pay(topUp.sessionId, "card");
    await this.consumeNews();
    return topUp;
  }

  /** What Stripe has announced since this was last asked. */
  news(): SandboxEvent[] {
    const fresh = this.world.events.slice(this.#seen);
    this.#seen += fresh.length;
    return fresh;
  }

  consume(bodies: readonly unknown[], plan: FaultPlan = noFaults): Promise<Consumed[]> {
    const messages = bodies.map((body, at) => ({ id: `message-${at}`, body: typeof body === "string" ? body : JSON.stringify(body) }));
    return this.run((ports) => this.core.payments.consumeEvents(ports, messages), plan);
  }

  consumeNews(plan: FaultPlan = noFaults): Promise<Consumed[]> {
    return this.consume(this.news(), plan);
  }

  settle({ topUpId, sessionId }: OpenTopUp): Promise<unknown> {
    return this.run((ports) => this.core.payments.settle(ports, topUpId, [sessionId]));
  }

  /**
   * A settlement that has read everything, of which the last was Stripe's refunds, and now waits. `goOn` lets it finish.
   */
  async settleSlowly({ topUpId, sessionId }: OpenTopUp): Promise<{ goOn: () => Promise<unknown> }> {
    const hasRead = Promise.withResolvers<void>();
    const mayGoOn = Promise.withResolvers<void>();
    const settled = this.run((ports) => {
      const listRefunds: typeof ports.provider.listRefunds = async (intentId) => {
        const refunds = await ports.provider.listRefunds(intentId);
        hasRead.resolve();
        await mayGoOn.promise;
        return refunds;
      };
      return this.core.payments.settle({ ...ports, provider: { ...ports.provider, listRefunds } }, topUpId, [sessionId]);
    });
    await Promise.race([hasRead.promise, settled]);
    return {
      goOn: () => {
        mayGoOn.resolve();
        return settled;
      },
    };
  }

  sweep(change: (ports: PaymentPorts) => PaymentPorts = (ports) => ports, plan: FaultPlan = noFaults): Promise<string> {
    return this.answer((ports) => this.core.payments.sweep(change(ports)), plan);
  }

  passHours(hours: number): void {
    this.world.nowMs += hours * 3_600_000;
    this.world.stripe.advance();
  }

  availableMinor(owner: string, currency: Currency = "USD"): number {
    const balances = this.world.memory.get({ pk: `WALLET#${owner}`, sk: "WALLET" })?.balances as
      | Record<string, { availableMinor: number }>
      | undefined;
    return balances?.[currency]?.availableMinor ?? 0;
  }

  expectAvailable(owner: string, expectedMinor: number): void {
    const found = this.availableMinor(owner);
    promise(found === expectedMinor, `${owner}'s wallet holds ${found}, and should hold ${expectedMinor}`);
  }

  entries(owner: string, kind: string): number {
    const wallet = walletsOf(this.world.memory).find((one) => one.owner === owner);
    return wallet?.entries.filter((entry) => entry.kind === kind).length ?? 0;
  }

  /** The books, by the same independent checks as in random histories. */
  checkBooks(): void {
    const wallets = walletsOf(this.world.memory);
    for (const wallet of wallets) checkWallet(wallet);
    checkTopUps(this.world.memory, wallets);
  }

  isQuarantined(sessionId: string): boolean {
    return this.world.memory.items().some((item) => item.sk === "QUARANTINE" && item.sessionId === sessionId);
  }
}
