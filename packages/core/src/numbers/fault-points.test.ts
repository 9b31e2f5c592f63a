import { everyFaultPoint, type Line, type Run } from "@aira/local/testing/fault-points";
import { NUMBER_PRICE, type NumberWorld, numberWorld } from "@aira/local/testing/number-world";
import { startTableUnderTest, type TableUnderTest } from "@aira/local/testing/table-under-test";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { listEntries, loadWallet, verifyWallet } from "../ledger/index.ts";
import { AiraError } from "../lib/index.ts";
import { listNotices } from "../notices/index.ts";
import { arrearsOf, loadNumber, type NumberRecord, purchaseNumber, releaseNumber, restoreNumbers, tendNumbers } from "./index.ts";

// Seconds on a quiet machine; a busy one may take its time.
vi.setConfig({ testTimeout: 180_000 });

const MINUTE_MS = 60_000;
const { monthlyMinor } = NUMBER_PRICE;

let emulator: TableUnderTest;
beforeAll(async () => {
  emulator = await startTableUnderTest();
});
afterAll(() => emulator.stop());

const world: NumberWorld = numberWorld();

const portsOver = ({ table, over }: Line) => world.ports(table, over(world.fetch));

/** Not now, or not known: ask again, some minutes later. */
function laterOr(...codes: readonly string[]): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof AiraError && (error.retry || codes.includes(error.code)))) throw error;
    world.pass(2 * MINUTE_MS);
  };
}

const notYet = () => new AiraError("service.busy", "It is on its way.");

const numberNow = async (phoneNumber: string): Promise<NumberRecord> => {
  const number = await loadNumber(emulator.table, phoneNumber, { consistent: true });
  if (!number) throw new Error("the number is in the table");
  return number;
};

interface Expected {
  readonly state: NumberRecord["state"];
  readonly availableMinor: number;
  readonly months: number;
}

/** What is in the books, in the table and at Twilio; then out of the way of the runs behind. */
async function expectNumber(phoneNumber: string, expected: Expected): Promise<void> {
  const { owner, purchaseId, sid, ...number } = await numberNow(phoneNumber);
  const ports = world.ports(emulator.table);
  const wallet = await loadWallet(emulator.table, owner, { consistent: true });
  const { entries } = await listEntries(ports, owner, { limit: 100 });
  const count = (kind: string) => entries.filter((entry) => entry.kind === kind).length;
  expect(number.state).toBe(expected.state);
  expect(wallet.balances.USD).toEqual({ availableMinor: expected.availableMinor, heldMinor: 0 });
  expect([count("capture"), count("debit")]).toEqual([1, expected.months]);
  expect(count("authorization")).toBe(1 + count("release"));
  expect((await verifyWallet(ports, owner)).violations).toEqual([]);
  const owned = world.twilio.ownedNumber(phoneNumber);
  expect([owned?.sid, owned?.friendly_name]).toEqual(
    expected.state === "released" ? [undefined, undefined] : [sid, `aira:test:${purchaseId}`],
  );
  await world.forget(emulator.table, phoneNumber);
}

/** A run of the schedule, until the number is as it should be. */
const scheduled =
  (phoneNumber: string, isDone: (number: NumberRecord) => boolean): Run["act"] =>
  async (line) => {
    await tendNumbers(portsOver(line));
    if (!isDone(await numberNow(phoneNumber))) throw notYet();
  };

/** A number that could not be paid and was suspended. */
async function suspended(): Promise<NumberRecord> {
  const { number } = await world.bought(emulator.table);
  for (const days of [31, 6]) {
    world.passDays(days);
    await tendNumbers(world.ports(emulator.table));
  }
  const now = await numberNow(number.phoneNumber);
  expect(now.state).toBe("suspended");
  return now;
}

const OPERATIONS: Readonly<Record<string, () => Promise<Run>>> = {
  "a purchase": async () => {
    const request = await world.request(emulator.table);
    world.log.clear();
    return {
      async act(line) {
        const { settled } = await purchaseNumber(portsOver(line), request);
        if (!settled) throw notYet();
      },
      // What certainly never arrived is given up after the quiet time. The same key then tries again.
      mayFailWith: laterOr("number.not_available"),
      async check() {
        await expectNumber(request.phoneNumber, { state: "active", availableMinor: 0, months: 0 });
        const bought = world.log.entries({ operation: "numbers.create", number: request.phoneNumber });
        expect(bought.map(({ status }) => status)).toEqual([201]);
      },
    };
  },

  "the settling of a purchase whose answer was lost": async () => {
    const request = await world.request(emulator.table);
    const ports = world.ports(emulator.table, async (input, init) => {
      const answer = await world.fetch(input, init);
      if (init?.method === "POST") throw new TypeError("fetch failed");
      return init?.method === "GET" && String(input).includes("IncomingPhoneNumbers") ? new Response(null, { status: 503 }) : answer;
    });
    expect(await purchaseNumber(ports, request)).toMatchObject({ settled: false });
    world.pass(2 * MINUTE_MS);
    return {
      act: scheduled(request.phoneNumber, ({ state }) => state === "active"),
      mayFailWith: laterOr(),
      check: () => expectNumber(request.phoneNumber, { state: "active", availableMinor: 0, months: 0 }),
    };
  },

  "a renewal": async () => {
    const { number } = await world.bought(emulator.table, { restMinor: monthlyMinor + 5 });
    world.passDays(31);
    return {
      act: scheduled(number.phoneNumber, ({ periods }) => periods === 2),
      mayFailWith: laterOr(),
      check: () => expectNumber(number.phoneNumber, { state: "active", availableMinor: 5, months: 1 }),
    };
  },

  "a top-up's restoring of a suspended number": async () => {
    const { phoneNumber, owner } = await suspended();
    await world.fund(emulator.table, owner, monthlyMinor);
    return {
      async act(line) {
        const ports = portsOver(line);
        const token = await arrearsOf(ports, owner);
        if (token !== undefined) await restoreNumbers(ports, owner, token);
        // A list that lags hides it: then the schedule finds it, hours later.
        if ((await numberNow(phoneNumber)).state === "active") return;
        world.passDays(0.3);
        await tendNumbers(ports);
      },
      mayFailWith: laterOr(),
      async check() {
        // Whatever was cut short behind the charge, the next run finds.
        if ((await numberNow(phoneNumber)).suspendedAt !== undefined) await tendNumbers(world.ports(emulator.table));
        const { notices } = await listNotices(emulator, { owner, limit: 100 });
        expect(notices.filter(({ kind }) => kind === "number.restored")).toHaveLength(1);
        expect((await numberNow(phoneNumber)).suspendedAt).toBeUndefined();
        await expectNumber(phoneNumber, { state: "active", availableMinor: 0, months: 1 });
      },
    };
  },

  "a release": async () => {
    const { number } = await world.bought(emulator.table, { restMinor: 5 });
    const { owner, numberId, phoneNumber } = number;
    return {
      async act(line) {
        const { settled } = await releaseNumber(portsOver(line), { owner, numberId, dryRun: false });
        if (!settled) throw notYet();
      },
      // A list that lags does not show it yet.
      mayFailWith: laterOr("number.not_found"),
      check: () => expectNumber(phoneNumber, { state: "released", availableMinor: 5, months: 0 }),
    };
  },
};

test.each(Object.entries(OPERATIONS))("%s comes out right whatever fault meets whichever of its calls", async (name, prepare) => {
  const points = await everyFaultPoint(emulator, prepare, { sameCalls: true });
  console.log(`${name}: ${points} fault points`);
  expect(points).toBeGreaterThan(15);
});
