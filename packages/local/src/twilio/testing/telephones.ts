import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type PhoneCall, startTwilioSandbox, type TwilioSandbox } from "../index.ts";
import { type FakeApp, startFakeApp, twiml } from "./fake-app.ts";

const START_MS = Date.UTC(2026, 0, 31, 12);

export const CALLER = "+919820098200";

/** An app, a sandbox whose time stands still, and a number that leads from one to the other; fresh for each test of the file that asks. */
export interface Telephones {
  readonly app: FakeApp;
  readonly sandbox: TwilioSandbox;
  /** The app's number. */
  readonly ours: string;
  /** What the app answers a new call with. */
  answer(...verbs: readonly string[]): void;
  /** Calls, and waits until the app listens. */
  call(from?: string): Promise<PhoneCall>;
  parametersAt(path: string): readonly Readonly<Record<string, string>>[];
  pass(ms: number): void;
}

export function useTelephones(): Telephones {
  let nowMs = START_MS;
  let sandbox: TwilioSandbox;
  let app: FakeApp;
  let ours: string;
  beforeAll(async () => {
    app = await startFakeApp(() => sandbox.authToken);
    sandbox = await startTwilioSandbox({ port: 0, clock: () => nowMs, webhookTimeoutMs: 1000 });
  });
  beforeEach(() => {
    nowMs = START_MS;
    sandbox.reset();
    sandbox.switches.set({ transcribeAfterMs: 0, textStepMs: 0 });
    app.reset();
    const settings = {
      VoiceUrl: `${app.url}/voice?tenant=1`,
      VoiceFallbackUrl: `${app.url}/fallback`,
      StatusCallback: `${app.url}/status`,
      SmsUrl: `${app.url}/sms`,
      SmsFallbackUrl: `${app.url}/fallback`,
    };
    ours = sandbox.state.plantNumber({ settings }).phone_number;
  });
  afterEach(() => sandbox.idle());
  afterAll(async () => {
    await sandbox.stop();
    await app.stop();
  });
  return {
    get app() {
      return app;
    },
    get sandbox() {
      return sandbox;
    },
    get ours() {
      return ours;
    },
    answer: (...verbs) => {
      app.answers["/voice"] = twiml(...verbs);
    },
    call: async (from = CALLER) => {
      const placed = sandbox.call({ from, to: ours });
      await placed.ready();
      return placed;
    },
    parametersAt: (path) => app.at(path).map(({ parameters }) => parameters),
    pass: (ms) => {
      nowMs += ms;
    },
  };
}

export const gather = (attributes = "", inside = "<Say>How can I help?</Say>"): string =>
  `<Gather input="speech dtmf" action="turn" timeout="4" ${attributes}>${inside}</Gather>`;
