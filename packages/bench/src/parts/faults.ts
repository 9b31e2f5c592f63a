import { seededRandom } from "@aira/local/random";
import { faultAt, runInContainer } from "@aira/local/testing/fault-plan";
import { addFaults, type SdkCall, type SdkFault, sdkFaultsOf } from "@aira/local/testing/sdk-faults";
import { type Bench, withResources } from "../bench.ts";
import { createMeter, describeCalls, type OperationCost } from "../call-meter.ts";
import { AMOUNT_MINOR, type Books, type Contestant, type Credit, contestants, untilRedelivery } from "../credit-contestants.ts";
import { type Connection, startEmulator } from "../emulator.ts";
import { units } from "../report/format.ts";
import type { Section } from "../report/section.ts";
import { billedWriteUnits } from "./calls.ts";

/** How often a message is delivered before it is a dead letter. */
const MAX_RECEIVES = 10;
const AT_ONCE = 20;

interface Tally {
  right: number;
  lost: number;
  doubled: number;
}

interface ContestantFigures {
  readonly name: string;
  readonly about: string;
  readonly cost: OperationCost;
  readonly faults: Readonly<Tally>;
  readonly points: number;
  /** Which faults it got wrong, as `fault at call n (command)`. */
  readonly wrong: readonly string[];
  /** Credits in the books after each of these. */
  readonly repeated: number;
  readonly repeatedNextDay: number;
  readonly atOnce: number;
}

export interface FaultFigures {
  readonly contestants: readonly ContestantFigures[];
}

/** Every fault at every SDK call of one credit, each followed by redelivery until it succeeds. */
export function measureFaults(bench: Bench): Promise<FaultFigures> {
  return withResources(bench, async (own) => {
    const emulator = await startEmulator(own);
    const calm = emulator.connect();
    const figures: ContestantFigures[] = [];
    for (const contestant of contestants) figures.push(await judge(bench, contestant, calm, emulator.connect, emulator.tableName));
    return { contestants: figures };
  });
}

async function judge(
  bench: Bench,
  contestant: Contestant,
  calm: Connection,
  connect: () => Connection,
  tableName: string,
): Promise<ContestantFigures> {
  const fresh = () => contestant.prepare(calm, tableName);
  const { cost, calls } = await observe(await fresh(), connect());
  const points = calls.flatMap((call, n) => sdkFaultsOf(call).map((fault) => ({ fault, n, command: call.command })));

  const faults: Tally = { right: 0, lost: 0, doubled: 0 };
  const wrong: string[] = [];
  for (const [at, { fault, n, command }] of points.entries()) {
    bench.progress(`faults of ${contestant.name}: ${at + 1} of ${points.length}`);
    const credit = await fresh();
    await deliverWithFault(credit, connect(), fault, n);
    const verdict = verdictOf(await credit.books());
    faults[verdict]++;
    if (verdict !== "right") wrong.push(`${fault} at call ${n + 1} (${command}): ${verdict}`);
  }

  const repeated = await fresh();
  await repeated.deliver(calm);
  await repeated.deliver(calm).catch(() => {});
  const repeatedBooks = await repeated.books();
  await repeated.forget();
  await untilRedelivery();
  await repeated.deliver(calm).catch(() => {});

  const crowd = await fresh();
  await Promise.all(Array.from({ length: AT_ONCE }, () => crowd.deliver(calm).catch(() => {})));
  return {
    name: contestant.name,
    about: contestant.about,
    cost,
    faults,
    points: points.length,
    wrong,
    repeated: creditsOf(repeatedBooks),
    repeatedNextDay: creditsOf(await repeated.books()),
    atOnce: creditsOf(await crowd.books()),
  };
}

/** One calm delivery: what it costs and which calls it makes. */
async function observe(credit: Credit, connection: Connection): Promise<{ cost: OperationCost; calls: readonly SdkCall[] }> {
  const calls: SdkCall[] = [];
  const meter = createMeter(connection.client);
  addFaults(
    connection.client,
    (call) => {
      calls.push(call);
      return undefined;
    },
    { crash: () => Promise.reject(new Error("nothing crashes here")), random: () => 0 },
  );
  return { cost: await meter(() => credit.deliver(connection)), calls };
}

async function deliverWithFault(credit: Credit, connection: Connection, fault: SdkFault, n: number): Promise<void> {
  for (let receive = 1; receive <= MAX_RECEIVES; receive++) {
    const ended = await runInContainer(async (crash) => {
      const remove = receive === 1 ? addFaults(connection.client, faultAt(n, fault), { crash, random: seededRandom(n) }) : () => {};
      try {
        await credit.deliver(connection);
      } finally {
        remove();
      }
    });
    if (ended.end === "result") return;
    await untilRedelivery();
  }
}

function verdictOf({ availableMinor, entries }: Books): keyof Tally {
  if (availableMinor === AMOUNT_MINOR && entries === 1) return "right";
  return availableMinor > AMOUNT_MINOR || entries > 1 ? "doubled" : "lost";
}

const creditsOf = ({ availableMinor }: Books): number => availableMinor / AMOUNT_MINOR;

export function faultSection({ contestants: figures }: FaultFigures): Section {
  const [ours] = figures;
  const rivals = figures.slice(1).map(({ name, faults, points }) => `${name} ${faults.right} of ${points}`);
  return {
    title: "The same credit, with everything going wrong",
    method: [
      "Four ways to credit one paid event, each with every fault that the fault layer knows (throttling, conflict, a server error, a timeout before and after the commit, a crash",
      "before and after it, a stale read) at every SDK call of a delivery, then redelivered until it succeeds. Right means: one entry, and the balance once.",
      "Faults are what is left after the SDK's own retries.",
    ],
    tables: [
      {
        head: ["credit by", "SDK calls", "round trips", "write units", "read units", "fault points", "right", "doubled", "lost"],
        rows: figures.map(({ name, cost, points, faults }) => [
          name,
          describeCalls(cost.calls),
          String(cost.roundTrips),
          units(billedWriteUnits(cost)),
          units(cost.readUnits),
          String(points),
          String(faults.right),
          String(faults.doubled),
          String(faults.lost),
        ]),
      },
      {
        head: ["credits in the books after", ...figures.map(({ name }) => name)],
        rows: [
          ["the event twice", ...figures.map(({ repeated }) => String(repeated))],
          ["the event again a day later", ...figures.map(({ repeatedNextDay }) => String(repeatedNextDay))],
          [`${AT_ONCE} deliveries at once`, ...figures.map(({ atOnce }) => String(atOnce))],
        ],
      },
    ],
    notes: [
      ...figures.map(({ name, about }) => `${name}: ${about}.`),
      "Powertools runs with its defaults (a record is worth an hour, a failed execution gives its key back) and a registered Lambda context. It says itself that the code inside must be idempotent: this is what happens when it is a credit.",
      "Here a credit of Aira's is the first of its wallet, which puts the wallet on the list of wallets: one index unit, once.",
      ...(ours?.wrong ?? []).map((one) => `Aira got wrong: ${one}.`),
    ],
    verdicts: ours
      ? [
          {
            promise: "fault points right",
            target: "all",
            measured: `${ours.faults.right} of ${ours.points} (${rivals.join(", ")})`,
            met: ours.faults.right === ours.points,
          },
        ]
      : [],
  };
}
