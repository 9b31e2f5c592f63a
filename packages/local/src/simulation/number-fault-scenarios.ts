import type { CoreUnderTest } from "./core-under-test.ts";
import { FAULTS, type Fault, type FaultPlan, faultAt, noFaults } from "./faults.ts";
import { promise } from "./invariants.ts";
import { NumberScene } from "./number-scene.ts";
import { DAY, HOUR } from "./number-world.ts";
import type { Scenario } from "./scenario.ts";
import { ASHA, always } from "./scene.ts";

const ALL_FAULTS: readonly Fault[] = [...new Set(Object.values(FAULTS).flat())];

/** Plays with every fault at every call, one at a time, until no call is left. */
async function everyFault(play: (plan: FaultPlan) => Promise<void>): Promise<void> {
  for (let position = 0, reached = true; reached; position++) {
    reached = false;
    for (const fault of ALL_FAULTS) {
      const plan = faultAt(position, fault);
      try {
        await play(plan);
      } catch (error) {
        throw new Error(`${fault} at call ${position}: ${error instanceof Error ? error.message : error}`, { cause: error });
      }
      reached ||= plan.fired();
    }
  }
}

/** A number whose month is due and can't be paid. */
async function unpaid(core: CoreUnderTest): Promise<NumberScene> {
  const scene = new NumberScene(core);
  await scene.bought(ASHA);
  scene.world.pass(28 * DAY);
  await scene.tend();
  promise(scene.number().unpaidSince !== undefined, "the month could not be paid");
  return scene;
}

/** Suspended, and an hour before it is given back. */
async function suspended(core: CoreUnderTest): Promise<NumberScene> {
  const scene = await unpaid(core);
  scene.world.pass(6 * DAY);
  await scene.tend();
  scene.expectState("suspended");
  scene.world.pass(Date.parse(scene.number().suspendedAt ?? "") + scene.world.policy.suspendedDays * DAY - HOUR - scene.world.nowMs);
  return scene;
}

async function ended(scene: NumberScene, state: string, availableMinor: number, months: number): Promise<void> {
  await scene.quiet();
  scene.expectState(state);
  scene.expectAvailable(ASHA, availableMinor);
  promise(scene.entries(ASHA, "debit") === months, `${months} months are charged`);
}

/** Whatever goes wrong once, wherever it does: asked again, everything comes to its right end. */
export const numberFaultScenarios: readonly Scenario[] = [
  {
    promise: "a purchase comes out right whatever goes wrong at whichever of its calls",
    play: (core) =>
      everyFault(async (plan) => {
        const scene = new NumberScene(core);
        const wish = await scene.fundedWish(ASHA);
        await wish.attempt(scene.world, plan);
        scene.auditor.check();
        await wish.attempt(scene.world, noFaults);
        await scene.tend();
        await scene.quiet();
        const answer = await wish.attempt(scene.world, noFaults);
        await scene.quiet();
        const bought = answer === "ok";
        promise(
          bought || answer === "number.not_available" || answer === "number.address_required",
          `it comes to an end, not to ${answer}`,
        );
        scene.expectAvailable(ASHA, bought ? 0 : 215);
      }),
  },
  {
    promise: "a purchase whose client never comes back is settled, whatever goes wrong at whichever of its calls",
    play: (core) =>
      everyFault(async (plan) => {
        const scene = new NumberScene(core);
        const wish = await scene.fundedWish(ASHA);
        await wish.attempt(scene.world, plan);
        await scene.quiet();
        scene.expectAvailable(ASHA, scene.world.twilio.list().length > 0 ? 0 : 215);
      }),
  },
  {
    promise: "a second try with the same key comes out right whatever goes wrong at whichever of its calls",
    play: (core) =>
      everyFault(async (plan) => {
        const scene = new NumberScene(core);
        const wish = await scene.fundedWish(ASHA);
        await scene.expectAnswer(wish, "number.address_required", always("numbers.order", "refused"));
        await wish.attempt(scene.world, plan);
        scene.auditor.check();
        await scene.quiet();
        scene.expectAvailable(ASHA, scene.world.twilio.list().length > 0 ? 0 : 215);
      }),
  },
  {
    promise: "the settling of a lost answer comes out right whatever goes wrong at whichever of its calls",
    play: (core) =>
      everyFault(async (plan) => {
        const scene = new NumberScene(core);
        const wish = await scene.fundedWish(ASHA);
        await wish.attempt(scene.world, (call) => (call === "numbers.order" ? "crash_after" : undefined));
        scene.world.pass(HOUR);
        await scene.tend(plan);
        await scene.tend();
        await ended(scene, "active", 0, 0);
      }),
  },
  {
    promise: "a renewal comes out right whatever goes wrong at whichever of its calls",
    play: (core) =>
      everyFault(async (plan) => {
        const scene = new NumberScene(core);
        await scene.bought(ASHA, { restMinor: 300 });
        scene.world.pass(28 * DAY);
        await scene.tend();
        // The second one, so that there is one before it.
        scene.world.pass(30 * DAY);
        await scene.tend(plan);
        await scene.tend();
        await ended(scene, "active", 70, 2);
      }),
  },
  {
    promise: "a reminder is sent once, whatever goes wrong at whichever of its calls",
    play: (core) =>
      everyFault(async (plan) => {
        const scene = new NumberScene(core);
        await scene.bought(ASHA, { restMinor: 300 });
        scene.world.pass(25 * DAY);
        await scene.tend(plan);
        await scene.tend();
        await ended(scene, "active", 300, 0);
        promise(scene.notices(ASHA).join() === "number.reminder", `its owner was told: ${scene.notices(ASHA)}`);
      }),
  },
  {
    promise: "a month that can't be paid comes out right whatever goes wrong at whichever call",
    play: (core) =>
      everyFault(async (plan) => {
        const scene = new NumberScene(core);
        await scene.bought(ASHA);
        scene.world.pass(28 * DAY);
        await scene.tend(plan);
        scene.world.pass(7 * HOUR);
        await scene.tend();
        await scene.topUp(ASHA, 115);
        await ended(scene, "active", 0, 1);
        promise(scene.notices(ASHA).join() === "number.unpaid", `its owner was told: ${scene.notices(ASHA)}`);
      }),
  },
  {
    promise: "a suspension comes out right whatever goes wrong at whichever of its calls",
    play: (core) =>
      everyFault(async (plan) => {
        const scene = await unpaid(core);
        scene.world.pass(6 * DAY);
        await scene.tend(plan);
        await scene.tend();
        await ended(scene, "suspended", 0, 0);
      }),
  },
  {
    promise: "a top-up restores a suspended number whatever goes wrong at whichever call, at the latest with the next run",
    play: (core) =>
      everyFault(async (plan) => {
        const scene = await suspended(core);
        await scene.fund(ASHA, 115);
        await scene.answer(async (ports) => {
          const token = await core.numbers.arrearsOf(ports, ASHA);
          if (token !== undefined) await core.numbers.restoreNumbers(ports, ASHA, token);
        }, plan);
        scene.auditor.check();
        scene.world.landWrites();
        scene.world.pass(7 * HOUR);
        await scene.tend();
        await ended(scene, "active", 0, 1);
      }),
  },
  {
    promise: "giving up an unpaid number comes out right whatever goes wrong at whichever of its calls",
    play: (core) =>
      everyFault(async (plan) => {
        const scene = await suspended(core);
        scene.world.pass(2 * HOUR);
        await scene.tend(plan);
        scene.world.pass(7 * HOUR);
        await scene.tend();
        await ended(scene, "released", 0, 0);
        promise(scene.notices(ASHA).at(-1) === "number.released", `its owner was told: ${scene.notices(ASHA)}`);
      }),
  },
  {
    promise: "a release comes out right whatever goes wrong at whichever of its calls",
    play: (core) =>
      everyFault(async (plan) => {
        const scene = new NumberScene(core);
        const number = await scene.bought(ASHA);
        await scene.releaseAs(ASHA, number, plan);
        scene.auditor.check();
        promise((await scene.releaseAs(ASHA, number)) === "ok", "asked again, it is done or on its way");
        await ended(scene, "released", 0, 0);
      }),
  },
];
