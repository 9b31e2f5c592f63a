import * as z from "zod/mini";
import { createTwilioClient, failedCall, type TwilioClientOptions } from "../numbers/index.ts";
import type { ProvidedUsage, UsagePage, UsageProvider } from "./usage-provider.ts";

const API = "https://api.twilio.com";
const PAGE = 500;

const Text = z.nullish(z.string());
const Price = z.nullish(z.string().check(z.regex(/^-?\d{1,15}(\.\d{1,15})?$/)));
const Count = z.string().check(z.regex(/^\d{1,9}$/));
const shared = { sid: z.string(), direction: z.string(), from: Text, to: Text, price: Price, price_unit: Text };

const Call = z.object({ ...shared, parent_call_sid: Text, duration: z.nullish(Count) });
const Message = z.object({ ...shared, num_segments: Count });

const Page = z.union([
  z.object({ calls: z.array(Call), next_page_uri: Text }),
  z.object({ messages: z.array(Message), next_page_uri: Text }),
]);

const usageOf = ({ sid, direction, from, to, price, price_unit }: z.infer<typeof Call> | z.infer<typeof Message>) => ({
  sid,
  direction: direction === "inbound" ? ("inbound" as const) : ("outbound" as const),
  from: from ?? "",
  to: to ?? "",
  price: price ?? null,
  priceUnit: (price_unit ?? "USD").toUpperCase(),
});

const callOf = (call: z.infer<typeof Call>): ProvidedUsage => ({
  ...usageOf(call),
  kind: "call",
  parentSid: call.parent_call_sid ?? undefined,
  isReply: false,
  quantity: Number(call.duration ?? 0),
});

const textOf = (message: z.infer<typeof Message>): ProvidedUsage => ({
  ...usageOf(message),
  kind: "sms",
  parentSid: undefined,
  isReply: message.direction === "outbound-reply",
  quantity: Number(message.num_segments),
});

export interface TwilioUsageOptions extends TwilioClientOptions {
  /** Another address than Twilio's own, for a sandbox. */
  readonly apiBase?: string | undefined;
}

/** The port over Twilio's lists of calls, and then of messages, of one day. */
export function createTwilioUsage({ apiBase = API, ...account }: TwilioUsageOptions): UsageProvider {
  const client = createTwilioClient(account);
  const root = `/2010-04-01/Accounts/${account.accountSid}`;
  const callsOf = (day: string) => `${root}/Calls.json?StartTime=${day}&PageSize=${PAGE}`;
  const messagesOf = (day: string) => `${root}/Messages.json?DateSent=${day}&PageSize=${PAGE}`;

  /** A path of Twilio's own, so that our credentials go nowhere else. */
  const read = async (path: string) => {
    if (!path.startsWith(`${root}/`)) throw new Error("a page of usage lies below our account");
    return Page.parse(JSON.parse((await client.request({ method: "get", uri: `${apiBase}${path}` })).body));
  };

  return {
    async listUsage(day, after): Promise<UsagePage> {
      try {
        const page = await read(after ?? callsOf(day));
        if ("calls" in page) return { usage: page.calls.map(callOf), next: page.next_page_uri ?? messagesOf(day) };
        return { usage: page.messages.map(textOf), next: page.next_page_uri ?? undefined };
      } catch (cause) {
        throw failedCall(cause);
      }
    },
  };
}
