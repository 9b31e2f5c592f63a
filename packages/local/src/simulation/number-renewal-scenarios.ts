import type { NumberPorts } from "@aira/core/numbers";
import type { Write } from "@aira/core/table";
import type { CoreUnderTest } from "./core-under-test.ts";
import { noFaults } from "./faults.ts";
import { promise, walletsOf } from "./invariants.ts";
import { monthAfter } from "./number-invariants.ts";
import { runRenewals } from "./number-renewals.ts";
import { interrupted, NUMBER, NumberScene, OTHER, toState } from "./number-scene.ts";
import { DAY, HOUR, MINUTE } from "./number-world.ts";
import type { Scenario } from "./scenario.ts";
import { ASHA, BEN, inOrder } from "./scene.ts";

const MONTHLY = 115;

const setsArrears = (write: Write): boolean => "set" in write && write.set.arrears !== undefined;

/** A number that was suspended a moment ago, since its owner has no money. */
async function suspended(core: CoreUnderTest, seed = 1): Promise<NumberScene> {
  const scene = new NumberScene(core, seed);
  await scene.bought(ASHA);
  await scene.passDays(33.25);
  scene.expectState("suspended");
  return scene;
}

/** Lets the time come at which a suspended number is given back. */
const comeToRelease = (scene: NumberScene): void =>
  scene.world.pass(Date.parse(scene.number().suspendedAt ?? "") + scene.world.policy.suspendedDays * DAY - scene.world.nowMs);

/** The days for which months were charged, as the statement tells them. */
const monthsOf = (scene: NumberScene, owner: string): string[] =>
  (walletsOf(scene.world.memory).find((one) => one.owner === owner)?.entries ?? [])
    .filter(({ kind }) => kind === "debit")
    .map(({ description }) => description.replace(/^Number \+\d+, /, ""));

const tend = (scene: NumberScene) => scene.run((ports) => scene.core.numbers.tendNumbers(ports));

export const numberRenewalScenarios: readonly Scenario[] = [
  ...(
    [
      ["2026-01-28T10:00:00.000Z", "02-28 03-28 04-28 05-28 06-28 07-28 08-28 09-28 10-28 11-28 12-28 01-28"],
      ["2027-01-29T23:59:59.999Z", "02-28 03-29 04-29 05-29 06-29 07-29 08-29 09-29 10-29 11-29 12-29 01-29"],
      ["2027-12-30T00:00:00.000Z", "01-30 02-29 03-30 04-30 05-30 06-30 07-30 08-30 09-30 10-30 11-30 12-30"],
      ["2026-01-31T10:00:00.000Z", "02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31 01-31"],
      ["2028-02-29T12:00:00.000Z", "03-29 04-29 05-29 06-29 07-29 08-29 09-29 10-29 11-29 12-29 01-29 02-28"],
    ] as const
  ).map(([anchor, days]) => ({
    promise: `a number of ${anchor.slice(0, 10)} begins its months on its own day, without drift`,
    async play(core: CoreUnderTest) {
      const scene = new NumberScene(core);
      scene.world.nowMs = Date.parse(anchor);
      await scene.bought(ASHA, { restMinor: 12 * MONTHLY });
      await scene.passDays(366);
      const begins = monthsOf(scene, ASHA).map((month) => month.slice(5, 10));
      promise(begins.join(" ") === days, `its months begin on ${begins.join(" ")}, and should on ${days}`);
      scene.expectAvailable(ASHA, 0);
      await scene.quiet();
    },
  })),
  {
    promise: "a month is charged a day before it begins, and not before that",
    async play(core) {
      const scene = new NumberScene(core);
      const { createdAt } = await scene.bought(ASHA, { restMinor: MONTHLY });
      const chargedMs = monthAfter(createdAt, 1) - DAY;
      scene.world.pass(chargedMs - 1 - scene.world.nowMs);
      await scene.tend();
      scene.expectAvailable(ASHA, MONTHLY);
      scene.world.pass(1);
      await scene.tend();
      scene.expectAvailable(ASHA, 0);
      await scene.quiet();
    },
  },
  {
    promise: "runs that overlap charge a month once",
    async play(core) {
      for (let seed = 1; seed <= 10; seed++) {
        const scene = new NumberScene(core, seed);
        await scene.bought(ASHA, { restMinor: 1_000 });
        scene.world.pass(28 * DAY);
        await Promise.all([tend(scene), tend(scene), tend(scene)]);
        promise(scene.entries(ASHA, "debit") === 1, "once");
        await scene.quiet();
      }
    },
  },
  {
    promise: "after an outage every month that went by is charged, and the number never rests",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA, { restMinor: 5 * MONTHLY });
      scene.world.pass(130 * DAY);
      await scene.tend();
      promise(scene.entries(ASHA, "debit") === 4, "four of them");
      scene.expectState("active");
      promise(!scene.notices(ASHA).includes("number.suspended"), "and it was not suspended");
      await scene.quiet();
    },
  },
  {
    promise: "after an outage an unpaid number is suspended for its time before it is given back",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA);
      scene.world.pass(130 * DAY);
      await scene.tend();
      scene.expectState("suspended");
      comeToRelease(scene);
      scene.world.pass(-1);
      await scene.tend();
      scene.expectState("suspended");
      scene.world.pass(6 * HOUR);
      await scene.tend();
      scene.expectState("released");
      await scene.quiet();
    },
  },
  {
    promise: "a reminder comes once, days before each month",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA, { restMinor: 2 * MONTHLY });
      await scene.passDays(23.75);
      promise(scene.notices(ASHA).length === 0, "not before its day");
      await scene.passDays(0.5);
      promise(scene.notices(ASHA).join() === "number.reminder", "on its day");
      await scene.passDays(40);
      promise(scene.notices(ASHA).join() === "number.reminder,number.reminder", `once for each month: ${scene.notices(ASHA)}`);
    },
  },
  {
    promise: "without reminders configured none is sent, and months are charged all the same",
    async play(core) {
      const scene = new NumberScene(core);
      scene.world.policy = { ...scene.world.policy, reminderDays: 0 };
      await scene.bought(ASHA, { restMinor: MONTHLY });
      await scene.passDays(28);
      promise(scene.notices(ASHA).length === 0 && scene.entries(ASHA, "debit") === 1, "charged, and not a word");
    },
  },
  {
    promise: "an unpaid number works through its grace, is kept while it is suspended, then given back, and its owner hears of each",
    async play(core) {
      const scene = new NumberScene(core);
      const { createdAt } = await scene.bought(ASHA, { restMinor: MONTHLY });
      await scene.passDays(28);
      promise(scene.entries(ASHA, "debit") === 1, "a month goes well");
      const paidMs = monthAfter(createdAt, 2);
      const until = async (ms: number): Promise<void> => {
        await scene.passDays(Math.floor(((ms - scene.world.nowMs) / DAY) * 4) / 4);
        scene.world.pass(ms - scene.world.nowMs);
        await scene.tend();
      };
      await until(paidMs - DAY);
      promise(scene.number().unpaidSince !== undefined, "it is known to be unpaid");
      await until(paidMs + 5 * DAY - 1);
      scene.expectState("active");
      await until(paidMs + 5 * DAY);
      scene.expectState("suspended");
      await until(paidMs + 15 * DAY - 1);
      scene.expectState("suspended");
      await until(paidMs + 15 * DAY);
      scene.expectState("released");
      const heard = scene.notices(ASHA).map((kind) => kind.replace("number.", ""));
      promise(heard.join() === "reminder,reminder,unpaid,suspended,released", `its owner heard: ${heard}`);
      scene.expectAvailable(ASHA, 0);
      await scene.quiet();
    },
  },
  {
    promise: "a top-up restores a suspended number at once, with its settings, for the price of the months that went by",
    async play(core) {
      const scene = await suspended(core);
      const before = scene.number();
      await scene.topUp(ASHA, MONTHLY + 7);
      scene.expectState("active");
      scene.expectAvailable(ASHA, 7);
      const { unpaidSince, suspendedAt, numberId } = scene.number();
      promise(unpaidSince === undefined && suspendedAt === undefined && numberId === before.numberId, "nothing is left of it");
      promise(scene.notices(ASHA).at(-1) === "number.restored", "its owner is told");
      const { arrears } = scene.world.memory.get({ pk: `WALLET#${ASHA}`, sk: "WALLET" }) ?? {};
      promise(arrears === undefined, "nothing waits for money any more");
      await scene.quiet();
    },
  },
  {
    promise: "a top-up restores the oldest number first, and the others go on waiting",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA);
      scene.world.pass(HOUR);
      await scene.bought(ASHA, { phoneNumber: OTHER });
      await scene.passDays(33.5);
      await scene.topUp(ASHA, MONTHLY + 1);
      scene.expectState("active");
      scene.expectState("suspended", OTHER);
      await scene.topUp(ASHA, MONTHLY);
      scene.expectState("active", OTHER);
      scene.expectAvailable(ASHA, 1);
      await scene.quiet();
    },
  },
  {
    promise: "a top-up that comes while a number is given up keeps it",
    async play(core) {
      const scene = await suspended(core);
      comeToRelease(scene);
      await scene.run((ports) => core.numbers.tendNumbers(interrupted(ports, toState("releasing"), () => scene.topUp(ASHA, MONTHLY))));
      scene.auditor.check();
      scene.expectState("active");
      promise(scene.entries(ASHA, "debit") === 1, "its month is paid");
      await scene.quiet();
    },
  },
  {
    promise: "a top-up that comes while a number is suspended leaves it active",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA);
      await scene.passDays(30);
      scene.world.pass(4 * DAY);
      await scene.run((ports) => core.numbers.tendNumbers(interrupted(ports, toState("suspended"), () => scene.topUp(ASHA, MONTHLY))));
      scene.auditor.check();
      scene.expectState("active");
      await scene.quiet();
    },
  },
  {
    promise: "one month that was unpaid says nothing of the next",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA);
      // Two months are due. Money comes in between, and a run that charges the first of them dies before the second.
      scene.world.pass(70 * DAY);
      const pay = async () => {
        await scene.fund(ASHA, 3 * MONTHLY);
        const answer = await scene.answer((ports) => core.numbers.tendNumbers(ports), inOrder({ "table.write": [undefined, "crash"] }));
        promise(answer === "crash" && scene.entries(ASHA, "debit") === 1, "one is paid");
      };
      await scene.run((ports) => core.numbers.tendNumbers(interrupted(ports, toState("suspended"), pay)));
      scene.auditor.check();
      scene.expectState("active");
      promise(scene.entries(ASHA, "debit") === 2, "both are paid");
      await scene.quiet();
    },
  },
  {
    promise: "a wallet that is too busy to be charged goes on remembering what waits",
    async play(core) {
      const scene = await suspended(core);
      await scene.fund(ASHA, MONTHLY);
      const restore = (change: (ports: NumberPorts) => NumberPorts) =>
        scene.run(async (ports) => {
          const token = await core.numbers.arrearsOf(ports, ASHA);
          promise(token !== undefined, "the wallet remembers it");
          return core.numbers.restoreNumbers(change(ports), ASHA, token);
        });
      const contended = async () => ({ outcome: "contended", cause: undefined }) as const;
      await restore((ports) => ({ ...ports, table: { ...ports.table, transact: contended } }));
      scene.expectState("suspended");
      await restore((ports) => ports);
      scene.expectState("active");
      await scene.quiet();
    },
  },
  {
    promise: "money that comes while a month is found unpaid pays it",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA);
      scene.world.pass(28 * DAY);
      // It knows of nothing that waits, so it restores nothing.
      await scene.run((ports) => core.numbers.tendNumbers(interrupted(ports, setsArrears, () => scene.fund(ASHA, MONTHLY))));
      promise(scene.entries(ASHA, "debit") === 1, "the month is paid");
      await scene.quiet();
    },
  },
  {
    promise: "what begins to wait while others are restored is not forgotten",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA);
      scene.world.pass(HOUR);
      await scene.bought(ASHA, { phoneNumber: OTHER });
      scene.world.pass(27 * DAY - 30 * MINUTE);
      await scene.tend();
      promise(scene.number().unpaidSince !== undefined && scene.number(OTHER).unpaidSince === undefined, "one of them waits");
      await scene.fund(ASHA, MONTHLY);
      const clears = (write: Write): boolean => "remove" in write && (write.remove ?? []).includes("arrears");
      const next = async () => {
        scene.world.pass(HOUR);
        await scene.tend();
      };
      await scene.run(async (ports) => {
        const token = await core.numbers.arrearsOf(ports, ASHA);
        promise(token !== undefined, "the wallet remembers it");
        await core.numbers.restoreNumbers(interrupted(ports, clears, next), ASHA, token);
      });
      await scene.topUp(ASHA, MONTHLY);
      promise(scene.entries(ASHA, "debit") === 2 && scene.number(OTHER).unpaidSince === undefined, "the other is paid by the next top-up");
      await scene.quiet();
    },
  },
  {
    promise: "a month that can't be paid is tried again hours later, without a top-up",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA);
      scene.world.pass(28 * DAY);
      await scene.tend();
      scene.world.pass(HOUR);
      await scene.tend();
      await scene.fund(ASHA, MONTHLY);
      scene.world.pass(6 * HOUR);
      await scene.tend();
      scene.expectAvailable(ASHA, 0);
      await scene.quiet();
    },
  },
  {
    promise: "money that came at the very moment, and knew of nothing that waits, pays within minutes",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA);
      scene.world.pass(28 * DAY);
      await scene.tend();
      await scene.fund(ASHA, MONTHLY);
      scene.world.pass(5 * MINUTE);
      await scene.tend();
      scene.expectAvailable(ASHA, 0);
      await scene.quiet();
    },
  },
  {
    promise: "a month is refused for good reasons only: stale reads and lost answers take nothing away",
    async play(core) {
      for (let seed = 1; seed <= 20; seed++) {
        const scene = new NumberScene(core, seed);
        await scene.bought(ASHA);
        await scene.fund(ASHA, MONTHLY);
        scene.world.pass(28 * DAY);
        await scene.tend((call) => (call === "table.read" ? "stale" : undefined));
        promise(scene.entries(ASHA, "debit") <= 1 && scene.notices(ASHA).length === 0, "nobody is told of an unpaid month");
        await scene.quiet();
        promise(scene.entries(ASHA, "debit") === 1, "it is paid");
      }
    },
  },
  {
    promise: "a frozen wallet pays no month, and pays it when that is over",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA, { restMinor: 1_000 });
      await scene.run((ports) => core.ledger.freeze(ports, { owner: ASHA, adjustmentId: "f", reason: "Test", actor: "operator" }));
      await scene.passDays(33.5);
      scene.expectState("suspended");
      await scene.run((ports) => core.ledger.unfreeze(ports, { owner: ASHA, adjustmentId: "u", reason: "Test", actor: "operator" }));
      scene.world.pass(7 * HOUR);
      await scene.tend();
      scene.expectState("active");
      await scene.quiet();
    },
  },
  {
    promise: "one number's failure does not keep the others waiting",
    async play(core) {
      for (const broken of [NUMBER, OTHER]) {
        const scene = new NumberScene(core);
        await scene.bought(ASHA, { restMinor: MONTHLY });
        await scene.bought(BEN, { phoneNumber: OTHER, restMinor: MONTHLY });
        scene.world.pass(28 * DAY);
        const warnings: unknown[] = [];
        const { left } = await scene.run((ports) => {
          const get: typeof ports.table.get = (key, options) =>
            key.pk === `NUMBER#${broken}` ? Promise.reject(new Error("broken")) : ports.table.get(key, options);
          return core.numbers.tendNumbers({ ...ports, table: { ...ports.table, get } }, Number.POSITIVE_INFINITY, (_, cause) =>
            warnings.push(cause),
          );
        });
        promise(scene.entries(broken === NUMBER ? BEN : ASHA, "debit") === 1, "the other's month is charged");
        promise(warnings.length === 1 && left === 1, "and somebody is told of this one");
        await scene.quiet();
        promise(scene.entries(broken === NUMBER ? ASHA : BEN, "debit") === 1, "which is charged as soon as it can be");
      }
    },
  },
  {
    promise: "a run whose time is over begins no more numbers, and the next one goes on",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA, { restMinor: MONTHLY });
      scene.world.pass(28 * DAY);
      const { left } = await scene.run((ports) => core.numbers.tendNumbers(ports, scene.world.nowMs));
      promise(left === 1 && scene.entries(ASHA, "debit") === 0, "it is left");
      await scene.tend();
      promise(scene.entries(ASHA, "debit") === 1, "for the next run");
    },
  },
  {
    promise: "a month that is being charged when its number is released is charged or not, and never after",
    async play(core) {
      for (let seed = 1; seed <= 20; seed++) {
        const scene = new NumberScene(core, seed);
        const number = await scene.bought(ASHA, { restMinor: 300 });
        scene.world.pass(28 * DAY);
        await Promise.all([tend(scene), scene.releaseAs(ASHA, number)]);
        await scene.quiet();
        const charged = scene.entries(ASHA, "debit");
        scene.expectState("released");
        scene.world.pass(60 * DAY);
        await scene.quiet();
        promise(scene.entries(ASHA, "debit") === charged, "never after");
      }
    },
  },
  {
    promise: "a month that was under way for long is not charged for the next owner's number",
    async play(core) {
      const scene = new NumberScene(core);
      const number = await scene.bought(ASHA, { restMinor: 300 });
      scene.world.pass(28 * DAY);
      const meanwhile = async () => {
        await scene.releaseAs(ASHA, number);
        scene.world.pass(3 * DAY);
        await scene.expectAnswer(await scene.fundedWish(BEN), "ok");
      };
      const charges = (write: Write): boolean => "set" in write && write.set.periods === 2;
      await scene.run((ports) => core.numbers.tendNumbers(interrupted(ports, charges, meanwhile)));
      scene.auditor.check();
      scene.expectAvailable(ASHA, 300);
      await scene.quiet();
    },
  },
  {
    promise: "twelve months under random outages, clock jumps, repeated and overlapping runs, empty wallets and top-ups: each charged once",
    async play(core) {
      for (let seed = 1; seed <= 6; seed++) await runRenewals(core, seed);
    },
  },
  {
    promise: "a clock that jumps back charges nothing twice and takes nothing away",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA, { restMinor: 2 * MONTHLY });
      scene.world.pass(28 * DAY);
      await scene.tend();
      scene.world.nowMs -= 10 * MINUTE;
      await scene.tend(noFaults);
      scene.world.nowMs -= 2 * HOUR;
      await scene.tend();
      promise(scene.entries(ASHA, "debit") === 1, "once");
      await scene.passDays(30.5);
      promise(scene.entries(ASHA, "debit") === 2, "and the next month in its time");
      await scene.quiet();
    },
  },
];
