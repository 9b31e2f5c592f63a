import type { Currency } from "@aira/contract";
import { codeOf } from "./actors.ts";
import type { CoreUnderTest } from "./core-under-test.ts";
import { type Call, type FaultPlan, noFaults, randomFaults } from "./faults.ts";
import { promise } from "./invariants.ts";
import { AGAIN, Wish } from "./number-actors.ts";
import { NumberAuditor, numbersOf, phoneNumberOf } from "./number-invariants.ts";
import { DAY, HOUR, MINUTE, NumberWorld } from "./number-world.ts";

const OWNERS = ["asha", "ben", "chitra"];
const NUMBERS = ["+14155550100", "+14155550101", "+14155550102"];
const SECOND = 1_000;

/** A purchase makes many reads and one order: with equal rates few would come to the interesting part. */
const WEIGHTS: Readonly<Record<Call, number>> = {
  "table.read": 0.4,
  "table.write": 1.5,
  "numbers.read": 0.7,
  "numbers.order": 4,
  "numbers.change": 3,
  "provider.read": 0,
  "provider.write": 0,
};

/**
 * One random history of customers, the schedule, the reconciler, Twilio and clocks around a few numbers, with whatever goes wrong among
 * them, and the checks after every step. The seed decides everything.
 */
export async function runNumberHistory(core: CoreUnderTest, seed: number, { steps = 16 } = {}): Promise<void> {
  const history = new NumberHistory(core, seed);
  await history.prepare();
  for (let step = 0; step < steps; step++) await history.step();
  await history.settleDown();
}

class NumberHistory {
  readonly #world: NumberWorld;
  readonly #auditor: NumberAuditor;
  readonly #wishes: Wish[] = [];
  readonly #faultRate: number;
  /** Are lists behind, or do orders arrive twice? With both, only the reconciler finds what the second answer hid. */
  readonly #lags: boolean;
  /** Does everything get to Twilio in time? Otherwise numbers are bought that nobody waits for any more, which only the reconciler finds. */
  readonly #inTime: boolean;
  #names = 0;

  constructor(core: CoreUnderTest, seed: number) {
    this.#world = new NumberWorld(core, seed);
    this.#world.tickMs = 1;
    this.#auditor = new NumberAuditor(this.#world);
    this.#faultRate = this.#world.pick([0, 0.03, 0.08, 0.2]);
    this.#lags = this.#world.chance(0.5);
    this.#inTime = this.#world.chance(0.8);
    if (!this.#inTime) this.#world.twilio.lateMs = Number.POSITIVE_INFINITY;
    for (const number of NUMBERS) this.#world.twilio.stock.set(number, { country: "US", type: "local" });
  }

  #plan(scale = 1): FaultPlan {
    const { random } = this.#world;
    const plan = randomFaults(random, 1);
    return (call) => {
      if (call === "numbers.order" && !this.#inTime && random() < 0.3) return "late";
      const fault = random() < this.#faultRate * scale * WEIGHTS[call] ? plan(call) : undefined;
      if (call === "numbers.read" && fault === "stale" && !this.#lags) return undefined;
      if (fault === "doubled" && this.#lags && this.#inTime) return undefined;
      return fault;
    };
  }

  /** Machines' clocks differ. */
  #skew(): number {
    return this.#world.pick([0, 0, 0, -20 * SECOND, 20 * SECOND]);
  }

  #name(kind: string): string {
    return `${kind}-${++this.#names}`;
  }

  async prepare(): Promise<void> {
    for (const owner of OWNERS) if (this.#world.chance(0.8)) await this.#money(owner, 100 * (1 + this.#world.int(10)), noFaults);
  }

  async step(): Promise<void> {
    const world = this.#world;
    await Promise.all(Array.from({ length: 1 + world.int(5) }, () => this.#act()));
    if (world.chance(0.3)) world.landWrites();
    if (world.chance(this.#inTime ? 0.3 : 0.08)) world.twilio.land();
    this.#auditor.check();
  }

  #act(): Promise<unknown> {
    const world = this.#world;
    const actions: readonly (readonly [weight: number, act: () => unknown])[] = [
      [14, () => this.#purchase()],
      [12, () => this.#insist()],
      [16, () => this.#tend()],
      [14, () => this.#passTime()],
      [8, () => this.#release()],
      [7, () => this.#topUp()],
      [5, () => this.#spend()],
      [3, () => this.#reconcile()],
      [2, () => this.#change()],
      [2, () => this.#strangers()],
      [1, () => this.#movePrice()],
      [1, () => this.#freeze()],
    ];
    const total = actions.reduce((sum, [weight]) => sum + weight, 0);
    let dice = world.random() * total;
    for (const [weight, act] of actions) {
      dice -= weight;
      if (dice < 0) return Promise.resolve(act());
    }
    return Promise.resolve();
  }

  /** Trouble that passes, or one of these answers; anything else is a mistake. */
  async #expect(ended: Promise<{ readonly end: string; readonly error?: unknown }>, ...codes: readonly string[]): Promise<void> {
    const { end, error } = await ended;
    if (end === "error" && !AGAIN.has(codeOf(error)) && !codes.includes(codeOf(error))) throw error;
  }

  // What customers do.

  async #purchase(): Promise<void> {
    const world = this.#world;
    const { setUpMinor, monthlyMinor } = world.price;
    const free = NUMBERS.filter((number) => !world.twilio.owned(number));
    const wish = new Wish(world.core, {
      owner: world.pick(OWNERS),
      idempotencyKey: this.#name("key"),
      phoneNumber: world.pick(free.length > 0 && world.chance(0.7) ? free : NUMBERS),
      currency: "USD",
      expectedMinor: setUpMinor + monthlyMinor,
    });
    this.#wishes.push(wish);
    // Impatient customers press twice.
    await this.#attempts(wish, world.chance(0.2) ? 2 : 1);
  }

  #attempts(wish: Wish, times: number): Promise<unknown> {
    return Promise.all(Array.from({ length: times }, () => wish.attempt(this.#world, this.#plan(), this.#skew())));
  }

  /** Clients that don't know how it ended ask again. Some ask again although they do. */
  async #insist(): Promise<void> {
    const world = this.#world;
    const wishes = this.#wishes.filter(({ state }) => state === "undecided" || world.chance(0.2));
    if (wishes.length > 0) await this.#attempts(world.pick(wishes), world.chance(0.2) ? 2 : 1);
  }

  async #release(): Promise<void> {
    const world = this.#world;
    const numbers = numbersOf(world).filter(({ numberId }) => numberId !== "");
    if (numbers.length === 0) return;
    const { owner, numberId, purchaseId } = world.pick(numbers);
    const asking = world.chance(0.8) ? owner : world.pick(OWNERS);
    const dryRun = world.chance(0.2);
    if (asking === owner && !dryRun) this.#auditor.releaseAsked.add(purchaseId);
    const ended = await world.run(
      (ports) => world.core.numbers.releaseNumber(ports, { owner: asking, numberId, dryRun }),
      this.#plan(),
      this.#skew(),
    );
    if (ended.end === "result") promise(asking === owner, `${numberId}: nobody releases another owner's number`);
    await this.#expect(Promise.resolve(ended), "number.not_found", "number.pending");
  }

  async #money(owner: string, amountMinor: number, plan: FaultPlan): Promise<void> {
    const { ledger, numbers } = this.#world.core;
    const adjustment = {
      owner,
      adjustmentId: this.#name("money"),
      currency: "USD" as Currency,
      amountMinor,
      reason: "Test",
      actor: "operator",
    };
    await this.#expect(this.#world.run((ports) => ledger.adjust(ports, adjustment), plan));
    const restore = this.#world.run(
      async (ports) => {
        const token = await numbers.arrearsOf(ports, owner);
        if (token !== undefined) await numbers.restoreNumbers(ports, owner, token);
      },
      plan,
      this.#skew(),
    );
    await this.#expect(restore);
  }

  #topUp(): Promise<void> {
    return this.#money(this.#world.pick(OWNERS), 50 * (1 + this.#world.int(12)), this.#plan(0.5));
  }

  async #spend(): Promise<void> {
    const world = this.#world;
    const charge = {
      owner: world.pick(OWNERS),
      id: this.#name("charge"),
      currency: "USD" as Currency,
      amountMinor: 1 + world.int(400),
      description: "Charge",
      actor: "test",
    };
    const { ledger } = world.core;
    const spend = world.chance(0.3) ? ledger.chargeUsage : ledger.debit;
    await this.#expect(
      world.run((ports) => spend(ports, charge), this.#plan()),
      "wallet.insufficient_funds",
      "wallet.restricted",
      "wallet.frozen",
    );
  }

  async #change(): Promise<void> {
    const world = this.#world;
    const numbers = numbersOf(world);
    if (numbers.length === 0) return;
    const { owner, numberId } = world.pick(numbers);
    const patch = { friendlyName: this.#name("name") };
    await this.#expect(
      world.run((ports) => world.core.numbers.updateNumber(ports, { owner, numberId, patch }), this.#plan()),
      "number.not_found",
      "number.not_active",
    );
  }

  // What the system does.

  /** The schedule, often late, sometimes twice at once. */
  async #tend(): Promise<void> {
    const runs = this.#world.chance(0.3) ? 2 : 1;
    // A run makes many calls, and one that can't read ends: with the full rate few would get anywhere.
    await this.#expect(
      Promise.all(Array.from({ length: runs }, () => this.#world.tend(this.#plan(0.3), this.#skew()))).then((all) => {
        return all.find(({ end }) => end === "error") ?? { end: "result" };
      }),
    );
  }

  async #reconcile(): Promise<void> {
    const world = this.#world;
    const held = async function* () {
      yield* (await Promise.all(numbersOf(world).map((number) => world.core.numbers.loadNumber(reader, phoneNumberOf(number))))).filter(
        (number) => number !== undefined,
      );
    };
    const reader = {
      get: async (key: { readonly pk: string; readonly sk: string }) => structuredClone(world.memory.get(key)),
    } as Parameters<typeof world.core.numbers.loadNumber>[0];
    const ended = await world.run(
      (ports) => world.core.numbers.reconcileNumbers(ports, { apply: world.chance(0.7), held: held() }),
      this.#plan(0.5),
      this.#skew(),
    );
    await this.#expect(Promise.resolve(ended), "number_provider.refused");
    if (ended.end !== "result") return;
    for (const { kind, phoneNumber } of ended.value.differences)
      promise(
        kind === "webhooks" || (kind === "orphan" && !this.#inTime),
        `${phoneNumber}: nothing is ${kind} as long as answers come in time`,
      );
  }

  // What the world does.

  /** Bit by bit, while others are at work. */
  async #passTime(): Promise<void> {
    const world = this.#world;
    for (let jumps = 1 + world.int(3); jumps > 0; jumps--) {
      for (let points = world.int(12); points > 0; points--) await world.scheduler.point();
      world.pass(
        world.pick([SECOND, 20 * SECOND, MINUTE, 3 * MINUTE, 11 * MINUTE, 11 * MINUTE, HOUR, 7 * HOUR, DAY, 3 * DAY, 16 * DAY, 31 * DAY]),
      );
      if (world.chance(0.1)) world.nowMs -= 10 * SECOND;
    }
  }

  /** Other customers of Twilio's. */
  #strangers(): void {
    const { twilio } = this.#world;
    const number = this.#world.pick(NUMBERS);
    if (twilio.taken.delete(number) || twilio.owned(number) || this.#world.chance(0.5)) return;
    twilio.taken.add(number);
  }

  #movePrice(): void {
    this.#world.price = { setUpMinor: 100, monthlyMinor: 100 + this.#world.int(30) };
  }

  async #freeze(): Promise<void> {
    const world = this.#world;
    const { ledger } = world.core;
    const action = { owner: world.pick(OWNERS), reason: "Test", actor: "operator" };
    await this.#expect(world.run((ports) => ledger.freeze(ports, { ...action, adjustmentId: this.#name("freeze") }), this.#plan()));
    for (let points = world.int(30); points > 0; points--) await world.scheduler.point();
    await this.#expect(world.run((ports) => ledger.unfreeze(ports, { ...action, adjustmentId: this.#name("unfreeze") })));
  }

  async #mend(): Promise<void> {
    const mended = await this.#world.run((ports) => this.#world.core.numbers.reconcileNumbers(ports, { apply: true }));
    if (mended.end === "error") throw mended.error;
  }

  /** Everything arrives, nobody starts anything new, and the schedule has its time. */
  async settleDown(): Promise<void> {
    const world = this.#world;
    world.landWrites();
    world.twilio.land();
    for (let round = 0; round < 4; round++) {
      world.pass(12 * MINUTE);
      await this.#expect(world.tend());
      this.#auditor.check();
    }
    if (!this.#inTime) await this.#mend();
    this.#auditor.checkQuiet();
    for (const wish of this.#wishes) {
      const answer = await wish.attempt(world, noFaults);
      promise(
        !AGAIN.has(answer) && answer !== "pending",
        `${wish.request.idempotencyKey}: everybody gets an answer once quiet, not ${answer}`,
      );
    }
    this.#auditor.checkQuiet();
    await this.#mend();
    const left = await world.run((ports) => world.core.numbers.reconcileNumbers(ports, { apply: false }));
    promise(left.end === "result" && left.value.differences.length === 0, "the provider and the table agree once it is mended");
    this.#auditor.checkQuiet();
    const reports = await world.run((ports) => Array.fromAsync(world.core.ledger.verifyAll(ports)));
    if (reports.end === "error") throw reports.error;
    if (reports.end === "result") for (const { violations } of reports.value) promise(violations.length === 0, "the verifier agrees");
  }
}
