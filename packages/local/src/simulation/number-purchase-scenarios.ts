import type { NumberPorts } from "@aira/core/numbers";
import type { CoreUnderTest } from "./core-under-test.ts";
import { type FaultPlan, noFaults, randomFaults } from "./faults.ts";
import { promise, walletsOf } from "./invariants.ts";
import type { Wish } from "./number-actors.ts";
import { afterLook, NUMBER, NumberScene, OTHER, withoutList } from "./number-scene.ts";
import { DAY, MINUTE, STAGE } from "./number-world.ts";
import type { Scenario } from "./scenario.ts";
import { ASHA, always, BEN } from "./scene.ts";

const PRICE = 215;

const lost = always("numbers.order", "timeout_after");
const dropped = always("numbers.order", "timeout_before");
const late = always("numbers.order", "late");

/** An order that comes to this, and Twilio can't be asked behind it. */
const unanswered = (fault: FaultPlan): FaultPlan =>
  (() => {
    let ordered = false;
    return (call) => {
      if (call === "numbers.order") ordered = true;
      return ordered && call === "numbers.read" ? "unavailable" : fault(call);
    };
  })();

/** A purchase with changed ports. */
const purchase = (scene: NumberScene, wish: Wish, change: (ports: NumberPorts) => NumberPorts, plan = noFaults): Promise<string> =>
  scene.answer((ports) => scene.core.numbers.purchaseNumber(change(ports), wish.request), plan);

/** A purchase whose order came to this, and about which nothing is known yet. */
async function pending(core: CoreUnderTest, fault: FaultPlan): Promise<{ scene: NumberScene; wish: Wish }> {
  const scene = new NumberScene(core);
  const wish = await scene.fundedWish(ASHA);
  await scene.expectAnswer(wish, "pending", unanswered(fault));
  scene.expectState("pending");
  scene.expectAvailable(ASHA, 0);
  return { scene, wish };
}

/** A purchase by an execution that sleeps so long between its claim and its order. */
async function sleepy(core: CoreUnderTest, sleepMs: number): Promise<{ scene: NumberScene; answer: string }> {
  const scene = new NumberScene(core);
  const wish = await scene.fundedWish(ASHA);
  const answer = await purchase(scene, wish, (ports) => ({
    ...ports,
    table: {
      ...ports.table,
      transact: async (writes) => {
        const result = await ports.table.transact(writes);
        if (scene.number().state === "pending") scene.world.pass(sleepMs);
        return result;
      },
    },
  }));
  return { scene, answer };
}

/** What somebody who asks again is told, while the first one's purchase is on its way and the list does not show it. */
async function askedAgain(core: CoreUnderTest, prepare: (scene: NumberScene) => void): Promise<void> {
  const { scene, wish } = await pending(core, late);
  prepare(scene);
  const answer = await purchase(scene, wish, withoutList);
  promise(answer === "ok", `it is on its way, and not ${answer}`);
  await scene.quiet();
  scene.expectState("active");
}

export const numberPurchaseScenarios: readonly Scenario[] = [
  {
    promise: "a purchase charges its price once and hands the number over with everything that it is told",
    async play(core) {
      const scene = new NumberScene(core);
      const { purchaseId, sid } = await scene.bought(ASHA, { restMinor: 5 });
      scene.expectState("active");
      scene.expectAvailable(ASHA, 5);
      const [number] = scene.world.twilio.list();
      promise(number?.sid === sid && number?.tag === `aira:${STAGE}:${purchaseId}`, "Twilio has it under the purchase's tag");
      const paths = Object.values(number?.webhooks ?? {}).map((url) => url.replace("https://aira.example/api/voice-agent/", ""));
      promise(paths.join() === "handle-call,fallback,handle-sms,fallback,status", `with every address: ${paths}`);
      await scene.quiet();
    },
  },
  {
    promise: "an answer that was lost buys once",
    async play(core) {
      const { scene, wish } = await pending(core, lost);
      await scene.expectAnswer(wish, "ok");
      await scene.expectAnswer(wish, "ok");
      promise(scene.world.twilio.orders.length === 1, "Twilio is asked once");
      scene.expectAvailable(ASHA, 0);
      await scene.quiet();
    },
  },
  {
    promise: "an answer that was lost is found by the schedule, without the client",
    async play(core) {
      const { scene } = await pending(core, lost);
      scene.world.pass(MINUTE);
      await scene.tend();
      scene.expectState("active");
    },
  },
  {
    promise: "a purchase that arrives after the reconciler looked is found later",
    async play(core) {
      const { scene, wish } = await pending(core, late);
      scene.world.pass(2 * MINUTE);
      await scene.tend();
      await scene.expectAnswer(wish, "pending");
      scene.world.pass(3 * MINUTE);
      await scene.tend();
      scene.expectState("active");
    },
  },
  {
    promise: "a number that Twilio does not have is given up after the quiet time, and not before",
    async play(core) {
      const { scene, wish } = await pending(core, dropped);
      const claimedMs = scene.world.nowMs;
      for (let minute = 1; minute < 10; minute++) {
        scene.world.pass(MINUTE);
        await scene.tend();
        scene.expectState("pending");
      }
      scene.world.pass(claimedMs + 10 * MINUTE - 1 - scene.world.nowMs);
      await scene.expectAnswer(wish, "pending");
      scene.world.pass(2 * MINUTE);
      await scene.tend();
      scene.expectState("failed");
      scene.expectAvailable(ASHA, PRICE);
    },
  },
  {
    promise: "a look that was under way for long says nothing of now",
    async play(core) {
      const { scene } = await pending(core, late);
      const wake = () => {
        scene.world.pass(11 * MINUTE);
      };
      scene.world.pass(MINUTE);
      await scene.run((ports) => core.numbers.tendNumbers(afterLook(ports, wake)));
      scene.expectState("pending");
      await scene.quiet();
      scene.expectState("active");
    },
  },
  {
    promise: "while Twilio can't be asked, nothing is given up",
    async play(core) {
      const { scene } = await pending(core, lost);
      scene.world.pass(DAY);
      await scene.tend(always("numbers.read", "unavailable"));
      scene.expectState("pending");
      await scene.quiet();
      scene.expectState("active");
    },
  },
  {
    promise: "an execution that slept between claim and order does not buy",
    async play(core) {
      const { scene, answer } = await sleepy(core, MINUTE + 1);
      promise(answer === "ok" && scene.world.twilio.orders.length === 0, "nobody asked Twilio");
      await scene.quiet();
      scene.expectState("failed");
      scene.expectAvailable(ASHA, PRICE);
    },
  },
  {
    promise: "an execution that is in time buys",
    async play(core) {
      const { scene } = await sleepy(core, MINUTE);
      scene.expectState("active");
    },
  },
  {
    promise: "a number that the table claims is not available, also to its owner, and Twilio is not asked to point it elsewhere",
    async play(core) {
      const { scene } = await pending(core, lost);
      for (const owner of [ASHA, BEN]) {
        // As its search shows it that has not heard of the purchase yet.
        const wish = await scene.fundedWish(owner);
        const findAvailable: NumberPorts["provider"]["findAvailable"] = async (phoneNumber) => {
          const found = await scene.run((ports) => ports.provider.findAvailable(OTHER, "US", "local"));
          return found && { ...found, phoneNumber };
        };
        const answer = await purchase(scene, wish, (ports) => ({ ...ports, provider: { ...ports.provider, findAvailable } }));
        promise(answer === "number.not_available", `it is taken, and the answer is not ${answer}`);
        promise(scene.entries(owner, "authorization") === (owner === ASHA ? 1 : 0), "nobody's money is touched");
      }
      promise(scene.world.twilio.orders.length === 1, "Twilio is asked once");
      await scene.quiet();
    },
  },
  {
    promise: "a number that our account has at Twilio is not sold a second time",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA);
      await scene.expectAnswer(await scene.fundedWish(BEN), "number.not_available");
      promise(scene.world.twilio.orders.length === 1, "Twilio is asked once");
    },
  },
  {
    promise: "a refusal gives the money back at once, and the same key may try again",
    async play(core) {
      const scene = new NumberScene(core);
      const wish = await scene.fundedWish(ASHA);
      for (const fault of ["refused", "unavailable", "taken"] as const) {
        const codes = { refused: "number.address_required", unavailable: "number_provider.unavailable", taken: "number.not_available" };
        await scene.expectAnswer(wish, codes[fault], always("numbers.order", fault));
        scene.expectState("failed");
        scene.expectAvailable(ASHA, PRICE);
      }
      scene.world.twilio.taken.clear();
      await scene.expectAnswer(wish, "ok");
      promise(scene.entries(ASHA, "authorization") === 4 && scene.entries(ASHA, "capture") === 1, "each try held its own money");
      await scene.quiet();
    },
  },
  {
    promise: "a refusal that says it is not available is looked up, since it may be ours",
    async play(core) {
      const scene = new NumberScene(core);
      const wish = await scene.fundedWish(ASHA);
      await scene.expectAnswer(wish, "ok", always("numbers.order", "doubled"));
      const { scene: other } = await pending(core, always("numbers.order", "doubled"));
      await other.quiet();
      other.expectState("active");
    },
  },
  ...(
    [
      ["too little money, which is what it holds itself", () => undefined],
      ["a price that moved", (scene) => Object.assign(scene.world.price, { setUpMinor: 300 })],
      ["a limit", (scene) => Object.assign(scene.world, { policy: { ...scene.world.policy, numbersPerOwner: 0 } })],
    ] as const satisfies readonly (readonly [string, (scene: NumberScene) => void])[]
  ).map(([what, prepare]) => ({
    promise: `a repeat that the list does not show yet is not refused for ${what}`,
    play: (core: CoreUnderTest) => askedAgain(core, prepare),
  })),
  {
    promise: "a repeat that an old list shows as pending is not told that it bought and gave back",
    async play(core) {
      const { scene, wish } = await pending(core, dropped);
      const page = await scene.run((ports) => ports.table.query({ pk: `OWNER#${ASHA}#NUMBERS`, index: "gsi1" }));
      await scene.quiet();
      await scene.expectAnswer(await scene.fundedWish(BEN), "ok");
      const answer = await purchase(scene, wish, (ports) => ({ ...ports, table: { ...ports.table, query: async () => page } }));
      promise(answer === "number.not_available", `it was not to be had, and the answer is not ${answer}`);
    },
  },
  {
    promise: "a key whose number was given back buys it no second time, however old the list",
    async play(core) {
      const scene = new NumberScene(core);
      const wish = await scene.fundedWish(ASHA);
      await scene.expectAnswer(wish, "ok");
      await scene.releaseAs(ASHA, scene.number());
      scene.world.pass(3 * DAY);
      await scene.fund(ASHA, 215);
      const answer = await purchase(scene, wish, (ports) => ({
        ...ports,
        table: { ...ports.table, query: async () => ({ items: [], lastKey: undefined }) },
      }));
      promise(answer === "number.released", `it was made and given back, and the answer is not ${answer}`);
      scene.expectState("released");
      await scene.quiet();
    },
  },
  {
    promise: "a key stands for one number and one currency",
    async play(core) {
      const scene = new NumberScene(core);
      const wish = await scene.fundedWish(ASHA);
      await scene.expectAnswer(wish, "ok");
      for (const other of [{ phoneNumber: OTHER }, { currency: "INR" as const }]) {
        const answer = await scene.answer((ports) => core.numbers.purchaseNumber(ports, { ...wish.request, ...other }));
        promise(answer === "idempotency.key_reused", `it is refused, and not ${answer}`);
      }
    },
  },
  {
    promise: "a price that moved is said before anything is held",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.fund(ASHA, 1_000);
      const [dearer, sameNow] = [scene.wish(ASHA), scene.wish(ASHA)];
      Object.assign(scene.world.price, { setUpMinor: 101, monthlyMinor: 115 });
      await scene.expectAnswer(dearer, "number.price_moved");
      Object.assign(scene.world.price, { setUpMinor: 90, monthlyMinor: 125 });
      await scene.expectAnswer(sameNow, "number.price_moved");
      promise(scene.entries(ASHA, "authorization") === 0, "nothing is held");
    },
  },
  {
    promise: "an owner holds no more numbers and buys no more a day than configured",
    async play(core) {
      const scene = new NumberScene(core);
      scene.world.policy = { ...scene.world.policy, numbersPerOwner: 1 };
      const number = await scene.bought(ASHA);
      await scene.expectAnswer(await scene.fundedWish(ASHA, OTHER), "number.limit_reached");
      await scene.releaseAs(ASHA, number);
      scene.world.policy = { ...scene.world.policy, purchasesPerDay: 1 };
      await scene.expectAnswer(await scene.fundedWish(ASHA, OTHER), "number.limit_reached");
      scene.world.pass(DAY + 1);
      await scene.expectAnswer(await scene.fundedWish(ASHA, OTHER), "ok");
    },
  },
  {
    promise: "nothing that is late touches another try of the same key",
    async play(core) {
      const { scene, wish } = await refusedLate(core);
      scene.expectState("active");
      await scene.expectAnswer(wish, "ok");
      await scene.quiet();
    },
  },
  {
    promise: "an execution that hears of its purchase after it was given up takes no money for it",
    async play(core) {
      const scene = new NumberScene(core);
      const wish = await scene.fundedWish(ASHA);
      await purchase(scene, wish, (ports) =>
        slowly(ports, async (order) => {
          const answer = await order();
          // Somebody gives it back by hand, and the reconciler gives the purchase up.
          for (const { sid } of scene.world.twilio.list()) scene.world.twilio.release(sid);
          await giveUp(scene);
          // Money is held, but for another number.
          await scene.expectAnswer(scene.wish(ASHA, OTHER), "pending", unanswered(dropped));
          return answer;
        }),
      );
      scene.expectState("failed");
      scene.auditor.check();
      await scene.quiet();
      scene.expectAvailable(ASHA, PRICE);
    },
  },
  {
    promise: "two hundred buyers race for one number: one owner, the others' money untouched, Twilio asked to buy once",
    async play(core) {
      for (const seed of [1, 2, 3]) await race(core, seed);
    },
  },
  {
    promise: "two hundred buyers race while answers get lost: one owner at most, everybody else's money is back",
    async play(core) {
      for (const seed of [4, 5, 6]) await stormyRace(core, seed);
    },
  },
];

type Order = () => ReturnType<NumberPorts["provider"]["buy"]>;

/** Orders whose answers meet something on the way. */
const slowly = (ports: NumberPorts, meet: (order: Order) => ReturnType<Order>): NumberPorts => ({
  ...ports,
  provider: { ...ports.provider, buy: (asked) => meet(() => ports.provider.buy(asked)) },
});

/** The quiet time goes by, and the reconciler gives a purchase up that Twilio does not have. */
async function giveUp(scene: NumberScene): Promise<void> {
  scene.world.pass(11 * MINUTE);
  await scene.tend();
  scene.expectState("failed");
}

/** A refusal is so slow that the purchase was given up and tried again, with success, when it is heard. */
async function refusedLate(core: CoreUnderTest): Promise<{ scene: NumberScene; wish: Wish }> {
  const scene = new NumberScene(core);
  const wish = await scene.fundedWish(ASHA);
  const slow = (ports: NumberPorts): NumberPorts =>
    slowly(ports, async (order) => {
      const answer = await order();
      await giveUp(scene);
      await scene.expectAnswer(wish, "pending", unanswered(lost));
      return answer;
    });
  await purchase(scene, wish, slow, always("numbers.order", "refused"));
  await scene.tend();
  scene.world.pass(MINUTE);
  await scene.tend();
  return { scene, wish };
}

const crowd = (scene: NumberScene): Promise<Wish[]> => Promise.all(Array.from({ length: 200 }, (_, n) => scene.fundedWish(`buyer-${n}`)));

async function stormyRace(core: CoreUnderTest, seed: number): Promise<void> {
  const scene = new NumberScene(core, seed);
  const { world } = scene;
  const wishes = await crowd(scene);
  const plan = randomFaults(world.random, 0.1);
  await Promise.all(wishes.map((wish) => wish.attempt(world, plan)));
  scene.auditor.check();
  await Promise.all(wishes.map((wish) => wish.attempt(world, plan)));
  await scene.quiet();
  const answers = await Promise.all(wishes.map((wish) => wish.attempt(world, noFaults)));
  await scene.quiet();
  const bought = answers.filter((answer) => answer === "ok").length;
  promise(bought === world.twilio.list().length && bought <= 1, `as many have it as Twilio has sold: ${bought}`);
  for (const [n, answer] of answers.entries()) scene.expectAvailable(`buyer-${n}`, answer === "ok" ? 0 : PRICE);
}

async function race(core: CoreUnderTest, seed: number): Promise<void> {
  const scene = new NumberScene(core, seed);
  const { world } = scene;
  const wishes = await crowd(scene);
  const answers = await Promise.all(wishes.map((wish) => wish.attempt(world, noFaults)));
  promise(answers.filter((answer) => answer === "ok").length === 1, "one of them has it");
  promise(answers.filter((answer) => answer === "number.not_available").length === 199, "to the others it is not available");
  const { owner } = scene.number();
  for (const wallet of walletsOf(world.memory)) {
    if (wallet.owner === owner) continue;
    promise(wallet.entries.length === 1, `${wallet.owner}: no entry but the money that came in`);
    scene.expectAvailable(wallet.owner, PRICE);
  }
  scene.expectAvailable(owner, 0);
  promise(world.twilio.orders.length === 1 && world.twilio.numbers.length === 1, "Twilio is asked to buy once");
  await scene.quiet();
  promise(scene.number(NUMBER).owner === owner, "and it stays so");
}
