import type { Table, Write, WriteResult } from "@aira/core/table";
import type { MemoryTable } from "./memory-table.ts";
import type { Scheduler } from "./scheduler.ts";

/** What can go wrong with a read of the table. */
export const READ_FAULTS = ["throttled", "stale", "crash"] as const;
/** What can go wrong with a write: `late` is carried out after its caller has given up on it. */
export const WRITE_FAULTS = ["contended", "timeout_before", "timeout_after", "late", "crash", "crash_after"] as const;
/** What can go wrong with a call to the payment provider. */
export const PROVIDER_READ_FAULTS = ["unavailable", "crash"] as const;
export const PROVIDER_WRITE_FAULTS = ["unavailable", "timeout_before", "timeout_after", "crash", "crash_after"] as const;
/** What can go wrong with a question to the number provider: `stale` shows its list as it was minutes ago, `slow` answers much later. */
const NUMBER_READ_FAULTS = ["unavailable", "refused", "stale", "slow", "crash"] as const;
/**
 * What can go wrong with an order of a number: `unavailable` certainly bought nothing, `taken` is somebody else's purchase a moment before,
 * `doubled` arrives twice, and the caller gets the second answer, `late` is carried out after its caller has given up.
 */
const NUMBER_ORDER_FAULTS = [
  "unavailable",
  "refused",
  "taken",
  "doubled",
  "timeout_before",
  "timeout_after",
  "late",
  "slow",
  "crash",
  "crash_after",
] as const;
/** What can go wrong with the change or the release of a number. */
const NUMBER_CHANGE_FAULTS = ["unavailable", "refused", "timeout_before", "timeout_after", "late", "slow", "crash", "crash_after"] as const;

export type Fault =
  | (typeof READ_FAULTS)[number]
  | (typeof WRITE_FAULTS)[number]
  | (typeof PROVIDER_READ_FAULTS)[number]
  | (typeof PROVIDER_WRITE_FAULTS)[number]
  | (typeof NUMBER_READ_FAULTS)[number]
  | (typeof NUMBER_ORDER_FAULTS)[number]
  | (typeof NUMBER_CHANGE_FAULTS)[number];

export type Call = "table.read" | "table.write" | "provider.read" | "provider.write" | "numbers.read" | "numbers.order" | "numbers.change";

export const FAULTS: Record<Call, readonly Fault[]> = {
  "table.read": READ_FAULTS,
  "table.write": WRITE_FAULTS,
  "provider.read": PROVIDER_READ_FAULTS,
  "provider.write": PROVIDER_WRITE_FAULTS,
  "numbers.read": NUMBER_READ_FAULTS,
  "numbers.order": NUMBER_ORDER_FAULTS,
  "numbers.change": NUMBER_CHANGE_FAULTS,
};

/** Decides, call by call, what goes wrong. */
export type FaultPlan = (call: Call) => Fault | undefined;

export const noFaults: FaultPlan = () => undefined;

/** Any fault of the call, with this probability. */
export function randomFaults(random: () => number, probability: number): FaultPlan {
  return (call) => {
    if (random() >= probability) return undefined;
    const faults = FAULTS[call];
    return faults[Math.floor(random() * faults.length)];
  };
}

/** One fault at one call, counted from 0; nothing else goes wrong. `fired` tells whether the call was reached. */
export function faultAt(position: number, fault: Fault): FaultPlan & { readonly fired: () => boolean } {
  let calls = 0;
  let fired = false;
  const plan: FaultPlan = (call) => {
    if (calls++ !== position) return undefined;
    fired = true;
    return FAULTS[call].includes(fault) ? fault : undefined;
  };
  return Object.assign(plan, { fired: () => fired });
}

/** The container that runs a task. A crash ends it: whatever it waits for never comes. */
export interface Container {
  readonly crash: () => Promise<never>;
}

export interface FaultyTableOptions {
  readonly memory: MemoryTable;
  readonly scheduler: Scheduler;
  readonly random: () => number;
  readonly plan: FaultPlan;
  readonly container: Container;
  /** Writes that are still on their way when their caller has given up. */
  readonly inFlight: (() => void)[];
  /** The error that the table throws when a read fails for good. */
  readonly busy: () => Error;
  /** Counts calls. */
  readonly onCall?: (() => void) | undefined;
}

/** The table as one container sees it, with what goes wrong on the way. */
export function faultyTable(options: FaultyTableOptions): Table {
  const { memory, scheduler, random, plan, container, inFlight, busy, onCall } = options;

  async function write(writes: readonly Write[]): Promise<WriteResult> {
    await scheduler.point();
    onCall?.();
    const fault = plan("table.write");
    const carryOut = (): WriteResult => {
      const refused = memory.transact(writes);
      return refused ? { outcome: "refused", found: refused } : { outcome: "committed" };
    };
    switch (fault) {
      case "contended":
        return { outcome: "contended", cause: new Error("conflict") };
      case "timeout_before":
        return { outcome: "unknown", cause: new Error("timeout before") };
      case "timeout_after":
        carryOut();
        return { outcome: "unknown", cause: new Error("timeout after") };
      case "late":
        inFlight.push(carryOut);
        return { outcome: "unknown", cause: new Error("still on its way") };
      case "crash":
        return container.crash();
      case "crash_after":
        carryOut();
        return container.crash();
      default:
        return carryOut();
    }
  }

  async function read<T>(look: (stale: (() => number) | undefined) => T, consistent: boolean | undefined): Promise<T> {
    await scheduler.point();
    onCall?.();
    const fault = plan("table.read");
    if (fault === "throttled") throw busy();
    if (fault === "crash") return container.crash();
    return look(fault === "stale" && !consistent ? random : undefined);
  }

  return {
    get: (key, { consistent } = {}) => read((stale) => structuredClone(stale ? memory.getStale(key, stale) : memory.get(key)), consistent),
    getMany: (keys, { consistent } = {}) =>
      read((stale) => keys.map((key) => structuredClone(stale ? memory.getStale(key, stale) : memory.get(key))), consistent),
    query: (query) => read((stale) => memory.query(query, stale), query.consistent),
    write: (one) => write([one]),
    transact: write,
  };
}
