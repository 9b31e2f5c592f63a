import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { signatureHeader } from "../../../local/src/stripe/signature.ts";
import type { PaidTopUp } from "../top-ups.ts";
import type { RuntimeProcess } from "./runtime-process.ts";

/** One delivery, in epoch milliseconds with a fraction. */
export interface Sent {
  readonly topUpId: string;
  /** When it was due: a sender that falls behind must not flatter the latency. */
  readonly dueAtMs: number;
  /** 0: no answer. */
  readonly status: number;
}

const ATTEMPTS = 8;

export const nowMs = (): number => performance.timeOrigin + performance.now();

/** Signs events as Stripe does and posts them over kept connections. */
export class WebhookSender {
  readonly #target: URL;
  readonly #secret: string;
  readonly #agent: Agent;

  constructor({ url, webhookSecret }: Pick<RuntimeProcess, "url" | "webhookSecret">, connections: number) {
    this.#target = new URL("/api/payment/webhook", url);
    this.#secret = webhookSecret;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Sends at a steady rate, whether or not answers come. */
  async atRate(topUps: readonly PaidTopUp[], perSecond: number): Promise<readonly Sent[]> {
    const start = nowMs() + 20;
    const sending: Promise<Sent>[] = [];
    for (const [n, topUp] of topUps.entries()) {
      const dueAtMs = start + (n * 1000) / perSecond;
      const early = dueAtMs - nowMs();
      if (early > 1) await sleep(early);
      sending.push(this.#send(topUp, dueAtMs));
    }
    return Promise.all(sending);
  }

  /** Sends as fast as answers come, so many at once. */
  async flatOut(topUps: readonly PaidTopUp[], atOnce: number): Promise<readonly Sent[]> {
    const sent: Sent[] = [];
    const next = topUps.values();
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (const topUp of next) sent.push(await this.#send(topUp, nowMs()));
      }),
    );
    return sent;
  }

  /** What is not answered 2xx is delivered again, as Stripe does, only sooner. */
  async #send(topUp: PaidTopUp, dueAtMs: number): Promise<Sent> {
    for (let attempt = 1; ; attempt++) {
      const sent = await this.#sendOnce(topUp, dueAtMs);
      if (sent.status === 200 || attempt === ATTEMPTS) return sent;
      await sleep(500 * attempt);
    }
  }

  #sendOnce({ topUpId, event }: PaidTopUp, dueAtMs: number): Promise<Sent> {
    const { promise, resolve } = Promise.withResolvers<Sent>();
    const end = (status: number) => resolve({ topUpId, dueAtMs, status });
    const post = request(this.#target, {
      method: "POST",
      agent: this.#agent,
      headers: {
        "content-type": "application/json; charset=utf-8",
        "content-length": Buffer.byteLength(event),
        "stripe-signature": signatureHeader(event, [this.#secret], Math.floor(Date.now() / 1000)),
      },
    });
    post.on("response", (response) => {
      response.resume();
      response.once("end", () => end(response.statusCode ?? 0));
    });
    post.on("error", () => end(0));
    post.end(event);
    return promise;
  }
}
