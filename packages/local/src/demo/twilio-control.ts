import { createJsonRequest } from "./json-request.ts";

/** A call, as the sandbox shows it after each turn. */
export interface CallView {
  readonly sid: string;
  readonly status: string;
  readonly durationSeconds: number | null;
  /** What the call waits for; null when it is over. */
  readonly listening: { readonly for: string } | null;
  /** What the app has said so far. */
  readonly heard: readonly string[];
  readonly transcript: readonly { readonly by: string; readonly kind: string; readonly text: string }[];
}

/** Bad networks, and people with telephones: the control addresses of the Twilio sandbox, over HTTP. */
export interface TwilioControl {
  /** Sets the sandbox's switches; all others go back to their defaults. */
  switches(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** How often Twilio was asked to sell this number. */
  orders(phoneNumber: string): Promise<number>;
  /** Somebody calls. Answers when the app has had its turn. */
  call(from: string, to: string): Promise<CallView>;
  /** Somebody does something in a call: `say`, `press`, `silence`, `callee`, `hang-up`. */
  act(call: CallView, does: string, body?: Readonly<Record<string, unknown>>): Promise<CallView>;
  /** Somebody sends a text. Answers what the app replied. */
  text(from: string, to: string, body: string): Promise<readonly string[]>;
  /** Has every webhook been sent as often as it is to be? */
  isQuiet(): Promise<boolean>;
}

/** The control addresses of a Twilio sandbox. Every request ends with the signal. */
export function createTwilioControl(twilioUrl: string, signal: AbortSignal): TwilioControl {
  const request = createJsonRequest(signal);
  const at = (path: string) => `${twilioUrl}/_sandbox/${path}`;
  return {
    switches: (settings) => request("PUT", at("switches"), settings),
    async orders(number) {
      const query = new URLSearchParams({ operation: "numbers.create", number });
      return (await request<{ requests: unknown[] }>("GET", at(`log?${query}`))).requests.length;
    },
    call: (from, to) => request("POST", at("calls"), { from, to }),
    act: ({ sid }, does, body = {}) => request("POST", at(`calls/${sid}/${does}`), body),
    async text(from, to, body) {
      const { replies } = await request<{ replies: { body: string }[] }>("POST", at("texts"), { from, to, body });
      return replies.map((reply) => reply.body);
    },
    async isQuiet() {
      const { repeatWebhooks } = await request<{ repeatWebhooks: number }>("GET", at("switches"));
      const { webhooks } = await request<{ webhooks: { attempts: unknown[] }[] }>("GET", at("webhooks"));
      return webhooks.every(({ attempts }) => attempts.length > repeatWebhooks);
    },
  };
}
