import { randomUUID } from "node:crypto";
import type { Bench } from "../bench.ts";
import { type Books, type Load, QUIET_MS, withLoad } from "../load/load.ts";
import { milliseconds, significant, whole } from "../report/format.ts";
import type { Section } from "../report/section.ts";
import { median, type Summary, summarise } from "../statistics.ts";
import { targets } from "../targets.ts";
import type { PaidTopUp } from "../top-ups.ts";

interface Sizes {
  readonly steady: readonly { readonly perSecond: number; readonly seconds: number }[];
  readonly ramp: { readonly from: number; readonly factor: number; readonly seconds: number; readonly steps: number };
  /** Events before the bursts, for V8 to compile what they run. */
  readonly warmUp: number;
  readonly burst: number;
  readonly burstOfOneWallet: number;
  readonly bareMs: number;
}

const QUICK: Sizes = {
  steady: [
    { perSecond: 50, seconds: 2 },
    { perSecond: 100, seconds: 2 },
  ],
  ramp: { from: 200, factor: 1.5, seconds: 1, steps: 2 },
  warmUp: 400,
  burst: 600,
  burstOfOneWallet: 300,
  bareMs: 500,
};

const FULL: Sizes = {
  steady: [
    { perSecond: 50, seconds: 30 },
    { perSecond: 100, seconds: 30 },
  ],
  ramp: { from: 150, factor: 1.25, seconds: 5, steps: 10 },
  warmUp: 1_500,
  burst: 5_000,
  burstOfOneWallet: 2_000,
  bareMs: 4_000,
};

interface Steady {
  readonly perSecond: number;
  readonly seconds: number;
  readonly latencyMs: Summary;
  /** Not credited when credits had ceased to come: to be delivered again, or lost. The books at the end tell. */
  readonly late: number;
}

interface Burst {
  readonly name: string;
  readonly events: number;
  /** From the first event until the last credit. */
  readonly perSecond: number;
  /** Processor time of the runtime's process for each: what does not depend on who else is at work. */
  readonly cpuMsEach: number;
  readonly late: number;
}

interface RampStep {
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly held: boolean;
}

export interface LatencyFigures {
  readonly steady: readonly Steady[];
  readonly ramp: readonly RampStep[];
  readonly bursts: readonly Burst[];
  /** Two-item transactions a second against the same emulator, with nothing around them. */
  readonly bare: Pick<Burst, "perSecond" | "cpuMsEach">;
  readonly books: Books;
  readonly failures: readonly string[];
}

/** The local runtime under signed webhooks over HTTP. */
export async function measureLatency(bench: Bench): Promise<LatencyFigures> {
  const sizes = bench.quick ? QUICK : FULL;
  const paced = await withLoad(bench, async (load) => {
    await load.run(await load.seed(100), { perSecond: 50 });
    const steady: Steady[] = [];
    for (const { perSecond, seconds } of sizes.steady) {
      bench.progress(`${perSecond} events a second for ${seconds} s`);
      const { latenciesMs, late } = await load.run(await load.seed(perSecond * seconds), { perSecond });
      steady.push({ perSecond, seconds, latencyMs: summarise(latenciesMs), late });
    }
    return { steady, ramp: await rise(bench, load, sizes.ramp) };
  });
  // The table emulator slows down with every transaction of the last ten minutes: the bursts get a fresh one.
  const flatOut = await withLoad(bench, async (load) => {
    await load.run(await load.seed(sizes.warmUp), "flat out");
    bench.progress("the bare emulator");
    const bare = [await load.bareRate(sizes.bareMs)];
    const bursts: Burst[] = [];
    const burst = async (name: string, topUps: readonly PaidTopUp[]) => {
      bench.progress(`a burst of ${whole(topUps.length)}: ${name}`);
      const { perSecond, cpuMsEach, late } = await load.run(topUps, "flat out");
      bursts.push({ name, events: topUps.length, perSecond, cpuMsEach, late });
    };
    await burst("each event another wallet", await load.seed(sizes.burst));
    await burst("all of one wallet", await load.seed(sizes.burstOfOneWallet, randomUUID()));
    bench.progress("the bare emulator");
    bare.push(await load.bareRate(sizes.bareMs));
    return {
      bursts,
      bare: { perSecond: median(bare.map(({ perSecond }) => perSecond)), cpuMsEach: median(bare.map(({ cpuMsEach }) => cpuMsEach)) },
    };
  });
  return {
    ...paced.figures,
    ...flatOut.figures,
    books: sumOf(paced.books, flatOut.books),
    failures: [...new Set([...paced.failures, ...flatOut.failures])].slice(0, 5),
  };
}

/** Faster and faster, until a rate is not held. */
async function rise(bench: Bench, load: Load, { from, factor, seconds, steps }: Sizes["ramp"]): Promise<RampStep[]> {
  const ramp: RampStep[] = [];
  let rate = from;
  for (let step = 0; step < steps; step++, rate = Math.round(rate * factor)) {
    bench.progress(`looking for the highest rate: ${rate} events a second`);
    const { latenciesMs, late } = await load.run(await load.seed(Math.round(rate * seconds)), { perSecond: rate });
    const { p99 } = summarise(latenciesMs);
    // A queue that grows shows in the latency long before anything is late.
    const held = late === 0 && p99 < 1_000;
    ramp.push({ perSecond: rate, p99Ms: p99, held });
    if (!held) break;
  }
  return ramp;
}

const sumOf = (one: Books, other: Books): Books => ({
  wallets: one.wallets + other.wallets,
  credits: one.credits + other.credits,
  wrongBalances: one.wrongBalances + other.wrongBalances,
  violations: one.violations + other.violations,
  doubled: one.doubled + other.doubled,
  stillQueued: one.stillQueued + other.stillQueued,
});

export function latencySection({ steady, ramp, bursts, bare, books, failures }: LatencyFigures): Section {
  const held = ramp.filter((step) => step.held).at(-1) ?? steady.filter(({ late }) => late === 0).at(-1);
  const atHundred = steady.find(({ perSecond }) => perSecond === 100);
  const [spread] = bursts;
  return {
    title: "From webhook to visible credit",
    method: [
      "The whole local runtime in a process of its own, data in memory: gateway, signature check, queue, poller, consumer, table. Another process signs Stripe's events and posts them over HTTP",
      "at a steady rate, whether or not answers come. The time counts from the moment an event was due until the transaction that credits it is acknowledged: from then on a consistent read of the",
      "balance shows it. Every event is of another wallet unless said otherwise. The bare emulator does two-item transactions from the same SDK, 16 at once, with nothing around them.",
    ],
    tables: [
      {
        head: ["events a second", "for", "p50", "p95", "p99", "max", "p99 / p50", "late"],
        rows: steady.map(({ perSecond, seconds, latencyMs, late }) => [
          whole(perSecond),
          `${seconds} s`,
          milliseconds(latencyMs.p50),
          milliseconds(latencyMs.p95),
          milliseconds(latencyMs.p99),
          milliseconds(latencyMs.max),
          significant(latencyMs.p99 / latencyMs.p50),
          String(late),
        ]),
      },
      {
        head: ["rising rate, events a second", "p99", "held"],
        rows: ramp.map(({ perSecond, p99Ms, held: ok }) => [whole(perSecond), milliseconds(p99Ms), ok ? "yes" : "no"]),
      },
      {
        head: ["burst", "events", "credits a second", "of the bare emulator", "processor time each", "late"],
        rows: [
          ...bursts.map(({ name, events, perSecond, cpuMsEach, late }) => [
            name,
            whole(events),
            whole(perSecond),
            significant(perSecond / bare.perSecond),
            milliseconds(cpuMsEach),
            String(late),
          ]),
          ["the bare emulator's two-item transactions", "", whole(bare.perSecond), "1", milliseconds(bare.cpuMsEach), ""],
        ],
      },
      {
        head: ["the books at the end", "count"],
        rows: [
          ["credits asked for", whole(books.credits)],
          ["wallets", whole(books.wallets)],
          ["wallets with another balance than their events add up to", String(books.wrongBalances)],
          ["broken invariants of the ledger", String(books.violations)],
          ["messages still to be delivered again", String(books.stillQueued)],
          ["top-ups credited twice", String(books.doubled)],
        ],
      },
    ],
    notes: [
      held
        ? `The highest rate held without loss, and with a p99 below a second, was ${whole(held.perSecond)} events a second.`
        : "No rate was held without loss.",
      `Late: not credited when no credit had come for ${QUIET_MS / 1000} seconds. What its consumer could not finish is delivered again when its visibility timeout of six minutes ends; a full run waits for that before it reads the books.`,
      "The bursts and the bare transactions have a fresh runtime: dynoxide keeps the token of each transaction for ten minutes, and takes longer for each the more it keeps (0.3 ms at first, 0.9 ms after 16,000), which AWS does not.",
      "Processor time is that of the one process: the runtime's for a credit, the client's for a bare transaction. Unlike the rates, it hardly depends on what else the machine does.",
      "One Node process plays API Gateway, SQS, its poller and every Lambda at once, so these figures are the laptop's, not AWS's.",
      ...failures.map((line) => `The runtime said: ${line.split("\n")[0]}`),
    ],
    verdicts: [
      ...(atHundred
        ? [
            {
              promise: "webhook to credit at 100/s, p99 over p50",
              target: `at most ${targets.p99OverP50.atMost}`,
              measured: significant(atHundred.latencyMs.p99 / atHundred.latencyMs.p50),
              met: atHundred.latencyMs.p99 / atHundred.latencyMs.p50 <= targets.p99OverP50.atMost,
            },
          ]
        : []),
      ...(spread
        ? [
            {
              promise: "burst on the local runtime, each event another wallet",
              target: `at least ${targets.burstPerSecond.atLeast} credits a second`,
              measured: whole(spread.perSecond),
              met: spread.perSecond >= targets.burstPerSecond.atLeast,
            },
            {
              promise: "burst over the bare emulator's rate",
              target: `at least ${targets.burstOfBare.atLeast} (stretch ${targets.burstOfBare.stretch})`,
              measured: significant(spread.perSecond / bare.perSecond),
              met: spread.perSecond / bare.perSecond >= targets.burstOfBare.atLeast,
            },
          ]
        : []),
      {
        promise: "credits lost, doubled or wrong, once the queue is empty",
        target: "0",
        measured: `${books.wrongBalances + books.violations + books.doubled}${books.stillQueued > 0 ? ` (${books.stillQueued} messages still queued)` : ""}`,
        met: books.stillQueued > 0 ? undefined : books.wrongBalances + books.violations + books.doubled === 0,
      },
    ],
  };
}
