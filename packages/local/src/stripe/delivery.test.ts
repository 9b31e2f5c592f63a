import type Stripe from "stripe";
import { afterEach, describe, expect, test } from "vitest";
import { type StripeSandbox, type StripeSandboxOptions, signatureHeader, startStripeSandbox } from "./index.ts";
import { type Answer, sdkAt, sessionParameters, startWebhook } from "./testing/webhook.ts";

const SECRET = "whsec_test";
const started: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of started.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

async function start(answer?: Answer, options: Partial<StripeSandboxOptions> = {}) {
  const webhook = await startWebhook(answer);
  started.push(webhook);
  const sandbox = await startStripeSandbox({
    port: 0,
    webhookUrl: webhook.url,
    webhookSecret: SECRET,
    retryDelaysMs: [5, 5, 5],
    ...options,
  });
  started.push({ [Symbol.asyncDispose]: () => sandbox.stop() });
  const stripe = sdkAt(sandbox.url, sandbox.secretKey);
  return { webhook, sandbox, stripe };
}

const pay = async (sandbox: StripeSandbox, stripe: Stripe) => {
  const { id } = await stripe.checkout.sessions.create(sessionParameters());
  return sandbox.state.pay(id, "card");
};
const JOURNEY = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"];
const record = (sandbox: StripeSandbox, type: string) => {
  const event = [...sandbox.state.store.events.values()].find((candidate) => candidate.type === type)!;
  return sandbox.delivery.records().find(({ eventId }) => eventId === event.id)!;
};

test("the SDK accepts what is delivered, in order, with the object as it was", async () => {
  const { webhook, sandbox, stripe } = await start();
  const session = await pay(sandbox, stripe);
  await sandbox.delivery.idle();
  expect(webhook.types()).toEqual(JOURNEY);
  for (const { body, signature } of webhook.received) {
    expect(stripe.webhooks.constructEvent(body, signature, SECRET)).toMatchObject({ object: "event", livemode: false });
    expect(() => stripe.webhooks.constructEvent(body, signature, "whsec_other")).toThrow();
  }
  expect(webhook.received.at(-1)!.event.data.object).toEqual(session);
});

test("an event that an API call caused names the call and its idempotency key", async () => {
  const { webhook, sandbox, stripe } = await start();
  const customer = await stripe.customers.create({ name: "Asha" }, { idempotencyKey: "key-1" });
  await sandbox.delivery.idle();
  expect(webhook.received[0]!.event.request).toEqual({ id: customer.lastResponse.requestId, idempotency_key: "key-1" });
});

test("only the events that the endpoint has subscribed to are delivered", async () => {
  const { webhook, sandbox, stripe } = await start(undefined, { enabledEvents: ["checkout.session.completed"] });
  await pay(sandbox, stripe);
  await sandbox.delivery.idle();
  expect(webhook.types()).toEqual(["checkout.session.completed"]);
});

describe("what is not answered 2xx comes again", () => {
  test.each([302, 400, 500, 503])("a %i", async (status) => {
    const { webhook, sandbox, stripe } = await start((_, count) => (count <= 2 ? status : 200));
    await stripe.customers.create({ name: "Asha" });
    await sandbox.delivery.idle();
    expect(webhook.received).toHaveLength(3);
    expect(record(sandbox, "customer.created")).toMatchObject({
      status: "delivered",
      attempts: [{ status, failure: `answered ${status}` }, { status }, { status: 200 }],
    });
  });

  test("until the tries are used up; then by hand", async () => {
    let up = false;
    const { webhook, sandbox, stripe } = await start(() => (up ? 200 : 500));
    await stripe.customers.create({ name: "Asha" });
    await sandbox.delivery.idle();
    expect(webhook.received).toHaveLength(4);
    const { eventId, status } = record(sandbox, "customer.created");
    expect(status).toBe("failed");
    up = true;
    expect(await sandbox.delivery.deliver(eventId)).toMatchObject([{ status: 200, byHand: true }]);
    expect(record(sandbox, "customer.created").status).toBe("delivered");
  });

  test("a failing event does not keep the others waiting", async () => {
    const { webhook, sandbox, stripe } = await start(({ event }, count) => (event.type === "charge.succeeded" && count < 5 ? 500 : 200));
    await pay(sandbox, stripe);
    await sandbox.delivery.idle();
    expect(new Set(webhook.types())).toEqual(new Set(JOURNEY));
    expect(record(sandbox, "charge.succeeded").status).toBe("delivered");
    expect(sandbox.delivery.records().every(({ status }) => status === "delivered")).toBe(true);
  });
});

describe("switches", () => {
  test("duplicate sends copies of one event, all at once if so switched", async () => {
    // Nothing is answered until all have come: one after another would never get there.
    const all = Promise.withResolvers<number>();
    const { webhook, sandbox, stripe } = await start((_, count) => {
      if (count === 20) all.resolve(200);
      return all.promise;
    });
    sandbox.switches.set({ duplicate: 19, concurrent: true });
    await stripe.customers.create({ name: "Asha" });
    await sandbox.delivery.idle();
    expect(webhook.received).toHaveLength(20);
    expect(new Set(webhook.received.map(({ event }) => event.id)).size).toBe(1);
    expect(record(sandbox, "customer.created").status).toBe("delivered");
  });

  test("drop never delivers, and the event can still be listed", async () => {
    const { webhook, sandbox, stripe } = await start();
    sandbox.switches.set({ drop: ["checkout.session.completed"] });
    await pay(sandbox, stripe);
    await sandbox.delivery.idle();
    expect(webhook.types()).toEqual(JOURNEY.slice(0, 3));
    expect(record(sandbox, "checkout.session.completed").status).toBe("dropped");
    expect((await stripe.events.list({ type: "checkout.session.completed" })).data).toHaveLength(1);
  });

  test("hold keeps events until they are released", async () => {
    const { webhook, sandbox, stripe } = await start();
    sandbox.switches.set({ hold: true });
    await pay(sandbox, stripe);
    await sandbox.delivery.idle();
    expect(webhook.received).toEqual([]);
    expect(sandbox.delivery.release()).toBe(4);
    await sandbox.delivery.idle();
    expect(webhook.types()).toEqual(JOURNEY);
  });

  test("reorder draws another order from its seed", async () => {
    const order = async (seed: number) => {
      const { webhook, sandbox, stripe } = await start();
      sandbox.switches.set({ reorder: true, seed });
      await pay(sandbox, stripe);
      await sandbox.delivery.idle();
      return webhook.types();
    };
    const first = await order(3);
    expect(first).not.toEqual(JOURNEY);
    expect(first.toSorted()).toEqual(JOURNEY.toSorted());
    expect(await order(3)).toEqual(first);
  });

  test("delay lets an event wait", async () => {
    const { webhook, sandbox, stripe } = await start();
    sandbox.switches.set({ delayMs: 60 });
    const begin = performance.now();
    await stripe.customers.create({ name: "Asha" });
    expect(webhook.received).toEqual([]);
    await sandbox.delivery.idle();
    expect(performance.now() - begin).toBeGreaterThan(55);
    expect(webhook.received).toHaveLength(1);
  });

  test("while a secret is rotated both sign, and either verifies", async () => {
    const { webhook, sandbox, stripe } = await start();
    sandbox.switches.set({ alsoSignWith: "whsec_old" });
    await stripe.customers.create({ name: "Asha" });
    await sandbox.delivery.idle();
    const { body, signature } = webhook.received[0]!;
    for (const secret of [SECRET, "whsec_old"])
      expect(stripe.webhooks.constructEvent(body, signature, secret)).toMatchObject({ object: "event" });
  });

  test("a wrong setting is refused with its name", () => {
    return start().then(({ sandbox }) => expect(() => sandbox.switches.set({ duplicate: -1 })).toThrow(/^duplicate: /));
  });
});

test("by hand, a signature can be forged or aged", async () => {
  const { webhook, sandbox, stripe } = await start();
  await stripe.customers.create({ name: "Asha" });
  await sandbox.delivery.idle();
  const { eventId } = record(sandbox, "customer.created");
  const oldSeconds = Math.floor(Date.now() / 1000) - 301;
  await sandbox.delivery.deliver(eventId, { secret: "whsec_forged" });
  await sandbox.delivery.deliver(eventId, { timestampSeconds: oldSeconds });
  const [, forged, stale] = webhook.received;
  expect(() => stripe.webhooks.constructEvent(forged!.body, forged!.signature, SECRET)).toThrow("No signatures found");
  expect(() => stripe.webhooks.constructEvent(stale!.body, stale!.signature, SECRET)).toThrow("Timestamp outside the tolerance zone");
  expect(stale!.signature).toBe(signatureHeader(stale!.body, [SECRET], oldSeconds));
});

test("a stop ends a delivery that hangs and one that waits for its retry", async () => {
  const { sandbox, stripe, webhook } = await start(() => undefined);
  await stripe.customers.create({ name: "Asha" });
  await expect.poll(() => webhook.received.length).toBe(1);
  await sandbox.stop();
  started.pop();
  expect(record(sandbox, "customer.created")).toMatchObject({ status: "pending", attempts: [] });
});
