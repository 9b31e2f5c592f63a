import type { PaymentPorts } from "@aira/core/payments";
import type { CoreUnderTest } from "./core-under-test.ts";
import { noFaults } from "./faults.ts";
import { promise } from "./invariants.ts";
import type { Scenario } from "./scenario.ts";
import { ASHA, Scene } from "./scene.ts";

/** A credited top-up that a sweep has seen, so that only what comes later is news. */
async function swept(core: CoreUnderTest): Promise<{ scene: Scene; sessionId: string }> {
  const scene = new Scene(core);
  const { sessionId } = await scene.credited(ASHA, 1_000);
  await scene.sweep();
  scene.passHours(48);
  await scene.sweep();
  return { scene, sessionId };
}

/** Sweeps, hours apart, until nothing that was put off can still wait. */
async function sweepOn(scene: Scene): Promise<void> {
  for (let run = 0; run < 3; run++) {
    scene.passHours(7);
    promise((await scene.sweep()) === "ok", "the sweep comes to its end");
  }
}

const withoutRefunds = (scene: Scene) => (ports: PaymentPorts) => ({
  ...ports,
  provider: {
    ...ports.provider,
    listRefunds: () => Promise.reject(new scene.core.lib.AiraError("payment_provider.unavailable", "not now")),
  },
});

export const sweepScenarios: readonly Scenario[] = [
  {
    promise: "two paid sessions of one top-up that are put off together are both settled later",
    async play(core) {
      const scene = new Scene(core);
      const { sessionId } = await scene.topUp(ASHA, 500);
      await scene.sweep();
      scene.passHours(1);
      scene.world.stripe.pay(sessionId, "card");
      const second = scene.world.stripe.tamper.paySecondSession(sessionId);
      const getSession = () => Promise.reject(new core.lib.AiraError("payment_provider.unavailable", "not now"));
      // Longer than a walk looks back, so that only what was put off remembers them.
      for (let run = 0; run < 8; run++) {
        await scene.sweep((ports) => ({ ...ports, provider: { ...ports.provider, getSession } }));
        scene.passHours(5);
      }
      await sweepOn(scene);
      scene.expectAvailable(ASHA, 500);
      promise(scene.isQuarantined(second.id), "the second one waits for an operator");
    },
  },
  {
    promise: "a settlement that fails in a sweep is tried until it is done",
    async play(core) {
      const { scene, sessionId } = await swept(core);
      scene.world.stripe.refund({ session: sessionId }, { status: "succeeded" });
      for (let run = 0; run < 3; run++) {
        scene.passHours(7);
        await scene.sweep(withoutRefunds(scene));
      }
      await sweepOn(scene);
      scene.expectAvailable(ASHA, 0);
    },
  },
  {
    promise: "a sweep does not go past a failure that it could not put off",
    async play(core) {
      const { scene, sessionId } = await swept(core);
      scene.world.stripe.refund({ session: sessionId }, { status: "succeeded" });
      scene.passHours(7);
      const answer = await scene.sweep((ports) => {
        const { write } = ports.table;
        const forgetful: typeof write = async (one) =>
          "put" in one && one.put.sk === "DEFERRAL" ? { outcome: "unknown", cause: new Error("timeout") } : write(one);
        return { ...withoutRefunds(scene)(ports), table: { ...ports.table, write: forgetful } };
      });
      promise(answer === "service.busy", "the run ends");
      await sweepOn(scene);
      scene.expectAvailable(ASHA, 0);
    },
  },
  {
    promise: "a sweep that dies at its work does it again",
    async play(core) {
      const { scene, sessionId } = await swept(core);
      const { id } = scene.world.stripe.refund({ session: sessionId }, { status: "pending" });
      await sweepOn(scene);
      // From now on only a balance transaction shows it.
      scene.world.stripe.failRefund(id);
      scene.passHours(7);
      let dying = false;
      const answer = await scene.sweep(
        (ports) => ({
          ...ports,
          provider: {
            ...ports.provider,
            getPaymentMetadata: (intentId) => {
              dying = true;
              return ports.provider.getPaymentMetadata(intentId);
            },
          },
        }),
        (call) => (dying ? "crash" : noFaults(call)),
      );
      promise(answer === "crash", "the container dies");
      await sweepOn(scene);
      scene.expectAvailable(ASHA, 1_000);
    },
  },
  {
    promise: "a sweep finds what Stripe dates a little before the last walk's end",
    async play(core) {
      const { scene, sessionId } = await swept(core);
      scene.world.nowMs -= 30_000;
      scene.world.stripe.refund({ session: sessionId }, { status: "succeeded" });
      await sweepOn(scene);
      scene.expectAvailable(ASHA, 0);
    },
  },
  {
    promise: "a sweep finds a refund that fails days later",
    async play(core) {
      const { scene, sessionId } = await swept(core);
      const { id } = scene.world.stripe.refund({ session: sessionId }, { status: "pending" });
      await sweepOn(scene);
      scene.expectAvailable(ASHA, 0);
      scene.world.stripe.failRefund(id);
      await sweepOn(scene);
      scene.expectAvailable(ASHA, 1_000);
    },
  },
  {
    promise: "a sweep finds a dispute that is won days later",
    async play(core) {
      const { scene, sessionId } = await swept(core);
      const { id } = scene.world.stripe.openDispute({ session: sessionId });
      await sweepOn(scene);
      scene.expectAvailable(ASHA, 0);
      scene.world.stripe.winDispute(id);
      await sweepOn(scene);
      scene.expectAvailable(ASHA, 1_000);
    },
  },
];
