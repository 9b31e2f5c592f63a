import { join } from "node:path";
import { createApi, SANDBOX_AUTH_TOKEN } from "./api.ts";
import { handleControl } from "./control.ts";
import { createSaver, load } from "./persistence.ts";
import { createRequestLog, type RequestLog } from "./request-log.ts";
import { serve } from "./server.ts";
import { createTwilioState, SANDBOX_ACCOUNT_SID, type TwilioState } from "./state.ts";
import { createSwitches, type Switches } from "./switches.ts";
import { createWaiting } from "./waiting.ts";

export { type ApiOptions, createApi, SANDBOX_AUTH_TOKEN, sandboxFetch } from "./api.ts";
export { TwilioFault } from "./fault.ts";
export type { LoggedRequest, RequestLog } from "./request-log.ts";
export { createRequestLog } from "./request-log.ts";
export { createTwilioState, SANDBOX_ACCOUNT_SID, type TwilioState, type TwilioStateOptions } from "./state.ts";
export { createSwitches, type FailNext, type Switches, type SwitchInput, type SwitchSettings } from "./switches.ts";
export { createWaiting, type Waiting } from "./waiting.ts";

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
  /** A fresh account: no numbers, no faults, an empty log. */
  reset(): void;
  /** Ends the server, drops the calls that wait, and saves. */
  stop(): Promise<void>;
}

/** Starts the stand-in for Twilio on 127.0.0.1. Rejects with the EADDRINUSE error if the port is taken. */
export async function startTwilioSandbox(options: TwilioSandboxOptions): Promise<TwilioSandbox> {
  const { clock = Date.now, seed, dataDir, accountSid = SANDBOX_ACCOUNT_SID, authToken = SANDBOX_AUTH_TOKEN } = options;
  const file = dataDir === undefined ? undefined : join(dataDir, "twilio.json");
  const snapshot = file === undefined ? undefined : load(file);

  const state = createTwilioState({ clock, accountSid, ...(seed !== undefined && { seed }), ...(snapshot && { snapshot }) });
  const switches = createSwitches();
  const log = createRequestLog();
  const waiting = createWaiting();
  const saver = file === undefined ? undefined : createSaver(file, () => state.snapshot());
  const api = createApi(state, { authToken, switches, log, waiting });

  const server = await serve(options.port, async (request) => {
    try {
      return (await handleControl({ state, switches, log, waiting }, request)) ?? (await api(request));
    } finally {
      // A call whose connection was dropped may have done its work all the same.
      if (request.method !== "GET") saver?.touch();
    }
  });

  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    accountSid,
    authToken,
    state,
    switches,
    log,
    release: () => waiting.release(),
    held: () => waiting.held(),
    reset: () => {
      state.reset();
      switches.set({});
      log.clear();
      saver?.touch();
    },
    stop: async () => {
      waiting.end();
      await server.stop();
      saver?.touch();
      saver?.flush();
    },
  };
}
