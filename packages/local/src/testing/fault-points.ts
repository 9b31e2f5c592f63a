import type { Table } from "@aira/core/table";
import { seededRandom } from "../random.ts";
import { type Ended, type FaultPlan, faultAt, runInContainer } from "./fault-plan.ts";
import { FETCH_FAULTS, faultyFetch } from "./fetch-faults.ts";
import { addFaults, type MadeCall, recordCalls, type SdkCall, type SdkFault, sdkFaultsOf } from "./sdk-faults.ts";
import type { TableUnderTest } from "./table-under-test.ts";

/** What an operation goes through: the table and, where there is one, the vendor. */
export interface Line {
  readonly table: Table;
  /** The vendor's API over this line. */
  readonly over: (fetchLike: typeof fetch) => typeof fetch;
}

/** One run of one operation, on business objects that no other run has. */
export interface Run {
  /** The operation. It is called again, as a queue or a client would, until it resolves. */
  readonly act: (line: Line) => Promise<unknown>;
  /** Judges an error that the faulty run ended with: throws if it may not. */
  readonly mayFailWith: (error: unknown) => void;
  /** Asserts what must hold once it has been asked again until it answered. */
  readonly check: () => Promise<void>;
}

const REDELIVERIES = 10;

/**
 * Whether the call before it and the one behind it are the same: pages of an index on which nothing stands, as of a walk through the shards
 * of a list. Between them nothing is known or done that the first of them did not find, or the last does not leave.
 */
const isBetweenEqual = (calls: readonly MadeCall[], n: number): boolean =>
  [n - 1, n, n + 1].every((at) => calls[at]?.foundNothing === true && calls[at].input.IndexName === calls[n]?.input.IndexName);

/**
 * Meets every call that an operation makes with every fault that the call can meet, one at a time, then asks again without
 * faults until it answers, and checks. Returns the number of fault points. An error names the point that broke.
 *
 * `sameCalls`: every run makes the same calls in the same order, up to the fault, so that each point is met by the call that names it. One
 * that does not breaks; and points that are equal are visited once.
 */
export async function everyFaultPoint(
  emulator: TableUnderTest,
  prepare: () => Promise<Run>,
  { sameCalls = false }: { readonly sameCalls?: boolean } = {},
): Promise<number> {
  const { client, table } = emulator.connect();
  const clean: Line = { table, over: (fetchLike) => fetchLike };
  const { sdkCalls, fetchCalls } = await withoutFaults();
  let points = 0;

  for (const [n, call] of sdkCalls.entries())
    for (const fault of sameCalls && isBetweenEqual(sdkCalls, n) ? [] : sdkFaultsOf(call))
      await point(`${fault} at SDK call ${n} (${call.command})`, (act) => {
        const plan = faultAt(n, fault);
        let met: string | undefined;
        const noting: FaultPlan<SdkCall, SdkFault> = (seen) => {
          if (seen.n === n) met = seen.command;
          return plan(seen);
        };
        let remove = () => {};
        const ended = runInContainer((crash) => {
          remove = addFaults(client, noting, { crash, random: seededRandom(points) });
          return act(clean);
        });
        return { ended: ended.finally(() => remove()), fired: () => met !== undefined && (!sameCalls || met === call.command) };
      });

  for (let n = 0; n < fetchCalls; n++)
    for (const fault of FETCH_FAULTS)
      await point(`${fault} at vendor call ${n}`, (act) => {
        const plan = faultAt(n, fault);
        const ended = runInContainer((crash) => act({ table, over: (fetchLike) => faultyFetch(fetchLike, plan, { crash, slowMs: 2 }) }));
        return { ended, fired: plan.fired };
      });
  return points;

  /** One run without faults, for the number and kind of its calls. */
  async function withoutFaults(): Promise<{ sdkCalls: readonly MadeCall[]; fetchCalls: number }> {
    const run = await prepare();
    let fetchCalls = 0;
    const options = { crash: () => Promise.reject(new Error("nothing crashes here")), random: () => 0 };
    const recording = recordCalls(client);
    await run.act({ table, over: (fetchLike) => faultyFetch(fetchLike, () => void fetchCalls++, options) });
    const sdkCalls = recording.end();
    await run.check();
    return { sdkCalls, fetchCalls };
  }

  async function point(name: string, start: (act: Run["act"]) => { ended: Promise<Ended<unknown>>; fired: () => boolean }): Promise<void> {
    points++;
    const run = await prepare();
    try {
      const { ended, fired } = start(run.act);
      const first = await ended;
      if (!fired()) throw new Error("the call was never made, or another in its place");
      if (first.end === "error") run.mayFailWith(first.error);
      await askAgain(run);
      await run.check();
    } catch (error) {
      throw new Error(`broken by ${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }

  async function askAgain(run: Run): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await run.act(clean);
        return;
      } catch (error) {
        if (tries === REDELIVERIES) throw error;
        run.mayFailWith(error);
      }
    }
  }
}
