import type { PaymentPorts } from "@aira/core/payments";
import type { CoreUnderTest } from "./core-under-test.ts";
import { expectedHash, promise, walletsOf } from "./invariants.ts";
import type { Scenario } from "./scenario.ts";
import { ASHA, always, BEN, inOrder, Scene } from "./scene.ts";

/** Chance decides what a stale read sees: enough worlds that it sees everything. */
const WORLDS = Array.from({ length: 20 }, (_, n) => n + 1);

const stale = always("table.read", "stale");

/** An expired hold of 300 beside an open one of 300, in a wallet of 1,000. */
async function expiredHold(core: CoreUnderTest, seed = 1) {
  const scene = new Scene(core, seed);
  await scene.fund(ASHA, 1_000);
  const hold = scene.hold(ASHA, 300);
  await scene.run((ports) => core.ledger.authorize(ports, { ...hold, expiresAtMs: scene.world.nowMs + 60_000 }));
  await scene.run((ports) => core.ledger.authorize(ports, scene.hold(ASHA, 300)));
  scene.passHours(1);
  const report = await scene.run((ports) => core.ledger.expireHolds(ports));
  promise(report.expired === 1, "a hold whose time has passed is given back");
  return { scene, hold };
}

/** Something goes on behind the verifier's back, once it has read the wallet. */
async function verifyWhile(scene: Scene, meanwhile: (ports: PaymentPorts) => Promise<unknown>): Promise<void> {
  const report = await scene.run((ports) => {
    let reads = 0;
    const get: typeof ports.table.get = async (key, options) => {
      const item = await ports.table.get(key, options);
      if (reads++ === 0) await meanwhile(ports);
      return item;
    };
    return scene.core.ledger.verifyWallet({ table: { ...ports.table, get } }, ASHA);
  });
  promise(report.violations.length === 0, `no false alarm: ${report.violations.map(({ broken }) => broken).join("; ")}`);
}

async function expectAlarm(scene: Scene, sentence: string): Promise<void> {
  const { violations } = await scene.run((ports) => scene.core.ledger.verifyWallet(ports, ASHA));
  promise(violations.length > 0, sentence);
}

export const ledgerScenarios: readonly Scenario[] = [
  {
    promise: "the last unit may be spent, and not one more",
    async play(core) {
      const scene = new Scene(core);
      await scene.fund(ASHA, 100);
      await scene.run((ports) => core.ledger.debit(ports, scene.charge(ASHA, 100)));
      promise((await scene.answer((ports) => core.ledger.debit(ports, scene.charge(ASHA, 1)))) === "wallet.insufficient_funds", "no more");
      scene.checkBooks();
    },
  },
  {
    promise: "a wallet below zero in one currency spends in none",
    async play(core) {
      const scene = new Scene(core);
      await scene.fund(ASHA, 100);
      await scene.run((ports) => core.ledger.chargeUsage(ports, scene.charge(ASHA, 1, { currency: "INR" })));
      promise((await scene.answer((ports) => core.ledger.debit(ports, scene.charge(ASHA, 1)))) === "wallet.restricted", "it is restricted");
      await scene.fund(ASHA, 1, "INR");
      await scene.run((ports) => core.ledger.debit(ports, scene.charge(ASHA, 1)));
    },
  },
  {
    promise: "a clock that runs backwards repeats the last time",
    async play(core) {
      const scene = new Scene(core);
      await scene.fund(ASHA, 100);
      scene.world.nowMs -= 3_600_000;
      await scene.fund(ASHA, 100);
      scene.checkBooks();
    },
  },
  {
    promise: "a debit whose commit was not answered is not refused when the wallet is empty then",
    async play(core) {
      for (const seed of WORLDS) {
        const scene = new Scene(core, seed);
        await scene.fund(ASHA, 100);
        const charge = scene.charge(ASHA, 100);
        await scene.answer((ports) => core.ledger.debit(ports, charge), inOrder({ "table.write": ["crash_after"] }));
        const { repeated } = await scene.run((ports) => core.ledger.debit(ports, charge), stale);
        promise(repeated && scene.availableMinor(ASHA) === 0, "it was done");
      }
    },
  },
  {
    promise: "a stale read that shows an empty wallet refuses nobody",
    async play(core) {
      for (const seed of WORLDS) {
        const scene = new Scene(core, seed);
        await scene.fund(ASHA, 100);
        await scene.run((ports) => core.ledger.debit(ports, scene.charge(ASHA, 100)), stale);
      }
    },
  },
  {
    promise: "of two attempts at one debit neither is refused for what the other took",
    async play(core) {
      for (let seed = 1; seed <= 60; seed++) {
        const scene = new Scene(core, seed);
        await scene.fund(ASHA, 100);
        const charge = scene.charge(ASHA, 100);
        const attempt = () => scene.answer((ports) => core.ledger.debit(ports, charge), stale);
        const answers = await Promise.all([attempt(), attempt(), attempt()]);
        promise(
          answers.every((answer) => answer === "ok"),
          "all of them did it",
        );
        promise(scene.availableMinor(ASHA) === 0, "once");
      }
    },
  },
  {
    promise: "a crowd on one wallet gets through",
    async play(core) {
      const scene = new Scene(core);
      await scene.fund(ASHA, 1_000);
      const attempts = Array.from({ length: 8 }, () => scene.answer((ports) => core.ledger.debit(ports, scene.charge(ASHA, 100))));
      promise(
        (await Promise.all(attempts)).every((answer) => answer === "ok"),
        "all of them",
      );
      scene.checkBooks();
    },
  },
  {
    promise: "a wallet that stays contended is busy, and nothing was posted",
    async play(core) {
      const scene = new Scene(core);
      await scene.fund(ASHA, 100);
      const answer = await scene.answer((ports) => core.ledger.debit(ports, scene.charge(ASHA, 100)), always("table.write", "contended"));
      promise(answer === "wallet.busy" && scene.availableMinor(ASHA) === 100, "it is busy");
    },
  },
  {
    promise: "a try that may still arrive makes the outcome unknown, whatever fails behind it",
    async play(core) {
      for (const then of ["reads fail", "writes contend"]) {
        const scene = new Scene(core);
        await scene.fund(ASHA, 100);
        const plan =
          then === "reads fail"
            ? inOrder({ "table.write": ["late"], "table.read": [undefined, ...Array<"throttled">(9).fill("throttled")] })
            : inOrder({ "table.write": ["late", ...Array<"contended">(400).fill("contended")] });
        const answer = await scene.answer((ports) => core.ledger.debit(ports, scene.charge(ASHA, 100)), plan);
        promise(answer === "outcome.unknown", `nobody knows (${then}), so nobody says ${answer}`);
        scene.world.landInFlight();
        promise(scene.availableMinor(ASHA) === 0, "it arrives");
      }
    },
  },
  {
    promise: "an id on other terms is a conflict",
    async play(core) {
      const scene = new Scene(core);
      for (const owner of [ASHA, BEN]) for (const currency of ["USD", "INR"] as const) await scene.fund(owner, 1_000, currency);
      await scene.run((ports) => core.ledger.debit(ports, scene.charge(ASHA, 100, { id: "one" })));
      for (const other of [
        scene.charge(BEN, 100, { id: "one" }),
        scene.charge(ASHA, 100, { id: "one", currency: "INR" }),
        scene.charge(ASHA, 101, { id: "one" }),
      ])
        promise((await scene.answer((ports) => core.ledger.debit(ports, other))) === "operation.conflict", "other terms are a conflict");
      const adjustment = { owner: ASHA, adjustmentId: "two", reason: "Test", actor: "operator" };
      await scene.run((ports) => core.ledger.freeze(ports, adjustment));
      promise((await scene.answer((ports) => core.ledger.unfreeze(ports, adjustment))) === "operation.conflict", "another kind too");
    },
  },
  {
    promise: "what is not captured returns, and a hold is closed once",
    async play(core) {
      const scene = new Scene(core);
      await scene.fund(ASHA, 1_000);
      const hold = scene.hold(ASHA, 300);
      const beside = scene.hold(ASHA, 300);
      const released = scene.hold(ASHA, 300);
      for (const one of [hold, beside, released]) await scene.run((ports) => core.ledger.authorize(ports, one));
      await scene.run((ports) => core.ledger.capture(ports, { ...hold, captureMinor: 100 }));
      promise(scene.availableMinor(ASHA) === 300, "the rest returned");
      await scene.run((ports) => core.ledger.release(ports, released));
      for (const [what, attempt] of [
        ["captured again", (ports: PaymentPorts) => core.ledger.capture(ports, { ...hold, captureMinor: 200 })],
        ["released after its capture", (ports: PaymentPorts) => core.ledger.release(ports, hold)],
        ["captured after its release", (ports: PaymentPorts) => core.ledger.capture(ports, { ...released, captureMinor: 100 })],
        ["captured beyond what is held", (ports: PaymentPorts) => core.ledger.capture(ports, { ...beside, captureMinor: 301 })],
        [
          "captured on other terms",
          (ports: PaymentPorts) => core.ledger.capture(ports, { ...beside, amountMinor: 250, captureMinor: 100 }),
        ],
      ] as const) {
        promise((await scene.answer(attempt)) === "operation.conflict", `a hold is never ${what}`);
        scene.checkBooks();
      }
    },
  },
  {
    promise: "a capture after expiry is charged as finished usage, once",
    async play(core) {
      const { scene, hold } = await expiredHold(core);
      const late = (ports: PaymentPorts) => core.ledger.capture(ports, { ...hold, captureMinor: 200 });
      await scene.run(late);
      promise(scene.availableMinor(ASHA) === 500 && scene.entries(ASHA, "usage") === 1, "it is charged");
      promise((await scene.run(late)).repeated, "asked again, it is the same one");
      const other = await scene.answer((ports) => core.ledger.capture(ports, { ...hold, captureMinor: 100 }));
      promise(other === "operation.conflict", "another amount is a conflict");
      scene.checkBooks();
    },
  },
  {
    promise: "of two late captures of one hold one is charged",
    async play(core) {
      for (const seed of WORLDS) {
        const { scene, hold } = await expiredHold(core, seed);
        const late = (captureMinor: number) => scene.answer((ports) => core.ledger.capture(ports, { ...hold, captureMinor }));
        const answers = await Promise.all([late(200), late(100)]);
        promise(answers.filter((answer) => answer === "ok").length === 1, `one of them: ${answers}`);
        promise(scene.entries(ASHA, "usage") === 1, "is charged");
        scene.checkBooks();
      }
    },
  },
  {
    promise: "a hold that is closed does not expire, and one without expiry never does",
    async play(core) {
      for (const seed of WORLDS) {
        const scene = new Scene(core, seed);
        await scene.fund(ASHA, 1_000);
        const hold = scene.hold(ASHA, 300);
        await scene.run((ports) => core.ledger.authorize(ports, { ...hold, expiresAtMs: scene.world.nowMs + 60_000 }));
        await scene.run((ports) => core.ledger.authorize(ports, scene.hold(ASHA, 300)));
        scene.passHours(1);
        await scene.run((ports) => core.ledger.capture(ports, { ...hold, captureMinor: 300 }));
        await scene.run((ports) => core.ledger.expireHolds(ports), stale);
        promise(scene.entries(ASHA, "release") === 0, "nothing is given back");
        scene.checkBooks();
      }
    },
  },
  {
    promise: "the verifier raises no false alarm while writes go on",
    async play(core) {
      const scene = new Scene(core);
      await scene.fund(ASHA, 1_000);
      const open = scene.hold(ASHA, 100);
      await scene.run((ports) => core.ledger.authorize(ports, open));
      await verifyWhile(scene, (ports) => core.ledger.debit(ports, scene.charge(ASHA, 100)));
      await verifyWhile(scene, (ports) => core.ledger.authorize(ports, scene.hold(ASHA, 100)));
      await verifyWhile(scene, (ports) => core.ledger.release(ports, open));
    },
  },
  {
    promise: "the verifier raises no false alarm over stale reads",
    async play(core) {
      for (const seed of WORLDS) {
        const scene = new Scene(core, seed);
        await scene.fund(ASHA, 1_000);
        await scene.run((ports) => core.ledger.authorize(ports, scene.hold(ASHA, 100)));
        const { violations } = await scene.run((ports) => core.ledger.verifyWallet(ports, ASHA), stale);
        promise(violations.length === 0, "nothing is wrong");
      }
    },
  },
  {
    promise: "the verifier finds an entry that was changed, also by someone who can compute hashes",
    async play(core) {
      const scene = new Scene(core);
      await scene.fund(ASHA, 1_000);
      const { memory } = scene.world;
      const [entry] = walletsOf(memory).find(({ owner }) => owner === ASHA)!.entries;
      const pk = `WALLET#${ASHA}`;
      memory.transact([{ update: { pk, sk: entry!.sk }, set: { description: "Forged" } }]);
      await expectAlarm(scene, "a changed field is found");

      const balances = { USD: { availableMinor: 9_000, heldMinor: 0 } };
      const hash = expectedHash({ ...entry!, balances });
      memory.transact([
        { update: { pk, sk: entry!.sk }, set: { description: entry!.description, balances, hash } },
        { update: { pk, sk: "WALLET" }, set: { balances, head: hash } },
      ]);
      await expectAlarm(scene, "money that no entry moved is found");
    },
  },
];
