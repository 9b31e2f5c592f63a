import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { verifyWallet } from "@aira/core/ledger";
import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { type Bench, withResources } from "../bench.ts";
import { type Connection, connectTo } from "../emulator.ts";
import { type PaidTopUp, seedPaidTopUps } from "../top-ups.ts";
import { type RuntimeProcess, startRuntimeProcess } from "./runtime-process.ts";
import { nowMs, WebhookSender } from "./webhook-sender.ts";

const AMOUNT_MINOR = 2500;
/** The runtime's own, which every object at Stripe carries. */
const STAGE = "local";
/** After the last event, as long as credits still come. */
export const QUIET_MS = 5_000;
/** A message that its consumer could not finish comes again after six minutes. */
const REDELIVERY_MS = 420_000;
const CONNECTIONS = 64;
const BARE_AT_ONCE = 16;

/** What is in the ledger at the end, beside what should be. */
export interface Books {
  readonly wallets: number;
  readonly credits: number;
  readonly wrongBalances: number;
  readonly violations: number;
  readonly doubled: number;
  /** Messages that had not been delivered again when the run ended. */
  readonly stillQueued: number;
}

interface Loaded<Figures> {
  readonly figures: Figures;
  readonly books: Books;
  readonly failures: readonly string[];
}

/** Runs something against a runtime in a process of its own, waits for what is to be delivered again, and checks the books. */
export function withLoad<Figures>(bench: Bench, run: (load: Load) => Promise<Figures>): Promise<Loaded<Figures>> {
  return withResources(bench, async (own) => {
    bench.progress("starting the local runtime");
    const runtime = await startRuntimeProcess(own);
    const sender = new WebhookSender(runtime, CONNECTIONS);
    own.defer(() => sender.close());
    const load = new Load(runtime, connectTo(runtime.tableEndpoint, runtime.tableName, own), sender);
    const figures = await run(load);
    bench.progress("waiting for messages that are to be delivered again");
    const until = nowMs() + (bench.quick ? 0 : REDELIVERY_MS);
    while (runtime.queued() > 0 && nowMs() < until) await sleep(100);
    bench.progress("verifying every wallet");
    return { figures, books: { ...(await load.verify()), stillQueued: runtime.queued() }, failures: runtime.failures };
  });
}

/** Everything that is sent to one runtime, so that the books can be checked at the end. */
export class Load {
  readonly #runtime: RuntimeProcess;
  readonly #connection: Connection;
  readonly #sender: WebhookSender;
  readonly #expectedMinor = new Map<string, number>();
  #events = 0;

  constructor(runtime: RuntimeProcess, connection: Connection, sender: WebhookSender) {
    this.#runtime = runtime;
    this.#connection = connection;
    this.#sender = sender;
  }

  /** Paid top-ups, each of another owner unless one is named. */
  async seed(count: number, owner?: string): Promise<readonly PaidTopUp[]> {
    const owners = Array.from({ length: Math.round(count) }, () => owner ?? randomUUID());
    return seedPaidTopUps(this.#connection, this.#runtime.tableName, STAGE, owners, AMOUNT_MINOR);
  }

  /** Sends, waits until every credit is visible or none has come for a while, and says how long each took. */
  async run(
    topUps: readonly PaidTopUp[],
    pace: "flat out" | { readonly perSecond: number },
  ): Promise<{ latenciesMs: readonly number[]; perSecond: number; cpuMsEach: number; late: number }> {
    for (const { owner, amountMinor } of topUps) this.#expectedMinor.set(owner, (this.#expectedMinor.get(owner) ?? 0) + amountMinor);
    this.#events += topUps.length;
    const startedMs = nowMs();
    const cpuBeforeMs = this.#runtime.cpuMs();
    const sent = await (pace === "flat out" ? this.#sender.flatOut(topUps, CONNECTIONS) : this.#sender.atRate(topUps, pace.perSecond));
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
  async verify(): Promise<Omit<Books, "stillQueued">> {
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

  /** Transactions of two small items, each on keys of its own, as fast as the SDK gets them there and back. */
  async bareRate(forMs: number): Promise<{ perSecond: number; cpuMsEach: number }> {
    const { client } = this.#connection;
    const { tableName: TableName } = this.#runtime;
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
}
