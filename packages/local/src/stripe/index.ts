import { join } from "node:path";
import { createSaver } from "../sandbox/persistence.ts";
import { serve } from "../sandbox/server.ts";
import { createApi, SANDBOX_SECRET_KEY } from "./api.ts";
import { handleControl } from "./control.ts";
import { createDelivery, type Delivery, type DeliveryOptions } from "./delivery.ts";
import type { EventType } from "./objects.ts";
import { handlePage } from "./page.ts";
import { load, type Saved } from "./persistence.ts";
import { createStripeState, type StripeState } from "./state.ts";
import { createSwitches, type Switches } from "./switches.ts";

export { type ApiOptions, createApi, SANDBOX_SECRET_KEY, sandboxFetch } from "./api.ts";
export type { Attempt, ByHand, Delivery, DeliveryRecord, DeliveryStatus } from "./delivery.ts";
export { StripeFault } from "./fault.ts";
export { API_VERSION, type EventType, type SandboxEvent } from "./objects.ts";
export { signatureHeader } from "./signature.ts";
export { createStripeState, type StripeState, type StripeStateOptions } from "./state.ts";
export { createSwitches, type FailNext, type Switches, type SwitchSettings } from "./switches.ts";

/** The longest that the clock is left alone: an injected one may run faster than the machine's. */
const CLOCK_CHECK_MS = 1000;
const MAX_BODY_BYTES = 2_000_000;

export interface StripeSandboxOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Where `stripe.json` is kept between runs. Default: nothing is kept. */
  readonly dataDir?: string;
  /** Where events are delivered. */
  readonly webhookUrl: string;
  /** Signs the events (`whsec_…`). */
  readonly webhookSecret: string;
  /** The event types that the webhook endpoint has subscribed to. Default: all. */
  readonly enabledEvents?: readonly EventType[];
  /** Epoch milliseconds. Default: the machine's clock. */
  readonly clock?: () => number;
  /** Makes the ids of a fresh world. Default 1. */
  readonly seed?: number;
  /** Pauses between the tries of a delivery; their number bounds the tries. Default: half a second to a minute, eight tries. */
  readonly retryDelaysMs?: DeliveryOptions["retryDelaysMs"];
}

export interface StripeSandbox {
  /** Origin of the API, the checkout page and the control API, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly secretKey: string;
  readonly state: StripeState;
  readonly delivery: Delivery;
  readonly switches: Switches;
  /** Ends the server, deliveries and timers, and saves. */
  stop(): Promise<void>;
}

/** Starts the stand-in for Stripe on 127.0.0.1. Rejects with the EADDRINUSE error if the port is taken. */
export async function startStripeSandbox(options: StripeSandboxOptions): Promise<StripeSandbox> {
  const { clock = Date.now, webhookUrl, webhookSecret, seed, dataDir, retryDelaysMs, enabledEvents } = options;
  const file = dataDir === undefined ? undefined : join(dataDir, "stripe.json");
  const saved = file === undefined ? undefined : load(file);

  let url = "";
  const state = createStripeState({
    clock,
    sessionUrl: (id) => `${url}/c/pay/${id}`,
    ...(seed !== undefined && { seed }),
    ...(saved && { snapshot: saved.state }),
  });
  const switches = createSwitches();
  const delivery: Delivery = createDelivery({
    webhookUrl,
    webhookSecret,
    clock,
    switches,
    findEvent: (id) => state.store.events.get(id),
    onChange: () => saver?.touch(),
    ...(retryDelaysMs && { retryDelaysMs }),
    ...(enabledEvents && { enabledEvents }),
  });
  const current = (): Saved => ({ state: state.snapshot(), deliveries: delivery.records() });
  const saver = file === undefined ? undefined : createSaver(file, current);
  const api = createApi(state, { switches });

  const handle = async (request: Request): Promise<Response> => {
    const response =
      (await handleControl({ state, delivery, switches }, request)) ?? (await handlePage(state, switches, request)) ?? (await api(request));
    if (request.method !== "GET") {
      saver?.touch();
      watchClock();
    }
    return response;
  };

  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  /** Sleeps until the next session expires or bank debit settles. */
  function watchClock(): void {
    clearTimeout(timer);
    const dueMs = state.nextDueMs();
    if (stopped || dueMs === undefined) return;
    timer = setTimeout(
      () => {
        state.advance();
        watchClock();
      },
      Math.min(Math.max(dueMs - clock(), 0), CLOCK_CHECK_MS),
    );
  }

  const server = await serve({ vendor: "Stripe", port: options.port, maxBodyBytes: MAX_BODY_BYTES, handle });
  url = `http://127.0.0.1:${server.port}`;
  const endEvents = state.onEvent((event) => {
    delivery.accept(event);
    saver?.touch();
    watchClock();
  });
  delivery.resume(saved?.deliveries ?? []);
  watchClock();

  return {
    url,
    port: server.port,
    secretKey: SANDBOX_SECRET_KEY,
    state,
    delivery,
    switches,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await server.stop();
      endEvents();
      await delivery.stop();
      saver?.flush();
    },
  };
}
