import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createStripeState, SANDBOX_SECRET_KEY, sandboxFetch } from "@aira/local/stripe/index";
import { build } from "esbuild";
import Stripe from "stripe";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aliases, syntax } from "../../../../stacks/bundling.ts";
import LeanStripe from "./lean-stripe.ts";
import type { PaymentProvider } from "./provider.ts";
import { createStripeProvider } from "./stripe.ts";

const NOW_MS = Date.parse("2026-01-31T10:00:00.000Z");
const METADATA = { app: "aira", stage: "test", top_up_id: "top_1", owner: "asha" };

let folder: string;
/** The adapter as a bundle holds it: over the lean SDK. */
let createLean: typeof createStripeProvider;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aira-lean-stripe-"));
  const outfile = join(folder, "provider.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "stripe.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    supported: syntax,
    alias: Object.fromEntries(
      Object.entries(aliases).map(([module, stub]) => [module, join(import.meta.dirname, "../../../functions/src", stub)]),
    ),
  });
  createLean = (await import(pathToFileURL(outfile).href)).createStripeProvider;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a request says. Where we send no key of ours, the SDK makes one up. */
const described = async (request: Request): Promise<object> => ({
  method: request.method,
  url: request.url,
  headers: Object.fromEntries([...request.headers].map(([name, value]) => [name, value.replace(/^(stripe-node-retry-).*/, "$1")])),
  body: await request.text(),
});

/** An outcome that two realms can be compared by. */
async function outcome(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    const { name, code, message, cause } = error as Error & { code?: string };
    const { type, statusCode, requestId, code: reason, message: told } = (cause ?? {}) as Record<string, unknown>;
    return { name, code, message, cause: { type, statusCode, requestId, reason, told } };
  }
}

/** Everything that the adapter can ask, in one life of a payment. */
async function life(provider: PaymentProvider, pay: (sessionId: string) => void): Promise<unknown[]> {
  const outcomes: unknown[] = [];
  const tell = async (call: () => Promise<unknown>) => void outcomes.push(await outcome(call));
  const customerId = await provider.createCustomer({ owner: "asha", metadata: METADATA }, "customer-1");
  const terms = {
    topUpId: "top_1",
    currency: "INR" as const,
    amountMinor: 50_000,
    customerId,
    successUrl: "https://aira.example/paid?a=1&b=ü",
    cancelUrl: "https://aira.example/cancelled",
    receiptEmail: "asha@example.com",
    expiresAtMs: NOW_MS + 7_200_000,
    metadata: METADATA,
  };
  const paid = await provider.createSession(terms, "session-1");
  const open = await provider.createSession({ ...terms, topUpId: "top_2" }, "session-2");
  outcomes.push(customerId, paid, open);
  pay(paid.id);
  await tell(() => provider.createSession({ ...terms, amountMinor: 60_000 }, "session-1"));
  await tell(() => provider.createSession({ ...terms, customerId: "cus_nobody" }, "session-3"));
  await tell(() => provider.getSession(paid.id));
  await tell(() => provider.getSession("cs_nothing/../x"));
  await tell(() => provider.expireSession(open.id));
  await tell(() => provider.expireSession(paid.id));
  const intentId = (await provider.getSession(paid.id)).paymentIntentId ?? "";
  await tell(() => provider.findSession(intentId));
  await tell(() => provider.listRefunds(intentId));
  await tell(() => provider.listDisputes(intentId));
  await tell(() => provider.getPaymentMetadata(intentId));
  const span = { from: NOW_MS / 1_000 - 60, to: NOW_MS / 1_000 + 60 };
  for (const kind of ["sessions", "refunds", "disputes", "balance_transactions"] as const) {
    await tell(() => provider.walk(kind, span, undefined));
    await tell(() => provider.walk(kind, span, "xx_1"));
  }
  return outcomes;
}

test("the bundles' Stripe asks the same and understands the same as the whole SDK", async () => {
  const lived = async (create: typeof createStripeProvider) => {
    const stripe = createStripeState({ clock: () => NOW_MS, seed: 1 });
    const sandbox = sandboxFetch(stripe);
    const requests: object[] = [];
    const provider = create({
      secretKey: SANDBOX_SECRET_KEY,
      fetch: async (input, init) => {
        const request = new Request(input, init);
        requests.push(await described(request.clone()));
        return sandbox(request);
      },
    });
    return { outcomes: await life(provider, (id) => stripe.pay(id, "card")), requests };
  };
  const [whole, lean] = [await lived(createStripeProvider), await lived(createLean)];
  expect(whole.requests.length).toBeGreaterThan(20);
  expect(lean).toEqual(whole);
});

const problem = (type: string) => JSON.stringify({ error: { type, code: "a_code", message: "No." } });
test.each<[string, number, string]>([
  ["invalid", 400, problem("invalid_request_error")],
  ["unauthenticated", 401, problem("invalid_request_error")],
  ["declined", 402, problem("card_error")],
  ["forbidden", 403, problem("invalid_request_error")],
  ["missing", 404, problem("invalid_request_error")],
  ["in use", 409, problem("idempotency_error")],
  ["too many", 429, problem("rate_limit_error")],
  ["broken", 500, problem("api_error")],
  ["no JSON", 200, "<html>"],
  ["no JSON and broken", 503, "<html>"],
])("an answer that is %s (%i) is the same error", async (_, status, body) => {
  const asked = (create: typeof createStripeProvider) => {
    const provider = create({
      secretKey: SANDBOX_SECRET_KEY,
      fetch: async () => new Response(body, { status, headers: { "request-id": "req_1" } }),
    });
    return Promise.all([
      outcome(() => provider.getPaymentMetadata("pi_1")),
      outcome(() => provider.createCustomer({ owner: "asha", metadata: METADATA }, "key-1")),
    ]);
  };
  expect(await asked(createLean)).toEqual(await asked(createStripeProvider));
});

test("over the wire too it sends the same headers, and tries once more", async () => {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.writeHead(seen.length % 2 === 1 ? 500 : 200, { "content-type": "application/json" });
    response.end(seen.length % 2 === 1 ? "{}" : JSON.stringify({ id: "pi_1", object: "payment_intent", metadata: METADATA }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const apiBase = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    for (const create of [createStripeProvider, createLean])
      expect(await create({ secretKey: "sk_test_1", apiBase }).getPaymentMetadata("pi_1")).toEqual(METADATA);
    expect(seen.slice(2)).toEqual(seen.slice(0, 2));
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

test("it calls itself the version that is installed", () => {
  expect(LeanStripe.PACKAGE_VERSION).toBe(Stripe.PACKAGE_VERSION);
});

test.each([
  ["Stripe's own address", {}],
  ["another one", { host: "127.0.0.1", port: 12_345, protocol: "http" }],
] as const)("the SDK's parts learn from it what the whole SDK tells them: of %s", (_, address) => {
  const config = {
    apiVersion: "2026-01-28",
    timeout: 10_000,
    maxNetworkRetries: 1,
    telemetry: false,
    appInfo: { name: "aira" },
    ...address,
  } as const;
  const told = (client: object) => {
    const one = client as LeanStripe;
    return {
      fields: ["host", "port", "protocol", "basePath", "version", "timeout", "maxNetworkRetries", "stripeAccount", "stripeContext"].map(
        (name) => [name, one.getApiField(name)],
      ),
      delays: [one.getInitialNetworkRetryDelay(), one.getMaxNetworkRetryDelay()],
      tells: [one.getTelemetryEnabled(), one.getEmitEventBodiesEnabled()],
      measured: one._prevRequestMetrics,
    };
  };
  const whole = told(new Stripe("sk_test_1", config as unknown as ConstructorParameters<typeof Stripe>[1]));
  expect(whole.fields.every(([, value]) => value !== undefined)).toBe(true);
  expect(told(new LeanStripe("sk_test_1", config))).toEqual(whole);
});
