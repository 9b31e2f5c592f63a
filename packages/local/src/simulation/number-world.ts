import type { NumberPolicy, NumberPorts } from "@aira/core/numbers";
import type { Item, Write } from "@aira/core/table";
import { seededRandom } from "../random.ts";
import { type Ended, runInContainer } from "../testing/fault-plan.ts";
import type { CoreUnderTest } from "./core-under-test.ts";
import { type FaultPlan, faultyTable, noFaults } from "./faults.ts";
import { MemoryTable } from "./memory-table.ts";
import { SimulatedTwilio, simulatedNumberProvider } from "./number-provider.ts";
import { Scheduler } from "./scheduler.ts";

export const STAGE = "simulation";

const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Calls that leave a task, in one world, before it counts as one that never settles down. Random histories take less than 10,000. */
const BUDGET = 100_000;

export const POLICY: NumberPolicy = {
  numbersPerOwner: 50,
  purchasesPerDay: 50,
  reminderDays: 3,
  graceDays: 5,
  suspendedDays: 10,
  coolDownDays: 2,
};

/** One change of a number's item. */
export interface Transition {
  readonly atMs: number;
  readonly before: Item | undefined;
  readonly after: Item;
}

/** The table, and a record of what became of each number in it. */
class WatchedTable extends MemoryTable {
  readonly transitions: Transition[] = [];
  readonly #clock: () => number;

  constructor(clock: () => number) {
    super();
    this.#clock = clock;
  }

  override transact(writes: readonly Write[]): Map<number, Item | undefined> | undefined {
    const keys = writes.map((write) => ("put" in write ? write.put : "update" in write ? write.update : write.delete));
    const watched = keys.filter(({ sk }) => sk === "NUMBER").map((key) => ({ key, before: this.get(key) }));
    const refused = super.transact(writes);
    if (refused) return refused;
    for (const { key, before } of watched) {
      const after = this.get(key);
      if (after) this.transitions.push({ atMs: this.#clock(), before, after });
    }
    return undefined;
  }
}

/** Everything outside of core/numbers: the table, Twilio, the clock and the dice. */
export class NumberWorld {
  readonly core: CoreUnderTest;
  readonly random: () => number;
  readonly scheduler: Scheduler;
  readonly memory: WatchedTable;
  readonly twilio: SimulatedTwilio;
  /** Writes to the table that are still on their way when their callers have given up. */
  readonly inFlight: (() => void)[] = [];
  readonly warnings: unknown[] = [];
  nowMs = Date.parse("2026-01-31T10:00:00.000Z");
  /** How much time each look at the clock takes: with 1, no two of them are the same. */
  tickMs = 0;
  policy: NumberPolicy = POLICY;
  price = { setUpMinor: 100, monthlyMinor: 115 };

  constructor(core: CoreUnderTest, seed: number) {
    this.core = core;
    this.random = seededRandom(seed);
    this.scheduler = new Scheduler(this.random, BUDGET);
    this.memory = new WatchedTable(() => this.nowMs);
    this.twilio = new SimulatedTwilio(() => this.nowMs);
  }

  /** A whole number from 0 up to, not including, `below`. */
  int(below: number): number {
    return Math.floor(this.random() * below);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)]!;
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  /** Lets time pass. What must have arrived at Twilio by then arrives first. */
  pass(ms: number): void {
    this.twilio.land(this.nowMs + ms);
    this.nowMs += ms;
  }

  /** Writes whose callers gave up on them arrive at the table, in any order. */
  landWrites(): void {
    while (this.inFlight.length > 0) this.inFlight.splice(this.int(this.inFlight.length), 1)[0]?.();
  }

  /** Runs one task in a container of its own, whose clock may be off by `skewMs`. */
  run<T>(task: (ports: NumberPorts) => Promise<T>, plan: FaultPlan = noFaults, skewMs = 0): Promise<Ended<T>> {
    const { core, memory, scheduler, random, inFlight, twilio } = this;
    const ended = runInContainer((crash) => {
      const container = { crash };
      const busy = () => new core.lib.AiraError("service.busy", "injected");
      return task({
        table: faultyTable({ memory, scheduler, random, plan, container, inFlight, busy }),
        clock: () => {
          this.nowMs += this.tickMs;
          return this.nowMs + skewMs;
        },
        random,
        wait: () => scheduler.point(),
        provider: simulatedNumberProvider({ core, twilio, scheduler, random, plan, container }),
        prices: {
          quote: async (_country, _type, currency) => {
            const { setUpMinor, monthlyMinor } = this.price;
            return { currency, setUpMinor, monthlyMinor, dueNowMinor: setUpMinor + monthlyMinor };
          },
        },
        policy: this.policy,
        stage: STAGE,
        publicUrl: "https://aira.example",
      });
    });
    return Promise.race([ended, scheduler.exhausted]);
  }

  /** One run of the schedule. Anything but trouble that passes is a mistake. */
  tend(plan: FaultPlan = noFaults, skewMs = 0): Promise<Ended<unknown>> {
    return this.run(
      (ports) => this.core.numbers.tendNumbers(ports, Number.POSITIVE_INFINITY, (_, cause) => this.warnings.push(cause)),
      plan,
      skewMs,
    );
  }
}
