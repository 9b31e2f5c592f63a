import type { CoreUnderTest } from "./core-under-test.ts";
import { noFaults, randomFaults } from "./faults.ts";
import { promise } from "./invariants.ts";
import { monthAfter } from "./number-invariants.ts";
import { NumberScene } from "./number-scene.ts";
import { DAY, HOUR, MINUTE } from "./number-world.ts";

const RICH = "rich";
const POOR = ["asha", "ben"];
const STARTS = ["2026-01-28", "2026-12-29", "2027-01-30", "2027-12-31", "2028-01-29", "2028-02-29"];
const SECOND = 1_000;

/**
 * A year and some of months: outages, runs that overlap and repeat, clocks that jump, wallets that run empty and are filled again. The
 * seed decides everything.
 */
export async function runRenewals(core: CoreUnderTest, seed: number): Promise<void> {
  const scene = new NumberScene(core, seed);
  const { world } = scene;
  world.nowMs = Date.parse(`${world.pick(STARTS)}T09:00:00.000Z`);
  world.tickMs = 1;
  const plan = randomFaults(world.random, world.pick([0, 0.02, 0.05]));
  const owners = [RICH, ...POOR];
  const numbers = await buy(scene, owners);
  const endMs = world.nowMs + 400 * DAY;

  while (world.nowMs < endMs) {
    await passTime(scene);
    if (world.chance(0.25)) await move(scene, world.pick(POOR));
    // Late, repeated, overlapping, or not at all.
    const runs = world.pick([0, 1, 1, 1, 2, 3]);
    await Promise.all(Array.from({ length: runs }, () => world.tend(plan, world.pick([0, 0, 40 * SECOND, -40 * SECOND]))));
    if (world.chance(0.3)) world.landWrites();
    // Nothing that is wrong goes away again, and a year has hundreds of steps.
    if (world.chance(0.1)) scene.auditor.check();
  }

  world.landWrites();
  for (const owner of owners) await scene.topUp(owner, 10_000);
  world.pass(7 * HOUR);
  await world.tend();
  await scene.quiet();
  for (const phoneNumber of numbers) checkMonths(scene, phoneNumber);
  promise(!scene.notices(RICH).some((kind) => kind !== "number.reminder"), `who always had money is only reminded: ${scene.notices(RICH)}`);
}

/** Numbers on the last days of a month, for owners of whom one will always have money. */
async function buy(scene: NumberScene, owners: readonly string[]): Promise<string[]> {
  const { world } = scene;
  const numbers: string[] = [];
  for (const owner of [...owners, world.pick(owners)]) {
    const phoneNumber = `+1415555020${numbers.length}`;
    world.twilio.stock.set(phoneNumber, { country: "US", type: "local" });
    await scene.bought(owner, { phoneNumber, restMinor: owner === RICH ? 10_000 : 115 * world.int(4) });
    numbers.push(phoneNumber);
    world.pass(world.int(3 * DAY));
  }
  return numbers;
}

/** Hours or days, sometimes weeks; now and then a little back. */
async function passTime({ world }: NumberScene): Promise<void> {
  const outage = world.chance(0.02);
  world.pass(outage ? world.int(45 * DAY) : world.pick([HOUR, 6 * HOUR, 6 * HOUR, DAY, DAY, 2 * DAY, 4 * DAY]) + world.int(HOUR));
  if (world.chance(0.15)) world.nowMs -= world.int(2 * MINUTE);
}

/** Money goes or comes. */
async function move(scene: NumberScene, owner: string): Promise<void> {
  const { world, core } = scene;
  if (world.chance(0.6)) return scene.topUp(owner, 60 * (1 + world.int(6)));
  const amountMinor = Math.min(scene.availableMinor(owner), 50 + world.int(300));
  if (amountMinor <= 0) return;
  const charge = { owner, id: scene.name("charge"), currency: "USD" as const, amountMinor, description: "Charge", actor: "test" };
  await world.run((ports) => core.ledger.chargeUsage(ports, charge), noFaults);
}

/** Once everybody has money again, what is still there has paid for every month that has begun, and for no more. */
function checkMonths(scene: NumberScene, phoneNumber: string): void {
  const { world } = scene;
  const number = scene.number(phoneNumber);
  if (number.state === "released") return;
  promise(number.state === "active", `${phoneNumber} works again, and is not ${number.state}`);
  const next = monthAfter(number.createdAt, number.periods) - DAY;
  const last = monthAfter(number.createdAt, number.periods - 1) - DAY;
  promise(next > world.nowMs - MINUTE, `${phoneNumber}: every month that begins is charged`);
  promise(last <= world.nowMs + 2 * MINUTE, `${phoneNumber}: and none ahead of its time`);
}
