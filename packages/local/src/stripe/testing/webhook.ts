import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Stripe from "stripe";

export interface Received {
  readonly body: string;
  readonly signature: string;
  readonly event: Stripe.Event;
}

/** The status to answer a delivery with, or undefined to leave it hanging. `count` tells how many have come so far. */
export type Answer = (received: Received, count: number) => number | undefined | Promise<number>;

/** A webhook endpoint of a test: remembers what came, answers what it is told to. */
export async function startWebhook(answer: Answer = () => 200) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const item = { body, signature: String(request.headers["stripe-signature"]), event: JSON.parse(body) };
    received.push(item);
    const status = await answer(item, received.length);
    if (status !== undefined) response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {}).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook`,
    received,
    types: () => received.map(({ event }) => event.type as string),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The official SDK, pointed at a sandbox as it is pointed at any host. */
export const sdkAt = (url: string, secretKey: string, config: Stripe.StripeConfig = {}) =>
  new Stripe(secretKey, {
    host: "127.0.0.1",
    port: new URL(url).port,
    protocol: "http",
    maxNetworkRetries: 0,
    timeout: 5000,
    telemetry: false,
    ...config,
  });

/** Parameters of a session as Aira creates it. */
export const sessionParameters = (change: Partial<Stripe.Checkout.SessionCreateParams> = {}): Stripe.Checkout.SessionCreateParams => ({
  mode: "payment",
  success_url: "https://app.example/done?session={CHECKOUT_SESSION_ID}",
  cancel_url: "https://app.example/",
  client_reference_id: "top_1",
  adaptive_pricing: { enabled: false },
  line_items: [{ quantity: 1, price_data: { currency: "usd", unit_amount: 2500, product_data: { name: "Aira top-up" } } }],
  metadata: { app: "aira", topUpId: "top_1", owner: "user-1" },
  payment_intent_data: { metadata: { app: "aira", topUpId: "top_1" }, receipt_email: "asha@example.com" },
  ...change,
});
