import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { verifyWallet } from "@aira/core/ledger";
import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { type Bench, withResources } from "../bench.ts";
import { type Connection, connectTo } from "../emulator.ts";
import { type RuntimeProcess, startRuntimeProcess } from "../load/runtime-process.ts";
import { nowMs, type Sent, WebhookSender } from "../load/webhook-sender.ts";
import { milliseconds, significant, whole } from "../report/format.ts";
import type { Section } from "../report/section.ts";
import { median, type Summary, summarise } from "../statistics.ts";
import { targets } from "../targets.ts";
import { type PaidTopUp, seedPaidTopUps } from "../top-ups.ts";

const AMOUNT_MINOR = 2500;
/** The runtime's own, which every object at Stripe carries. */
const STAGE = "local";
/** After the last event, as long as credits still come. */
const QUIET_MS = 5_000;
/** A message that its consumer could not finish comes again after six minutes. */
const REDELIVERY_MS = 420_000;
const CONNECTIONS = 64;
const BARE_AT_ONCE = 16;

interface Sizes {
  readonly steady: readonly { readonly perSecond: number; readonly seconds: number }[];
  readonly ramp: { readonly from: number; readonly factor: number; readonly seconds: number; readonly steps: number };
  readonly burst: number;
  readonly burstOfOneWallet: number;
  readonly bareMs: number;
}

const QUICK: Sizes = {
  steady: [
    { perSecond: 50, seconds: 2 },
    { perSecond: 100, seconds: 2 },
  ],
  ramp: { from: 200, factor: 1.5, seconds: 1, steps: 3 },
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
  readonly books: {
    readonly wallets: number;
    readonly credits: number;
    readonly wrongBalances: number;
    readonly violations: number;
    readonly doubled: number;
    /** Messages that had not been delivered again when the run ended. */
    readonly stillQueued: number;
  };
  readonly failures: readonly string[];
}

/** The local runtime under signed webhooks over HTTP. */
export function measureLatency(bench: Bench): Promise<LatencyFigures> {
  return withResources(bench, async (own) => {
    const sizes = bench.quick ? QUICK : FULL;
    bench.progress("starting the local runtime");
    const runtime = await startRuntimeProcess(own);
    const connection = connectTo(runtime.tableEndpoint, runtime.tableName, own);
    const sender = new WebhookSender(runtime, CONNECTIONS);
    own.defer(() => sender.close());
    const load = new Load(runtime, connection);

    await load.run(await load.seed(100), (topUps) => sender.atRate(topUps, 50));
    const steady: Steady[] = [];
    for (const { perSecond, seconds } of sizes.steady) {
      bench.progress(`${perSecond} events a second for ${seconds} s`);
      const { latenciesMs, late } = await load.run(await load.seed(perSecond * seconds), (topUps) => sender.atRate(topUps, perSecond));
      steady.push({ perSecond, seconds, latencyMs: summarise(latenciesMs), late });
    }

    const ramp: RampStep[] = [];
    let rate = sizes.ramp.from;
    for (let step = 0; step < sizes.ramp.steps; step++, rate = Math.round(rate * sizes.ramp.factor)) {
      bench.progress(`looking for the highest rate: ${rate} events a second`);
      const { latenciesMs, late } = await load.run(await load.seed(Math.round(rate * sizes.ramp.seconds)), (topUps) =>
        sender.atRate(topUps, rate),
      );
      const { p99 } = summarise(latenciesMs);
      // A queue that grows shows in the latency long before anything is late.
      const held = late === 0 && p99 < 1_000;
      ramp.push({ perSecond: rate, p99Ms: p99, held });
      if (!held) break;
    }

    bench.progress("the bare emulator");
    const bare = [await bareRate(connection, runtime.tableName, sizes.bareMs)];
    const bursts: Burst[] = [];
    const burst = async (name: string, topUps: readonly PaidTopUp[]) => {
      bench.progress(`a burst of ${whole(topUps.length)}: ${name}`);
      const { perSecond, cpuMsEach, late } = await load.run(topUps, (all) => sender.flatOut(all, CONNECTIONS));
      bursts.push({ name, events: topUps.length, perSecond, cpuMsEach, late });
    };
    await burst("each event another wallet", await load.seed(sizes.burst));
    await burst("all of one wallet", await load.seed(sizes.burstOfOneWallet, randomUUID()));
    bench.progress("the bare emulator");
    bare.push(await bareRate(connection, runtime.tableName, sizes.bareMs));

    bench.progress("waiting for messages that are to be delivered again");
    const until = nowMs() + (bench.quick ? 0 : REDELIVERY_MS);
    while (runtime.queued() > 0 && nowMs() < until) await sleep(100);
    bench.progress("verifying every wallet");
    return {
      steady,
      ramp,
      bursts,
      bare: { perSecond: median(bare.map(({ perSecond }) => perSecond)), cpuMsEach: median(bare.map(({ cpuMsEach }) => cpuMsEach)) },
      books: { ...(await load.verify()), stillQueued: runtime.queued() },
      failures: [...new Set(runtime.failures)].slice(0, 5),
    };
  });
}

/** Everything that was sent to one runtime, so that the books can be checked at the end. */
class Load {
  readonly #runtime: RuntimeProcess;
  readonly #connection: Connection;
  readonly #expectedMinor = new Map<string, number>();
  #events = 0;

  constructor(runtime: RuntimeProcess, connection: Connection) {
    this.#runtime = runtime;
    this.#connection = connection;
  }

  /** Paid top-ups, each of another owner unless one is named. */
  async seed(count: number, owner?: string): Promise<readonly PaidTopUp[]> {
    const owners = Array.from({ length: Math.round(count) }, () => owner ?? randomUUID());
    return seedPaidTopUps(this.#connection, this.#runtime.tableName, STAGE, owners, AMOUNT_MINOR);
  }

  /** Sends, waits until every credit is visible or none has come for a while, and says how long each took. */
  async run(
    topUps: readonly PaidTopUp[],
    send: (topUps: readonly PaidTopUp[]) => Promise<readonly Sent[]>,
  ): Promise<{ latenciesMs: readonly number[]; perSecond: number; cpuMsEach: number; late: number }> {
    for (const { owner, amountMinor } of topUps) this.#expectedMinor.set(owner, (this.#expectedMinor.get(owner) ?? 0) + amountMinor);
    this.#events += topUps.length;
    const startedMs = nowMs();
    const cpuBeforeMs = this.#runtime.cpuMs();
    const sent = await send(topUps);
    const { creditedAt } = this.#runtime;
    const missing = () => sent.filter(({ topUpId }) => !creditedAt.has(topUpId)).length;
    let before = missing();
    let changedMs = nowMs();
    while (before > 0 && nowMs() - changedMs < QUIET_MS) {
      await sleep(20);
      const now = missing();
      if (now !== before) changedMs = nowMs();
      before = now;
    }
    const times = sent.flatMap(({ topUpId, dueAtMs }) => {
      const atMs = creditedAt.get(topUpId);
      return atMs === undefined ? [] : [{ atMs, latencyMs: atMs - dueAtMs }];
    });
    const lastMs = Math.max(...times.map(({ atMs }) => atMs));
    return {
      latenciesMs: times.map(({ latencyMs }) => latencyMs),
      perSecond: times.length / ((lastMs - startedMs) / 1000),
      cpuMsEach: (this.#runtime.cpuMs() - cpuBeforeMs) / times.length,
      late: sent.length - times.length,
    };
  }

  /** Reads every wallet back: the balance that its events add up to, and every invariant of the ledger. */
  async verify(): Promise<Omit<LatencyFigures["books"], "stillQueued">> {
    const { table } = this.#connection;
    let wrongBalances = 0;
    let violations = 0;
    const next = this.#expectedMinor.entries();
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (const [owner, expected] of next) {
          const { violations: broken, checkpoint } = await verifyWallet({ table }, owner);
          violations += broken.length;
          if (checkpoint?.wallet.balances.USD?.availableMinor !== expected) wrongBalances++;
        }
      }),
    );
    return { wallets: this.#expectedMinor.size, credits: this.#events, wrongBalances, violations, doubled: this.#runtime.doubled.length };
  }
}

/** Transactions of two small items, each on keys of its own, as fast as the SDK gets them there and back. */
async function bareRate({ client }: Connection, TableName: string, forMs: number): Promise<LatencyFigures["bare"]> {
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  let done = 0;
  await Promise.all(
    Array.from({ length: BARE_AT_ONCE }, async () => {
      while (performance.now() - start < forMs) {
        const pk = `BARE#${randomUUID()}`;
        await client.send(
          new TransactWriteCommand({
            TransactItems: [
              {
                Update: {
                  TableName,
                  Key: { pk, sk: "WALLET" },
                  UpdateExpression: "ADD availableMinor :amount",
                  ExpressionAttributeValues: { ":amount": AMOUNT_MINOR },
                },
              },
              { Put: { TableName, Item: { pk, sk: "ENTRY", amountMinor: AMOUNT_MINOR } } },
            ],
          }),
        );
        done++;
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpuStart);
  return { perSecond: done / ((performance.now() - start) / 1000), cpuMsEach: (user + system) / 1000 / done };
}

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
