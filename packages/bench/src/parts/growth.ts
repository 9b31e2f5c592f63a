import { randomUUID } from "node:crypto";
import { listEntries, readBalances, verifyWallet } from "@aira/core/ledger";
import { consumeEvents } from "@aira/core/payments";
import { type Bench, withResources } from "../bench.ts";
import { createMeter, type OperationCost } from "../call-meter.ts";
import { startEmulator } from "../emulator.ts";
import { seedLedger } from "../ledger-seed.ts";
import { milliseconds, units, whole } from "../report/format.ts";
import type { Section } from "../report/section.ts";
import { median } from "../statistics.ts";
import { createStubProvider } from "../stub-provider.ts";
import { openTopUp, portsOver } from "../top-ups.ts";
import { billedWriteUnits } from "./calls.ts";

const SIZES = { quick: [10, 1_000, 4_000], full: [10, 1_000, 100_000] } as const;
const PAGE = 50;

interface Measured {
  readonly medianMs: number;
  readonly cost: OperationCost;
}

interface SizeFigures {
  readonly entries: number;
  readonly seededPerSecond: number;
  readonly balance: Measured;
  readonly newestPage: Measured;
  /** The page in the middle of the history. */
  readonly middlePage: Measured;
  readonly credit: Measured;
  readonly verify: Measured & { readonly violations: number };
}

export interface GrowthFigures {
  readonly sizes: readonly SizeFigures[];
}

/** Does anything but the verification notice how long a wallet's history is? */
export function measureGrowth(bench: Bench): Promise<GrowthFigures> {
  return withResources(bench, async (own) => {
    const emulator = await startEmulator(own);
    const sizes: SizeFigures[] = [];
    for (const entries of bench.quick ? SIZES.quick : SIZES.full) {
      const connection = emulator.connect();
      const meter = createMeter(connection.client);
      const stub = createStubProvider();
      const ports = portsOver(connection.table, stub);
      const owner = randomUUID();
      const say = (what: string) => bench.progress(`growth, ${whole(entries)} entries: ${what}`);

      const started = performance.now();
      say("writing");
      await seedLedger(connection, emulator.tableName, owner, entries, (written) => say(`${whole(written)} written`));
      const seededPerSecond = entries / ((performance.now() - started) / 1000);

      const rounds = bench.quick ? 20 : 300;
      const time = async (task: (round: number) => Promise<unknown>): Promise<Measured> => {
        const cost = await meter(() => task(0));
        const samples: number[] = [];
        for (let round = 1; round <= rounds; round++) {
          const start = performance.now();
          await task(round);
          samples.push(performance.now() - start);
        }
        return { medianMs: median(samples), cost };
      };

      say("reading");
      const middle = new Date(Date.now() - (entries / 2) * 1000).toISOString();
      const balance = await time(() => readBalances(ports, owner));
      const newestPage = await time(() => listEntries(ports, owner, { limit: PAGE }));
      const middlePage = await time(() => listEntries(ports, owner, { limit: PAGE, to: middle }));

      say("verifying");
      let violations = 0;
      const verifyStarted = performance.now();
      const verifyCost = await meter(async () => {
        violations = (await verifyWallet(ports, owner)).violations.length;
      });
      const verify = { medianMs: performance.now() - verifyStarted, cost: verifyCost, violations };

      say("crediting");
      const bodies: string[] = [];
      for (let round = 0; round <= rounds; round++) bodies.push(stub.pay(await openTopUp(ports, owner, 100)));
      const credit = await time((round) => consumeEvents(ports, [{ id: randomUUID(), body: bodies[round] ?? "" }]));
      sizes.push({ entries, seededPerSecond, balance, newestPage, middlePage, credit, verify });
    }
    return { sizes };
  });
}

export function growthSection({ sizes }: GrowthFigures): Section {
  const rows = [
    ["balance", ...sizes.map(({ balance }) => milliseconds(balance.medianMs))],
    ["", ...sizes.map(({ balance }) => `${units(balance.cost.readUnits)} read`)],
    ["statement, the newest page of 50", ...sizes.map(({ newestPage }) => milliseconds(newestPage.medianMs))],
    ["", ...sizes.map(({ newestPage }) => `${units(newestPage.cost.readUnits)} read`)],
    ["statement, a page in the middle", ...sizes.map(({ middlePage }) => milliseconds(middlePage.medianMs))],
    ["", ...sizes.map(({ middlePage }) => `${units(middlePage.cost.readUnits)} read`)],
    ["credit of a paid top-up", ...sizes.map(({ credit }) => milliseconds(credit.medianMs))],
    ["", ...sizes.map(({ credit }) => `${units(billedWriteUnits(credit.cost))} write, ${units(credit.cost.readUnits)} read`)],
    ["verify the whole wallet", ...sizes.map(({ verify }) => milliseconds(verify.medianMs))],
    ["", ...sizes.map(({ verify }) => `${units(verify.cost.readUnits)} read`)],
    ["violations found", ...sizes.map(({ verify }) => String(verify.violations))],
  ];
  const [last] = sizes.slice(-1);
  return {
    title: "Growth of one wallet",
    method: [
      "One wallet with so many entries, decided and hashed by the core's own rule and written in batches; then the product's operations, one after the other, against the emulator:",
      "median time and capacity units of each. Verify is one run over the whole history.",
    ],
    tables: [{ head: ["operation", ...sizes.map(({ entries }) => `${whole(entries)} entries`)], rows }],
    notes: [
      "The page of a wallet with 10 entries is shorter than 50, hence cheaper.",
      ...(last
        ? [
            `Verification replayed ${whole(last.entries / (last.verify.medianMs / 1000))} entries a second; from a checkpoint it reads what is new alone.`,
          ]
        : []),
    ],
    verdicts: [
      flat(
        "units of a balance are the same at every size",
        sizes.map(({ balance }) => balance.cost.readUnits),
      ),
      flat(
        "units of a full page are the same at every size",
        sizes.slice(1).map(({ newestPage }) => newestPage.cost.readUnits),
      ),
      flat(
        "units of a credit are the same at every size",
        sizes.map(({ credit }) => billedWriteUnits(credit.cost) + credit.cost.readUnits),
      ),
    ],
  };
}

const flat = (promise: string, values: readonly number[]) => ({
  promise,
  target: "equal",
  measured: [...new Set(values)].map(units).join(", "),
  met: new Set(values).size === 1,
});
