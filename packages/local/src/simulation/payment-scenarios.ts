import type { PaymentPorts } from "@aira/core/payments";
import type { Session } from "../stripe/objects.ts";
import type { Forgery } from "../stripe/tamper.ts";
import type { CoreUnderTest } from "./core-under-test.ts";
import { promise, topUpsOf } from "./invariants.ts";
import type { Scenario } from "./scenario.ts";
import { ASHA, always, BEN, inOrder, Scene } from "./scene.ts";
import { STAGE } from "./world.ts";

/** Stripe changes a session in a way that its sandbox does not offer. */
function alter(scene: Scene, sessionId: string, change: Partial<Session>): Session {
  const { sessions } = scene.world.stripe.store;
  const session = { ...sessions.get(sessionId)!, ...change };
  sessions.set(sessionId, session);
  return session;
}

const completed = (scene: Scene) => scene.news().filter(({ type }) => type === "checkout.session.completed");

/** A paid session that says this of itself. */
function payElsewhere(scene: Scene, metadata: Record<string, string>): string {
  const { stripe } = scene.world;
  const { id } = stripe.createSession({
    mode: "payment",
    client_reference_id: metadata.top_up_id ?? "none",
    metadata,
    payment_intent_data: { metadata },
    line_items: [{ quantity: 1, price_data: { currency: "usd", unit_amount: 500, product_data: { name: "Top-up" } } }],
    success_url: "https://aira.example/",
  });
  stripe.pay(id, "card");
  return id;
}

async function expectForeign(core: CoreUnderTest, otherwise: Record<string, string>): Promise<void> {
  const scene = new Scene(core);
  const { topUpId } = await scene.topUp(ASHA, 500);
  scene.news();
  const id = payElsewhere(scene, { app: "aira", stage: STAGE, top_up_id: topUpId, owner: ASHA, ...otherwise });
  const [consumed] = await scene.consume(completed(scene));
  promise(consumed?.outcome === "foreign", "it is foreign");
  promise(!scene.isQuarantined(id) && scene.availableMinor(ASHA) === 0, "and leaves no trace");
}

async function expectQuarantined(core: CoreUnderTest, forgery: Forgery): Promise<void> {
  const scene = new Scene(core);
  const { sessionId } = await scene.topUp(ASHA, 500);
  scene.world.stripe.tamper.payAltered(sessionId, forgery);
  await scene.consumeNews();
  promise(scene.isQuarantined(sessionId), "it waits for an operator");
  for (const owner of [ASHA, BEN])
    for (const currency of ["USD", "INR"] as const) promise(scene.availableMinor(owner, currency) === 0, "and credits nobody");
  scene.checkBooks();
}

export const paymentScenarios: readonly Scenario[] = [
  {
    promise: "a key that stands for other terms is refused",
    async play(core) {
      const scene = new Scene(core);
      const terms = { owner: ASHA, idempotencyKey: "key", currency: "USD", amountMinor: 500 } as const;
      await scene.run((ports) => core.payments.createCheckoutSession(ports, terms));
      const again = await scene.answer((ports) => core.payments.createCheckoutSession(ports, { ...terms, amountMinor: 900 }));
      promise(again === "idempotency.key_reused", "other terms under the same key are refused");
    },
  },
  {
    promise: "a session is refused and closed when the top-up was credited by another one meanwhile",
    async play(core) {
      const scene = new Scene(core);
      const { stripe, memory } = scene.world;
      const ask = { owner: ASHA, idempotencyKey: "key", currency: "USD", amountMinor: 500 } as const;
      const sessions: string[] = [];
      const answer = await scene.answer((ports) => {
        const createSession: typeof ports.provider.createSession = async (...terms) => {
          const own = await ports.provider.createSession(...terms);
          sessions.push(own.id, stripe.tamper.paySecondSession(own.id).id);
          await scene.consumeNews();
          return own;
        };
        return core.payments.createCheckoutSession({ ...ports, provider: { ...ports.provider, createSession } }, ask);
      });
      const [own = "", other] = sessions;
      promise(answer === "top_up.expired", "the page that is not bound is not handed out");
      promise(stripe.store.sessions.get(own)?.status === "expired", "it is closed");
      promise(topUpsOf(memory)[0]?.sessionId === other, "the top-up stays with the one that credited it");
      scene.expectAvailable(ASHA, 500);
    },
  },
  {
    promise: "a session that is bound while another one is settled stays bound",
    async play(core) {
      const scene = new Scene(core);
      const ask = { owner: ASHA, idempotencyKey: "key", currency: "USD", amountMinor: 500 } as const;
      const attempt = (ports: PaymentPorts) => core.payments.createCheckoutSession(ports, ask);
      await scene.answer(attempt, inOrder({ "provider.write": [undefined, "crash_after"] }));
      const { stripe } = scene.world;
      const [own] = [...stripe.store.sessions.values()];
      const other = stripe.tamper.paySecondSession(own!.id);
      const [topUp] = topUpsOf(scene.world.memory);
      const slow = await scene.settleSlowly({ topUpId: topUp!.topUpId, sessionId: other.id });
      await scene.run(attempt);
      await slow.goOn();
      promise(topUpsOf(scene.world.memory)[0]?.sessionId === own!.id, "the page that the customer has is the top-up's");
      promise(scene.isQuarantined(other.id), "the other one waits for an operator");
      scene.expectAvailable(ASHA, 0);
    },
  },
  {
    promise: "money of another amount is quarantined, not credited",
    play: async (core) => {
      await expectQuarantined(core, { amountMinor: 501 });
      await expectQuarantined(core, { amountMinor: 499 });
    },
  },
  { promise: "money of another currency is quarantined, not credited", play: (core) => expectQuarantined(core, { currency: "inr" }) },
  { promise: "money of another owner is quarantined, not credited", play: (core) => expectQuarantined(core, { metadata: { owner: BEN } }) },
  {
    promise: "money with another reference is quarantined, not credited",
    play: (core) => expectQuarantined(core, { clientReferenceId: "someone-else" }),
  },
  {
    promise: "a second paid session is quarantined, before and after the first is credited",
    async play(core) {
      for (const order of ["before", "after"]) {
        const scene = new Scene(core);
        const { sessionId } = await scene.topUp(ASHA, 500);
        const { stripe } = scene.world;
        if (order === "after") stripe.pay(sessionId, "card");
        await scene.consumeNews();
        const second = stripe.tamper.paySecondSession(sessionId);
        await scene.consumeNews();
        promise(scene.isQuarantined(second.id), `the second one waits for an operator (${order})`);
        scene.expectAvailable(ASHA, order === "after" ? 500 : 0);
        if (order === "before") stripe.pay(sessionId, "card");
        await scene.consumeNews();
        scene.expectAvailable(ASHA, 500);
        scene.checkBooks();
      }
    },
  },
  {
    promise: "a session that needs no payment counts as paid",
    async play(core) {
      const scene = new Scene(core);
      const { sessionId } = await scene.topUp(ASHA, 500);
      scene.world.stripe.pay(sessionId, "card");
      const session = alter(scene, sessionId, { payment_status: "no_payment_required" });
      await scene.consume(completed(scene).map((event) => ({ ...event, data: { object: session } })));
      scene.expectAvailable(ASHA, 500);
    },
  },
  {
    promise: "a session that is paid after it had expired is credited",
    async play(core) {
      const scene = new Scene(core);
      const { sessionId } = await scene.topUp(ASHA, 500);
      scene.world.stripe.expire(sessionId);
      const [expired] = scene.news().filter(({ type }) => type === "checkout.session.expired");
      await scene.consume([expired]);
      promise(topUpsOf(scene.world.memory)[0]?.state === "expired", "the top-up has expired");
      const session = alter(scene, sessionId, { status: "complete", payment_status: "paid" });
      await scene.consume([{ ...expired, type: "checkout.session.completed", data: { object: session } }]);
      scene.expectAvailable(ASHA, 500);
    },
  },
  {
    promise: "a settlement that grew old on its way changes nothing",
    async play(core) {
      const scene = new Scene(core);
      const topUp = await scene.credited(ASHA, 1_000);
      const refund = scene.world.stripe.refund({ session: topUp.sessionId }, { status: "pending" });
      const slow = await scene.settleSlowly(topUp);
      scene.world.stripe.failRefund(refund.id);
      await scene.settle(topUp);
      await slow.goOn();
      scene.expectAvailable(ASHA, 1_000);
      scene.checkBooks();
    },
  },
  {
    promise: "what an event says of a credited top-up is settled by the top-up's version, not by its last amount",
    async play(core) {
      const scene = new Scene(core);
      const topUp = await scene.credited(ASHA, 1_000);
      const { stripe } = scene.world;
      const half = () => stripe.refund({ session: topUp.sessionId }, { status: "succeeded", amountMinor: 500 });
      half();
      await scene.settle(topUp);
      const older = await scene.settleSlowly(topUp);
      half();
      const newer = await scene.settleSlowly(topUp);
      await older.goOn();
      await newer.goOn();
      scene.expectAvailable(ASHA, 0);
      scene.checkBooks();
    },
  },
  {
    promise: "money that a settlement brought counts as the credit, and comes back as a reinstatement",
    async play(core) {
      const scene = new Scene(core);
      const topUp = await scene.topUp(ASHA, 1_000);
      scene.world.stripe.pay(topUp.sessionId, "card");
      await scene.settle(topUp);
      const { id } = scene.world.stripe.refund({ session: topUp.sessionId }, { status: "pending" });
      await scene.settle(topUp);
      scene.world.stripe.failRefund(id);
      await scene.settle(topUp);
      promise(scene.entries(ASHA, "credit") === 1 && scene.entries(ASHA, "reinstatement") === 1, "one credit, one reinstatement");
      scene.checkBooks();
    },
  },
  {
    promise: "refunds count until they fail or are canceled",
    async play(core) {
      const scene = new Scene(core);
      const topUp = await scene.credited(ASHA, 1_000);
      const { stripe } = scene.world;
      const waiting = stripe.refund({ session: topUp.sessionId }, { status: "requires_action", amountMinor: 300 });
      const pending = stripe.refund({ session: topUp.sessionId }, { status: "pending", amountMinor: 200 });
      await scene.consumeNews();
      scene.expectAvailable(ASHA, 500);
      stripe.cancelRefund(waiting.id);
      await scene.consumeNews();
      scene.expectAvailable(ASHA, 800);
      stripe.failRefund(pending.id);
      await scene.consumeNews();
      scene.expectAvailable(ASHA, 1_000);
    },
  },
  {
    promise: "a dispute withholds money while it is open and when it is lost, beside refunds and up to the amount",
    async play(core) {
      const scene = new Scene(core);
      const { sessionId } = await scene.credited(ASHA, 1_000);
      const { stripe } = scene.world;
      stripe.refund({ session: sessionId }, { status: "succeeded", amountMinor: 300 });
      const won = stripe.openDispute({ session: sessionId }, { amountMinor: 400 });
      await scene.consumeNews();
      scene.expectAvailable(ASHA, 300);
      stripe.winDispute(won.id);
      await scene.consumeNews();
      scene.expectAvailable(ASHA, 700);

      const other = await scene.credited(ASHA, 1_000);
      const lost = stripe.openDispute({ session: other.sessionId }, { amountMinor: 600 });
      stripe.loseDispute(lost.id);
      await scene.consumeNews();
      scene.expectAvailable(ASHA, 1_100);
      scene.checkBooks();
    },
  },
  {
    promise: "a refund in another currency is quarantined, not counted",
    async play(core) {
      const scene = new Scene(core);
      const { sessionId } = await scene.credited(ASHA, 1_000);
      const refund = scene.world.stripe.refund({ session: sessionId }, { status: "succeeded", amountMinor: 300 });
      scene.world.stripe.store.refunds.set(refund.id, { ...refund, currency: "inr" });
      await scene.consumeNews();
      promise(scene.isQuarantined(sessionId), "it waits for an operator");
      scene.expectAvailable(ASHA, 1_000);
    },
  },
  {
    promise: "a finding that could not be kept fails its message",
    async play(core) {
      const scene = new Scene(core);
      const { sessionId } = await scene.topUp(ASHA, 500);
      scene.news();
      scene.world.stripe.tamper.payAltered(sessionId, { amountMinor: 600 });
      const events = completed(scene);
      const [first] = await scene.consume(events, inOrder({ "table.write": [undefined, "timeout_before"] }));
      promise(first?.outcome === "failed", "the message goes back to the queue");
      await scene.consume(events);
      promise(scene.isQuarantined(sessionId), "and is kept the next time");
    },
  },
  {
    promise: "a finding stays on the list until its cause is gone",
    async play(core) {
      const scene = new Scene(core);
      const { sessionId } = await scene.topUp(ASHA, 500);
      scene.world.stripe.tamper.payAltered(sessionId, { amountMinor: 600 });
      await scene.consumeNews();
      const list = () => scene.run((ports) => Array.fromAsync(core.payments.listQuarantined(ports)));
      const [finding] = await list();
      const replay = () => scene.run((ports) => core.payments.replayQuarantined(ports, finding!.quarantineId));
      await replay();
      promise((await list()).length === 1, "it still waits");
      scene.world.stripe.refund({ session: sessionId }, { status: "succeeded" });
      await replay();
      promise((await list()).length === 0, "the money has gone back");
    },
  },
  { promise: "another stage's session is foreign", play: (core) => expectForeign(core, { stage: "elsewhere" }) },
  { promise: "another app's session is foreign", play: (core) => expectForeign(core, { app: "another" }) },
  {
    promise: "another mode's event is foreign",
    async play(core) {
      const scene = new Scene(core);
      const { sessionId } = await scene.topUp(ASHA, 500);
      scene.world.stripe.pay(sessionId, "card");
      const [consumed] = await scene.consume(completed(scene).map((event) => ({ ...event, livemode: true })));
      promise(consumed?.outcome === "foreign", "it is foreign");
      scene.expectAvailable(ASHA, 0);
    },
  },
  {
    promise: "a paid session of an unknown top-up can't be settled",
    async play(core) {
      const scene = new Scene(core);
      const id = payElsewhere(scene, { app: "aira", stage: STAGE, top_up_id: "top_unknown", owner: ASHA });
      const [consumed] = await scene.consume(completed(scene));
      promise(consumed?.outcome === "failed", "its event fails");
      promise((await scene.answer((ports) => core.payments.settle(ports, "top_unknown", [id]))) !== "ok", "so does its settlement");
    },
  },
  {
    promise: "a message that can't be read fails alone",
    async play(core) {
      const scene = new Scene(core);
      const { sessionId } = await scene.topUp(ASHA, 500);
      scene.world.stripe.pay(sessionId, "card");
      const consumed = await scene.consume(["poison", ...completed(scene), "{}"]);
      const outcomes = new Map(consumed.map(({ id, outcome }) => [id, outcome]));
      promise(outcomes.get("message-0") === "failed" && outcomes.get("message-2") === "failed", "what can't be read fails");
      promise(outcomes.get("message-1") === "credited", "what stands beside it is credited");
    },
  },
  {
    promise: "a credit without an answer goes back to the queue",
    async play(core) {
      const scene = new Scene(core);
      const { sessionId } = await scene.topUp(ASHA, 500);
      scene.world.stripe.pay(sessionId, "card");
      const events = completed(scene);
      const [consumed] = await scene.consume(
        events,
        inOrder({ "table.write": ["timeout_before"], "table.read": [undefined, ...Array<"throttled">(9).fill("throttled")] }),
      );
      promise(consumed?.outcome === "failed", "it goes back");
      await scene.consume(events);
      scene.expectAvailable(ASHA, 500);
    },
  },
  {
    promise: "a settlement that Stripe did not answer goes back to the queue",
    async play(core) {
      const scene = new Scene(core);
      const { sessionId } = await scene.credited(ASHA, 1_000);
      scene.world.stripe.refund({ session: sessionId }, { status: "succeeded" });
      const consumed = await scene.consumeNews(always("provider.read", "unavailable"));
      promise(
        consumed.filter(({ outcome }) => outcome === "failed").length >= 1 && consumed.every(({ outcome }) => outcome !== "settled"),
        "it goes back",
      );
    },
  },
  {
    promise: "60 credits of one wallet in one batch are credited, each once",
    async play(core) {
      const scene = new Scene(core);
      for (let n = 0; n < 60; n++) scene.world.stripe.pay((await scene.topUp(ASHA, 500)).sessionId, "card");
      const consumed = await scene.consume(completed(scene));
      promise(consumed.length === 60 && consumed.every(({ outcome }) => outcome === "credited"), "all are credited at once");
      scene.expectAvailable(ASHA, 30_000);
      scene.checkBooks();
    },
  },
  {
    promise: "one event that comes 20 times in one batch, beside fresh ones, credits once",
    async play(core) {
      const scene = new Scene(core);
      for (let n = 0; n < 3; n++) scene.world.stripe.pay((await scene.topUp(ASHA, 500)).sessionId, "card");
      const [first, ...others] = completed(scene);
      await scene.consume([others[0]]);
      const consumed = await scene.consume([...Array(20).fill(first), ...others]);
      const count = (wanted: string) => consumed.filter(({ outcome }) => outcome === wanted).length;
      promise(count("credited") === 2 && count("already") === 20, "two are news, the rest is not");
      scene.expectAvailable(ASHA, 1_500);
      scene.checkBooks();
    },
  },
];
