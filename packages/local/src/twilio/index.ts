import { join } from "node:path";
import { createSaver } from "../sandbox/persistence.ts";
import { serve } from "../sandbox/server.ts";
import { createWork } from "../sandbox/work.ts";
import { type Alerts, createAlerts } from "./alerts.ts";
import { createApi, SANDBOX_AUTH_TOKEN } from "./api.ts";
import { endAbandoned } from "./calls.ts";
import { createChanges } from "./changes.ts";
import { handleControl } from "./control.ts";
import { handlePage } from "./page.ts";
import { load } from "./persistence.ts";
import { createRequestLog, type RequestLog } from "./request-log.ts";
import { createTwilioState, SANDBOX_ACCOUNT_SID, type TwilioState } from "./state.ts";
import { createSwitches, type Switches } from "./switches.ts";
import { createTelephone, type NewPhoneCall, type PhoneCall } from "./telephone.ts";
import { carry } from "./text-delivery.ts";
import { createTexts, type NewText, type SentText } from "./texts.ts";
import { createWaiting } from "./waiting.ts";
import { createWebhooks, type Webhooks } from "./webhooks.ts";

export { type ApiOptions, createApi, SANDBOX_AUTH_TOKEN, sandboxFetch } from "./api.ts";
export { TwilioFault } from "./fault.ts";
export type { CalleeAct, Line } from "./phone-line.ts";
export type { LoggedRequest, RequestLog } from "./request-log.ts";
export { createRequestLog } from "./request-log.ts";
export { createTwilioState, SANDBOX_ACCOUNT_SID, type TwilioState, type TwilioStateOptions } from "./state.ts";
export { createSwitches, type FailNext, type Switches, type SwitchInput, type SwitchSettings } from "./switches.ts";
export type { PhoneCall } from "./telephone.ts";
export { createWaiting, type Waiting } from "./waiting.ts";

const MAX_BODY_BYTES = 1_000_000;

export interface TwilioSandboxOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Where `twilio.json` is kept between runs. Default: nothing is kept. */
  readonly dataDir?: string;
  /** Epoch milliseconds. Default: the machine's clock. */
  readonly clock?: () => number;
  /** Draws the stock and the SIDs of a fresh world. Default 1. */
  readonly seed?: number;
  /** Default: `SANDBOX_ACCOUNT_SID`. */
  readonly accountSid?: string;
  /** Default: `SANDBOX_AUTH_TOKEN`. */
  readonly authToken?: string;
  /** How long the app may take to answer a webhook, in milliseconds of the machine. Default 15,000, as at Twilio. */
  readonly webhookTimeoutMs?: number;
}

export interface TwilioSandbox {
  /** Origin of every API of Twilio's and of the control API, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly accountSid: string;
  readonly authToken: string;
  readonly state: TwilioState;
  readonly switches: Switches;
  /** What was asked, to be counted. */
  readonly log: RequestLog;
  /** Lets the calls that are held go on, and says how many those were. */
  release(): number;
  /** How many calls are held now. */
  held(): number;
  /** Somebody calls one of the account's numbers. Throws a `TwilioFault` if it is none, or takes no calls. */
  call(call: NewPhoneCall): PhoneCall;
  /** Somebody texts one of the account's numbers. Throws as `call` does. */
  text(text: NewText): SentText;
  /** What was sent to the app, and how to send it again. */
  readonly webhooks: Webhooks;
  /** What the app did that Twilio can't work with: broken documents, answers that are errors. */
  readonly alerts: Alerts;
  /** Resolves when nothing is on its way any more: no webhook, no text, no transcription. Calls may be open. */
  idle(): Promise<void>;
  /** A fresh account: no numbers, no calls, no faults, an empty log. */
  reset(): void;
  /** Ends the server, drops the calls that wait, and saves. */
  stop(): Promise<void>;
}

/** Starts the stand-in for Twilio on 127.0.0.1. Rejects with the EADDRINUSE error if the port is taken. */
export async function startTwilioSandbox(options: TwilioSandboxOptions): Promise<TwilioSandbox> {
  const {
    clock = Date.now,
    seed,
    dataDir,
    accountSid = SANDBOX_ACCOUNT_SID,
    authToken = SANDBOX_AUTH_TOKEN,
    webhookTimeoutMs = 15_000,
  } = options;
  const file = dataDir === undefined ? undefined : join(dataDir, "twilio.json");
  const snapshot = file === undefined ? undefined : load(file);

  const state = createTwilioState({ clock, accountSid, ...(seed !== undefined && { seed }), ...(snapshot && { snapshot }) });
  const switches = createSwitches();
  const log = createRequestLog();
  const waiting = createWaiting();
  const saver = file === undefined ? undefined : createSaver(file, () => state.snapshot());
  const api = createApi(state, { authToken, switches, log, waiting });

  const work = createWork();
  const alerts = createAlerts();
  const changes = createChanges();
  const onChange = () => {
    changes.mark();
    saver?.touch();
  };
  const webhooks = createWebhooks({ authToken, switches, work, clock, timeoutMs: webhookTimeoutMs, onChange });
  let url = "";
  const { store } = state;
  const world = { store, switches, webhooks, work, alerts, onChange, origin: () => url };
  const telephone = createTelephone(world);
  const texts = createTexts(world);
  store.onSend.add((message, callback) => carry(world, message, callback === null ? undefined : { url: callback, method: "POST" }));
  if (snapshot) endAbandoned(store);

  const reset = async () => {
    const ended = telephone.end();
    state.reset();
    switches.set({});
    log.clear();
    webhooks.clear();
    alerts.clear();
    onChange();
    await ended;
  };
  const control = { state, switches, log, waiting, telephone, texts, webhooks, alerts, changes, reset };

  const handle = async (request: Request): Promise<Response> => {
    try {
      return (await handleControl(control, request)) ?? handlePage(store, request) ?? (await api(request));
    } finally {
      // A call whose connection was dropped may have done its work all the same.
      if (request.method !== "GET") onChange();
    }
  };
  const server = await serve({ vendor: "Twilio", port: options.port, maxBodyBytes: MAX_BODY_BYTES, handle });
  url = `http://127.0.0.1:${server.port}`;

  return {
    url,
    port: server.port,
    accountSid,
    authToken,
    state,
    switches,
    log,
    release: () => waiting.release(),
    held: () => waiting.held(),
    call: (call) => telephone.place(call),
    text: (text) => texts.send(text),
    webhooks,
    alerts,
    idle: () => work.idle(),
    reset: () => void reset(),
    stop: async () => {
      waiting.end();
      changes.end();
      await telephone.end();
      await work.end();
      await server.stop();
      saver?.touch();
      saver?.flush();
    },
  };
}
