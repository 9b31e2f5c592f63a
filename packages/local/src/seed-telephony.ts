import { chat, customerToolPorts, recordEvents, type TelephonyEvent } from "@aira/core/conversations";
import { createEmbeddedResponder, customerTools } from "@aira/core/conversations/responder";
import type { LedgerPorts } from "@aira/core/ledger";
import { iso, readVariable } from "@aira/core/lib";
import {
  createTwilioProvider,
  loadNumber,
  type NumberPorts,
  type NumberRecord,
  purchaseNumber,
  renewsAt,
  tendNumbers,
} from "@aira/core/numbers";
import { createNumberPrices, parseExchangeRates } from "@aira/core/pricing";
import type { TalkHappening } from "./seed-conversations.ts";
import type { Happening } from "./seed-history.ts";
import { SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN, sandboxFetch, type TwilioState } from "./twilio/index.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Purchase = Extract<Happening, { what: "number" }>;

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;
const CAP_SECONDS = 900;

interface Options {
  readonly ports: LedgerPorts;
  /** Saved by whoever made it. */
  readonly twilio: TwilioState;
  readonly environment: Environment;
  /** Lets time go by. */
  readonly later: (ms: number) => Promise<void>;
}

/** Numbers and conversations of the demo customers: the product's own operations against the sandbox, with the clock of the past. */
export function createSeedTelephony({ ports, twilio, environment, later }: Options) {
  const read = (name: Parameters<typeof readVariable>[0]) => readVariable(name, environment) ?? "";
  const origin = `http://127.0.0.1:${read("PORT")}`;
  const provider = createTwilioProvider({
    accountSid: SANDBOX_ACCOUNT_SID,
    authToken: SANDBOX_AUTH_TOKEN,
    addresses: () => undefined,
    bundles: () => undefined,
    wait: async () => undefined,
    fetch: sandboxFetch(twilio),
  });
  const prices = createNumberPrices({ provider, clock: ports.clock, rates: parseExchangeRates(read("EXCHANGE_RATES")) });
  const numbers: NumberPorts = {
    ...ports,
    provider,
    prices,
    stage: read("STAGE") || "local",
    publicUrl: origin,
    policy: {
      numbersPerOwner: Number(read("NUMBERS_PER_OWNER")),
      purchasesPerDay: Number(read("PURCHASES_PER_DAY")),
      reminderDays: Number(read("NUMBER_REMINDER_DAYS")),
      graceDays: Number(read("NUMBER_GRACE_DAYS")),
      suspendedDays: Number(read("NUMBER_SUSPENDED_DAYS")),
      coolDownDays: Number(read("NUMBER_COOL_DOWN_DAYS")),
    },
  };
  const policy = {
    overdraftMinor: { USD: 0, INR: 0 },
    lowBalanceMinor: { USD: 0, INR: 0 },
    retentionDays: Number(read("CONVERSATION_DAYS")),
  };
  const bought = new Map<string, NumberRecord>();
  let sids = 0;
  const sidOf = (prefix: string) => `${prefix}5eed${String(++sids).padStart(28, "0")}`;

  const dueOf = (number: NumberRecord) => renewsAt(number) - (number.reminded < number.periods ? numbers.policy.reminderDays * DAY_MS : 0);

  async function buy({ owner, key, country, currency, friendlyName }: Purchase): Promise<void> {
    const [found] = await provider.search({ country, type: "local", limit: 1 });
    const price = await prices.quote(country, "local", currency);
    if (!found || !price) throw new Error(`the sandbox sells no local number in ${country}`);
    const { phoneNumber } = found;
    const terms = { owner, idempotencyKey: `seed-${key}`, phoneNumber, currency, expectedMinor: price.dueNowMinor, country, friendlyName };
    const { number } = await purchaseNumber(numbers, { ...terms, type: "local" });
    bought.set(key, number);
  }

  const hear = async (...events: TelephonyEvent[]) => {
    const done = await recordEvents(
      { ...ports, policy },
      events.map((event, index) => ({ id: String(index), body: JSON.stringify(event) })),
    );
    for (const { error } of done) if (error !== undefined) throw error;
  };
  const contextOf = (key: string) => {
    const number = bought.get(key);
    if (!number) throw new Error(`${key} was not bought`);
    const { owner, numberId, purchaseId, phoneNumber, country, type: numberType, currency, settings } = number;
    return { owner, numberId, purchaseId, phoneNumber, country, numberType, currency, language: settings.language };
  };

  async function call({ number, peer, turns, lengthSeconds, voicemail, missed }: Extract<TalkHappening, { what: "call" }>): Promise<void> {
    const context = contextOf(number);
    const callSid = sidOf("CA");
    const about = () => ({ callSid, receivedAt: iso(ports.clock()) });
    const ended = (status: string): TelephonyEvent => ({
      ...about(),
      type: "call.status",
      parentCallSid: undefined,
      from: peer,
      to: context.phoneNumber,
      status,
      lengthSeconds,
    });
    if (missed) return hear(ended("no-answer"));
    const greeting = voicemail
      ? "Hello, you have reached Harbour Bikes. Please leave a message."
      : "Hello, this is Harbour Bikes. How can I help you?";
    const holdMinor = context.currency === "USD" ? 75 : 6_750;
    await hear({ ...about(), type: "call.started", from: peer, context, capSeconds: CAP_SECONDS, holdMinor, greeting });
    for (const [index, [heard, reply]] of turns.entries()) {
      await later(((lengthSeconds - 5) * SECOND_MS) / turns.length);
      await hear({ ...about(), type: "call.turn", turn: index + 1, heard, reply, context });
    }
    if (voicemail) {
      await later(lengthSeconds * SECOND_MS);
      const recordingSid = recordingOf(voicemail.lengthSeconds);
      const url = `http://127.0.0.1:${read("TWILIO_PORT")}/2010-04-01/Accounts/${SANDBOX_ACCOUNT_SID}/Recordings/${recordingSid}`;
      await hear(
        { ...about(), type: "call.voicemail", recordingSid, url, lengthSeconds: voicemail.lengthSeconds, context },
        { ...about(), type: "call.transcript", recordingSid, transcript: voicemail.transcript },
      );
    }
    await hear(ended("completed"));
  }

  /** The sandbox's recording of a call that it never carried: silence of that length. */
  function recordingOf(lengthSeconds: number): string {
    const carried = twilio.addCall({ from: "+15005550006", to: "+15005550006", direction: "inbound" });
    const { sid } = twilio.addRecording(carried.sid, lengthSeconds);
    twilio.endCall(carried.sid, "completed");
    return sid;
  }

  async function talk(owner: string, turns: readonly string[]): Promise<void> {
    const tools = (whose: string) => customerTools(customerToolPorts({ ...ports, market: async () => ({ provider, prices }) }, whose));
    const chatPorts = { ...ports, responder: createEmbeddedResponder(), tools, retentionDays: policy.retentionDays };
    let conversationId: string | undefined;
    for (const message of turns) {
      const deadlineMs = ports.clock() + 20 * SECOND_MS;
      ({ conversationId } = await chat(chatPorts, { owner, message, conversationId, deadlineMs }));
      await later(20 * SECOND_MS);
    }
  }

  return {
    buy,
    async play(owner: string, happening: TalkHappening): Promise<void> {
      if (happening.what === "call") return call(happening);
      if (happening.what === "chat") return talk(owner, happening.turns);
      const { number, peer, text, reply } = happening;
      const about = { receivedAt: iso(ports.clock()), messageSid: sidOf("SM"), context: contextOf(number) };
      await hear({ ...about, type: "sms.received", from: peer, text, segments: 1, media: [], reply, opts: undefined });
    },
    /** When the next month of a number is told of or charged, if that is before a time. */
    nextRenewal(before: number): number | undefined {
      const due = Math.min(...[...bought.values()].map((number) => dueOf(number)));
      return due < before ? due : undefined;
    },
    /** Charges the months that are due. */
    async renew(): Promise<void> {
      await tendNumbers(numbers);
      for (const [key, number] of bought) {
        const now = await loadNumber(ports.table, number.phoneNumber, { consistent: true });
        if (now) bought.set(key, now);
      }
    },
  };
}
