import { isDeepStrictEqual } from "node:util";
import type { NumberPorts } from "@aira/core/numbers";
import type { CoreUnderTest } from "./core-under-test.ts";
import { promise } from "./invariants.ts";
import type { Wish } from "./number-actors.ts";
import { interrupted, NUMBER, NumberScene, OTHER, toState } from "./number-scene.ts";
import { DAY, HOUR, MINUTE } from "./number-world.ts";
import type { Scenario } from "./scenario.ts";
import { ASHA, always, BEN, inOrder } from "./scene.ts";

const ELSEWHERE = "https://elsewhere.example";
const webhooks = {
  voiceUrl: ELSEWHERE,
  voiceFallbackUrl: ELSEWHERE,
  smsUrl: ELSEWHERE,
  smsFallbackUrl: ELSEWHERE,
  statusCallbackUrl: ELSEWHERE,
};

/** A purchase that arrives at Twilio only when everybody has given it up. */
async function forgotten(core: CoreUnderTest): Promise<{ scene: NumberScene; wish: Wish; arrive: () => void }> {
  const scene = new NumberScene(core);
  const wish = await scene.fundedWish(ASHA);
  await scene.expectAnswer(wish, "pending", always("numbers.order", "timeout_before"));
  scene.world.pass(11 * MINUTE);
  await scene.tend();
  scene.expectState("failed");
  const [order] = scene.world.twilio.orders;
  promise(order !== undefined, "Twilio was asked");
  return { scene, wish, arrive: () => void scene.world.twilio.order(order) };
}

async function expectDifferences(scene: NumberScene, apply: boolean, expected: string): Promise<void> {
  const { differences } = await scene.reconcile(apply);
  const found = differences.map(({ kind, phoneNumber, mended }) => `${kind} ${phoneNumber}${mended ? " mended" : ""}`).join();
  promise(found === expected, `the reconciler says "${found}", and should say "${expected}"`);
}

/** A page of the provider's list as it was, whatever has happened since. */
async function withOldList(scene: NumberScene): Promise<(ports: NumberPorts) => NumberPorts> {
  const page = await scene.run((ports) => ports.provider.listOwned(undefined));
  return (ports) => ({ ...ports, provider: { ...ports.provider, listOwned: async () => page } });
}

export const numberReleaseScenarios: readonly Scenario[] = [
  {
    promise: "a dry run says what is lost and loses nothing",
    async play(core) {
      const scene = new NumberScene(core);
      const number = await scene.bought(ASHA);
      const { losses } = await scene.run((ports) =>
        core.numbers.releaseNumber(ports, { owner: ASHA, numberId: number.numberId, dryRun: true }),
      );
      promise(
        losses.some((sentence) => sentence.includes("paid until 2026-02-28")),
        "the paid time is among it",
      );
      scene.expectState("active");
      promise(scene.world.twilio.list().length === 1, "Twilio is not asked");
    },
  },
  {
    promise: "a released number is gone at Twilio, is charged for no more, and nothing is refunded",
    async play(core) {
      const scene = new NumberScene(core);
      const number = await scene.bought(ASHA, { restMinor: 500 });
      promise((await scene.releaseAs(ASHA, number)) === "ok", "it goes through");
      scene.expectState("released");
      await scene.passDays(40);
      scene.expectAvailable(ASHA, 500);
      promise(scene.notices(ASHA).join() === "number.released", `its owner was told: ${scene.notices(ASHA)}`);
      await scene.quiet();
    },
  },
  {
    promise: "nobody releases another owner's number, nor one whose purchase is on its way",
    async play(core) {
      const scene = new NumberScene(core);
      const number = await scene.bought(ASHA);
      promise((await scene.releaseAs(BEN, number)) === "number.not_found", "for others it does not exist");
      scene.expectState("active");
      const wish = await scene.fundedWish(ASHA, OTHER);
      await wish.attempt(scene.world, always("numbers.order", "late"));
      const answer = await scene.releaseAs(ASHA, scene.number(OTHER));
      promise(answer === "number.pending", `it has to wait, and the answer is not ${answer}`);
      await scene.quiet();
    },
  },
  {
    promise: "a release without an answer is finished by the schedule, and no month is charged meanwhile",
    async play(core) {
      const scene = new NumberScene(core);
      const number = await scene.bought(ASHA, { restMinor: 500 });
      await scene.releaseAs(ASHA, number, always("numbers.change", "timeout_before"));
      scene.expectState("releasing");
      scene.world.pass(40 * DAY);
      await scene.tend(always("numbers.change", "unavailable"));
      scene.expectState("releasing");
      scene.expectAvailable(ASHA, 500);
      scene.world.pass(MINUTE);
      await scene.tend();
      scene.expectState("released");
      await scene.quiet();
    },
  },
  {
    promise: "a number that is gone at Twilio already counts as released",
    async play(core) {
      const scene = new NumberScene(core);
      const number = await scene.bought(ASHA);
      await scene.releaseAs(ASHA, number, inOrder({ "numbers.change": ["timeout_after"] }));
      scene.expectState("releasing");
      promise((await scene.releaseAs(ASHA, number)) === "ok", "asked again, it is done");
      scene.expectState("released");
    },
  },
  {
    promise: "a released number is sold to nobody before its cool-down is over, and then to anybody",
    async play(core) {
      const scene = new NumberScene(core);
      const number = await scene.bought(ASHA);
      const releasedMs = scene.world.nowMs;
      await scene.releaseAs(ASHA, number);
      const wish = await scene.fundedWish(BEN);
      scene.world.pass(2 * DAY);
      await scene.expectAnswer(wish, "number.not_available");
      scene.world.pass(1);
      await scene.expectAnswer(wish, "ok");
      promise(scene.world.nowMs === releasedMs + 2 * DAY + 1, "two days later");
      promise((await scene.releaseAs(ASHA, number)) === "ok", "to its owner of before it is still released");
      scene.expectState("active");
      promise(scene.number().owner === BEN, "and Ben has it");
      await scene.quiet();
    },
  },
  {
    promise: "a key stands for its purchase also when others have had the number since",
    async play(core) {
      const scene = new NumberScene(core);
      const wish = await scene.fundedWish(ASHA);
      await scene.expectAnswer(wish, "ok");
      for (const owner of [ASHA, BEN]) {
        if (owner === BEN) await scene.expectAnswer(await scene.fundedWish(BEN), "ok");
        await scene.releaseAs(owner, scene.number());
        scene.expectState("released");
        scene.world.pass(3 * DAY);
      }
      await scene.fund(ASHA, 215);
      await scene.expectAnswer(wish, "number.released");
      await scene.quiet();
    },
  },
  {
    promise: "a release that arrives late does not touch the next owner's purchase",
    async play(core) {
      const scene = new NumberScene(core);
      const number = await scene.bought(ASHA);
      await scene.releaseAs(ASHA, number);
      scene.world.pass(3 * DAY);
      await scene.expectAnswer(await scene.fundedWish(BEN), "ok");
      scene.world.twilio.release(number.sid ?? "");
      // A schedule that has slept since the number was hers.
      await scene.run((ports) => core.numbers.tendNumbers(ports));
      scene.expectState("active");
      scene.auditor.check();
    },
  },
  {
    promise: "a release that sleeps before it begins does not begin with the next owner's number",
    async play(core) {
      const scene = new NumberScene(core);
      const number = await scene.bought(ASHA);
      const meanwhile = async () => {
        await scene.releaseAs(ASHA, number);
        scene.world.pass(3 * DAY);
        await scene.expectAnswer(await scene.fundedWish(BEN), "ok");
      };
      const release = { owner: ASHA, numberId: number.numberId, dryRun: false };
      await scene.answer((ports) => core.numbers.releaseNumber(interrupted(ports, toState("releasing"), meanwhile), release));
      scene.auditor.check();
      scene.expectState("active");
      await scene.quiet();
    },
  },
  {
    promise: "a release that sleeps between Twilio and the table does not end the next owner's purchase",
    async play(core) {
      const scene = new NumberScene(core);
      const number = await scene.bought(ASHA);
      scene.auditor.releaseAsked.add(number.purchaseId);
      const meanwhile = async () => {
        await scene.tend();
        scene.expectState("released");
        scene.world.pass(3 * DAY);
        await scene.expectAnswer(await scene.fundedWish(BEN), "ok");
        const now = scene.number();
        await scene.releaseAs(BEN, now, always("numbers.change", "timeout_before"));
        scene.expectState("releasing");
      };
      await scene.answer((ports) =>
        core.numbers.releaseNumber(interrupted(ports, toState("released"), meanwhile), {
          owner: ASHA,
          numberId: number.numberId,
          dryRun: false,
        }),
      );
      scene.auditor.check();
      scene.expectState("releasing");
      await scene.quiet();
    },
  },
  {
    promise: "a number that was bought when everybody had given up is reported, and given back when that is asked for",
    async play(core) {
      const { scene, arrive } = await forgotten(core);
      arrive();
      await expectDifferences(scene, true, "");
      scene.world.pass(10 * MINUTE);
      await expectDifferences(scene, false, `orphan ${NUMBER}`);
      promise(scene.world.twilio.list().length === 1, "a report changes nothing");
      await expectDifferences(scene, true, `orphan ${NUMBER} mended`);
      promise(scene.world.twilio.list().length === 0, "it is given back");
      promise(scene.notices(ASHA).length === 0, "and nobody is told, since it was nobody's");
      await scene.quiet();
      scene.expectAvailable(ASHA, 215);
    },
  },
  {
    promise: "who was told that a number was not to be had is told nothing else when it was found and given back",
    async play(core) {
      const { scene, wish, arrive } = await forgotten(core);
      arrive();
      scene.world.pass(HOUR);
      await expectDifferences(scene, true, `orphan ${NUMBER} mended`);
      await scene.expectAnswer(wish, "number.not_available");
      scene.world.pass(3 * DAY);
      await scene.expectAnswer(wish, "ok");
      await scene.quiet();
    },
  },
  {
    promise: "an orphan that can't be given back at once is given back by the schedule",
    async play(core) {
      const { scene, arrive } = await forgotten(core);
      arrive();
      scene.world.pass(HOUR);
      await scene.run((ports) => core.numbers.reconcileNumbers(ports, { apply: true }), always("numbers.change", "timeout_before"));
      await scene.quiet();
      promise(scene.world.twilio.list().length === 0, "it is given back");
    },
  },
  {
    promise: "an orphan that the table never knew is given back, unless somebody claims it in between",
    async play(core) {
      const scene = new NumberScene(core);
      scene.world.twilio.order({ phoneNumber: NUMBER, tag: "aira:simulation:pur_unknown", webhooks });
      await expectDifferences(scene, true, `orphan ${NUMBER} mended`);
      await scene.quiet();

      scene.world.twilio.order({ phoneNumber: OTHER, tag: "aira:simulation:pur_unknown", webhooks });
      const wish = await scene.fundedWish(BEN, OTHER);
      // Its search has not heard of it yet, and the order points it to him.
      const claim = () => wish.attempt(scene.world, inOrder({ "numbers.read": Array(4).fill("stale") }));
      await scene.run((ports) => core.numbers.reconcileNumbers(interrupted(ports, toState("releasing"), claim), { apply: true }));
      scene.expectState("active", OTHER);
      await scene.quiet();
    },
  },
  {
    promise: "the next purchase of a number takes over what arrived late for one that was given up",
    async play(core) {
      const { scene, arrive } = await forgotten(core);
      const wish = await scene.fundedWish(BEN);
      await scene.expectAnswer(wish, "pending", always("numbers.order", "timeout_before"));
      arrive();
      await scene.expectAnswer(wish, "ok");
      promise(scene.world.twilio.list()[0]?.tag === `aira:simulation:${wish.purchaseId}`, "under its own tag");
      scene.expectAvailable(ASHA, 215);
      await scene.quiet();
    },
  },
  {
    promise: "another stage's numbers are left alone",
    async play(core) {
      const scene = new NumberScene(core);
      scene.world.twilio.order({ phoneNumber: NUMBER, tag: "aira:elsewhere:pur_1", webhooks });
      scene.world.twilio.order({ phoneNumber: OTHER, tag: "office", webhooks });
      const { foreign, provided } = await scene.reconcile(true);
      await expectDifferences(scene, true, "");
      promise(foreign === 2 && provided === 0 && scene.world.twilio.list().length === 2, "both are still there");
    },
  },
  {
    promise: "a number of another stage is never taken for an answer that was lost",
    async play(core) {
      const scene = new NumberScene(core);
      const wish = await scene.fundedWish(ASHA);
      await scene.expectAnswer(wish, "pending", always("numbers.order", "timeout_before"));
      scene.world.twilio.order({ phoneNumber: NUMBER, tag: "aira:elsewhere:pur_1", webhooks });
      scene.world.pass(11 * MINUTE);
      await scene.tend();
      scene.expectState("failed");
      scene.expectAvailable(ASHA, 215);
    },
  },
  {
    promise: "what is on its way is no orphan",
    async play(core) {
      const scene = new NumberScene(core);
      const number = await scene.bought(ASHA);
      const wish = await scene.fundedWish(BEN, OTHER);
      await wish.attempt(scene.world, inOrder({ "numbers.order": ["crash_after"] }));
      await scene.releaseAs(ASHA, number, always("numbers.change", "timeout_before"));
      scene.world.pass(HOUR);
      await expectDifferences(scene, true, "");
      await scene.quiet();
      scene.expectState("active", OTHER);
    },
  },
  {
    promise: "what was given back while a list was under way is no orphan",
    async play(core) {
      const scene = new NumberScene(core);
      const number = await scene.bought(ASHA);
      const old = await withOldList(scene);
      const slowly = (ports: NumberPorts): NumberPorts => {
        const { provider } = old(ports);
        const listOwned: typeof provider.listOwned = async (after) => {
          const page = await provider.listOwned(after);
          await scene.releaseAs(ASHA, number);
          scene.world.pass(HOUR);
          return page;
        };
        return { ...ports, provider: { ...provider, listOwned } };
      };
      const { differences } = await scene.run((ports) => core.numbers.reconcileNumbers(slowly(ports), { apply: true }));
      promise(differences.length === 0 && scene.notices(ASHA).length === 1, "its owner is told once");
    },
  },
  {
    promise: "wrong webhooks and tags are set again, and only when that is asked for",
    async play(core) {
      const scene = new NumberScene(core);
      const { purchaseId } = await scene.bought(ASHA);
      const [number] = scene.world.twilio.list();
      promise(number !== undefined, "Twilio has it");
      const right = { tag: `aira:simulation:${purchaseId}`, webhooks: number.webhooks };
      for (const wrong of [
        { tag: "aira:simulation:pur_other" },
        { webhooks: { ...right.webhooks, smsFallbackUrl: ELSEWHERE } },
        { webhooks },
      ]) {
        Object.assign(number, wrong);
        await expectDifferences(scene, false, `webhooks ${NUMBER}`);
        promise(isDeepStrictEqual({ ...right, ...wrong }, { tag: number.tag, webhooks: number.webhooks }), "a report changes nothing");
        await expectDifferences(scene, true, `webhooks ${NUMBER} mended`);
        promise(isDeepStrictEqual(right, { tag: number.tag, webhooks: number.webhooks }), "every address is set again, and the tag");
      }
      await expectDifferences(scene, false, "");
    },
  },
  {
    promise: "a number that is gone at Twilio is reported missing, and nothing is taken from its owner",
    async play(core) {
      const scene = new NumberScene(core);
      await scene.bought(ASHA);
      const held = async function* (ports: NumberPorts) {
        const number = await core.numbers.loadNumber(ports.table, NUMBER);
        if (number) yield number;
      };
      const missing = async (stale: boolean) =>
        (
          await scene.run(
            (ports) => core.numbers.reconcileNumbers(ports, { apply: true, held: held(ports) }),
            stale ? always("numbers.read", "stale") : undefined,
          )
        ).differences.map(({ kind }) => kind);
      promise((await missing(true)).length === 0, "a list that lags is no reason for alarm");
      for (const { sid } of scene.world.twilio.list()) scene.world.twilio.release(sid);
      scene.world.pass(HOUR);
      promise((await missing(false)).join() === "missing", "it is reported");
      scene.expectState("active");
    },
  },
];
