import type { PaymentPorts } from "@aira/core/payments";
import { seededRandom } from "../random.ts";
import type { SandboxEvent } from "../stripe/objects.ts";
import { createStripeState, type StripeState } from "../stripe/state.ts";
import type { CoreUnderTest } from "./core-under-test.ts";
import { type FaultPlan, faultyTable, noFaults } from "./faults.ts";
import { MemoryTable } from "./memory-table.ts";
import { simulatedProvider } from "./provider.ts";
import { Scheduler } from "./scheduler.ts";

export const STAGE = "simulation";

/** Calls that leave a task, in one world, before it counts as one that never settles down. Random histories take less than 2,000. */
const BUDGET = 20_000;

/** What became of a task: its result, its error, or the death of its container. */
export type Ended<T> =
  | { readonly end: "result"; readonly value: T }
  | { readonly end: "error"; readonly error: unknown }
  | { readonly end: "crash" };

/** One message on the payments queue. */
export interface Message {
  readonly id: string;
  readonly body: string;
  receives: number;
}

/** Everything outside of the code under test: the table, Stripe, the queue between them, the clock, and the dice. */
export class World {
  readonly core: CoreUnderTest;
  readonly random: () => number;
  readonly scheduler: Scheduler;
  readonly memory = new MemoryTable();
  readonly stripe: StripeState;
  /** Every event that Stripe made. */
  readonly events: SandboxEvent[] = [];
  readonly queue: Message[] = [];
  readonly inFlight: (() => void)[] = [];
  /** Calls to the table so far. */
  calls = 0;
  nowMs = Date.parse("2026-01-31T10:00:00.000Z");
  plan: FaultPlan = noFaults;
  readonly #idempotency = new Map<string, { readonly terms: unknown; readonly id: string }>();
  #messages = 0;

  constructor(core: CoreUnderTest, seed: number) {
    this.core = core;
    this.random = seededRandom(seed);
    this.scheduler = new Scheduler(this.random, BUDGET);
    this.stripe = createStripeState({ clock: () => this.nowMs, seed });
    this.stripe.onEvent((event) => this.events.push(event));
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

  enqueue(event: SandboxEvent): void {
    this.queue.push({ id: `msg_${++this.#messages}`, body: JSON.stringify(event), receives: 0 });
  }

  /** Writes whose callers gave up on them long ago arrive, in any order. */
  landInFlight(): void {
    while (this.inFlight.length > 0) this.inFlight.splice(this.int(this.inFlight.length), 1)[0]?.();
  }

  /** Runs one task in a container of its own. */
  run<T>(task: (ports: PaymentPorts) => Promise<T>): Promise<Ended<T>> {
    const { core, memory, scheduler, random, inFlight, stripe, plan } = this;
    const { promise: crashed, resolve: die } = Promise.withResolvers<Ended<T>>();
    const container = {
      crash: () => {
        die({ end: "crash" });
        return new Promise<never>(() => {});
      },
    };
    const busy = () => new core.lib.AiraError("service.busy", "injected");
    const onCall = () => {
      this.calls++;
    };
    const ports: PaymentPorts = {
      table: faultyTable({ memory, scheduler, random, plan, container, inFlight, busy, onCall }),
      clock: () => this.nowMs,
      random,
      wait: () => scheduler.point(),
      provider: simulatedProvider({ core, stripe, scheduler, plan, container, idempotency: this.#idempotency }),
      stage: STAGE,
      publicUrl: "https://aira.example",
    };
    const ended = task(ports).then(
      (value): Ended<T> => ({ end: "result", value }),
      (error: unknown): Ended<T> => ({ end: "error", error }),
    );
    return Promise.race([ended, crashed, scheduler.exhausted]);
  }
}
