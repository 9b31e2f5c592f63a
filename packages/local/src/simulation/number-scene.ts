import type { NumberPorts, PurchaseNumber } from "@aira/core/numbers";
import type { Write } from "@aira/core/table";
import { codeOf } from "./actors.ts";
import type { CoreUnderTest } from "./core-under-test.ts";
import { type FaultPlan, noFaults } from "./faults.ts";
import { promise, walletsOf } from "./invariants.ts";
import { Wish } from "./number-actors.ts";
import { NumberAuditor, type NumberItem, numbersOf } from "./number-invariants.ts";
import { DAY, MINUTE, NumberWorld } from "./number-world.ts";

export const NUMBER = "+14155550100";
export const OTHER = "+14155550101";

/** The same table, but something happens right before the first write that matches. */
export function interrupted(ports: NumberPorts, matches: (write: Write) => boolean, happen: () => unknown): NumberPorts {
  let waiting = true;
  const meet = async (writes: readonly Write[]): Promise<void> => {
    if (!waiting || !writes.some(matches)) return;
    waiting = false;
    await happen();
  };
  const { table } = ports;
  return {
    ...ports,
    table: {
      ...table,
      write: async (one) => {
        await meet([one]);
        return table.write(one);
      },
      transact: async (writes) => {
        await meet(writes);
        return table.transact(writes);
      },
    },
  };
}

/** A write that brings a number into this state. */
export const toState =
  (state: string) =>
  (write: Write): boolean =>
    ("set" in write && write.set.state === state) || ("put" in write && write.put.state === state);

/** The same provider, but something happens between an answer to `findOwned` and its arrival. */
export function afterLook(ports: NumberPorts, happen: () => unknown): NumberPorts {
  const findOwned: NumberPorts["provider"]["findOwned"] = async (phoneNumber) => {
    const found = await ports.provider.findOwned(phoneNumber);
    await happen();
    return found;
  };
  return { ...ports, provider: { ...ports.provider, findOwned } };
}

/** The same table, whose index does not show an owner's newest numbers yet. */
export const withoutList = (ports: NumberPorts): NumberPorts => ({
  ...ports,
  table: { ...ports.table, query: async () => ({ items: [], lastKey: undefined }) },
});

/** A world of numbers in which somebody directs what happens. */
export class NumberScene {
  readonly core: CoreUnderTest;
  readonly world: NumberWorld;
  readonly auditor: NumberAuditor;
  #names = 0;

  constructor(core: CoreUnderTest, seed = 1) {
    this.core = core;
    this.world = new NumberWorld(core, seed);
    this.auditor = new NumberAuditor(this.world);
    for (const number of [NUMBER, OTHER]) this.world.twilio.stock.set(number, { country: "US", type: "local" });
  }

  /** The result of a task that must succeed. */
  async run<T>(task: (ports: NumberPorts) => Promise<T>, plan: FaultPlan = noFaults): Promise<T> {
    const ended = await this.world.run(task, plan);
    if (ended.end === "error") throw ended.error;
    promise(ended.end === "result", "nothing crashes here");
    return ended.value;
  }

  /** How a task ended: `ok`, `crash`, or the code of its error. */
  async answer(task: (ports: NumberPorts) => Promise<unknown>, plan: FaultPlan = noFaults): Promise<string> {
    const ended = await this.world.run(task, plan);
    if (ended.end === "error") return codeOf(ended.error);
    return ended.end === "result" ? "ok" : "crash";
  }

  name(kind: string): string {
    return `${kind}-${++this.#names}`;
  }

  fund(owner: string, amountMinor: number): Promise<unknown> {
    const adjustment = {
      owner,
      adjustmentId: this.name("adjustment"),
      currency: "USD" as const,
      amountMinor,
      reason: "Test",
      actor: "operator",
    };
    return this.run((ports) => this.core.ledger.adjust(ports, adjustment));
  }

  /** Money comes in, and whoever brings it sees to what waits for it. */
  async topUp(owner: string, amountMinor: number): Promise<void> {
    await this.fund(owner, amountMinor);
    await this.run(async (ports) => {
      const token = await this.core.numbers.arrearsOf(ports, owner);
      if (token !== undefined) await this.core.numbers.restoreNumbers(ports, owner, token);
    });
  }

  request(owner: string, { phoneNumber = NUMBER, idempotencyKey = this.name("key") } = {}): PurchaseNumber {
    const { setUpMinor, monthlyMinor } = this.world.price;
    const price = { expectedMinor: setUpMinor + monthlyMinor, expectedMonthlyMinor: monthlyMinor };
    return { owner, idempotencyKey, phoneNumber, currency: "USD", ...price };
  }

  wish(owner: string, phoneNumber = NUMBER): Wish {
    return new Wish(this.core, this.request(owner, { phoneNumber }));
  }

  /** A wish whose owner has the money for it. */
  async fundedWish(owner: string, phoneNumber = NUMBER): Promise<Wish> {
    const wish = this.wish(owner, phoneNumber);
    await this.fund(owner, wish.request.expectedMinor);
    return wish;
  }

  /** A funded owner's number. */
  async bought(owner: string, { phoneNumber = NUMBER, restMinor = 0 } = {}): Promise<NumberItem> {
    const wish = await this.fundedWish(owner, phoneNumber);
    if (restMinor > 0) await this.fund(owner, restMinor);
    await this.expectAnswer(wish, "ok");
    return this.number(phoneNumber);
  }

  async expectAnswer(wish: Wish, expected: string, plan: FaultPlan = noFaults): Promise<void> {
    const answer = await wish.attempt(this.world, plan);
    promise(answer === expected, `the answer is ${answer}, and should be ${expected}`);
    this.auditor.check();
  }

  number(phoneNumber = NUMBER): NumberItem {
    const found = numbersOf(this.world).find(({ pk }) => pk === `NUMBER#${phoneNumber}`);
    promise(found !== undefined, `${phoneNumber} is in the table`);
    return found;
  }

  expectState(state: string, phoneNumber = NUMBER): void {
    const found = this.number(phoneNumber).state;
    promise(found === state, `${phoneNumber} is ${found}, and should be ${state}`);
  }

  async tend(plan: FaultPlan = noFaults): Promise<void> {
    await this.world.tend(plan);
    this.auditor.check();
  }

  releaseAs(owner: string, number: NumberItem, plan: FaultPlan = noFaults, dryRun = false): Promise<string> {
    if (!dryRun && owner === number.owner) this.auditor.releaseAsked.add(number.purchaseId);
    return this.answer((ports) => this.core.numbers.releaseNumber(ports, { owner, numberId: number.numberId, dryRun }), plan);
  }

  reconcile(apply: boolean) {
    return this.run((ports) => this.core.numbers.reconcileNumbers(ports, { apply }));
  }

  /** So many days go by, and the schedule runs four times a day. */
  async passDays(days: number): Promise<void> {
    for (let quarter = 0; quarter < 4 * days; quarter++) {
      this.world.pass(DAY / 4);
      await this.tend();
    }
  }

  /** Everything arrives, and the schedule has its time. */
  async quiet(): Promise<void> {
    const { world } = this;
    world.landWrites();
    world.twilio.land();
    for (let round = 0; round < 3; round++) {
      world.pass(12 * MINUTE);
      await this.tend();
    }
    this.auditor.checkQuiet();
  }

  availableMinor(owner: string): number {
    const balances = this.world.memory.get({ pk: `WALLET#${owner}`, sk: "WALLET" })?.balances as
      | Record<string, { availableMinor: number }>
      | undefined;
    return balances?.USD?.availableMinor ?? 0;
  }

  expectAvailable(owner: string, expectedMinor: number): void {
    const found = this.availableMinor(owner);
    promise(found === expectedMinor, `${owner}'s wallet holds ${found}, and should hold ${expectedMinor}`);
  }

  entries(owner: string, kind: string): number {
    return (walletsOf(this.world.memory).find((one) => one.owner === owner)?.entries ?? []).filter((entry) => entry.kind === kind).length;
  }

  /** The kinds of an owner's notices, in the order of their times. */
  notices(owner: string): string[] {
    return this.world.memory
      .items()
      .filter(({ pk }) => pk === `NOTICES#${owner}`)
      .sort((a, b) => ((a.sk as string) < (b.sk as string) ? -1 : 1))
      .map(({ kind }) => kind as string);
  }
}
