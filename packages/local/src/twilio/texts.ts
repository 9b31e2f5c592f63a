import { checkActive } from "./account.ts";
import { ApplicationError } from "./alerts.ts";
import { TwilioFault } from "./fault.ts";
import { awaitPrice } from "./late-prices.ts";
import { addMessage, optOutKey } from "./messages.ts";
import { ownedBy } from "./numbers.ts";
import { E164, type IncomingNumber, type Message } from "./objects.ts";
import { heedOptOut } from "./opt-out.ts";
import { type Media, type Parameters, textParameters } from "./parameters.ts";
import { addressIn } from "./script.ts";
import { carry, type TextWorld } from "./text-delivery.ts";
import { readMessaging } from "./twiml.ts";
import type { Method, Redirect, Reply } from "./twiml-verbs.ts";
import { methodOf } from "./twiml-verbs.ts";
import type { Fetched } from "./webhook-post.ts";

export interface NewText {
  /** E.164, a short code or a name. */
  readonly from: string;
  /** One of the account's numbers. */
  readonly to: string;
  readonly body: string;
  readonly media?: readonly Media[];
}

export interface SentText {
  readonly sid: string;
  /** Resolves when the app has answered, with the texts that it sent back. They may still be under way. */
  readonly done: Promise<readonly Message[]>;
}

export interface Texts {
  /** A telephone sends a text. Throws a `TwilioFault` if the account has no such number, or one that takes no texts. */
  send(text: NewText): SentText;
}

interface Asked {
  readonly url: string;
  readonly method: Method;
  readonly extra: Parameters;
  readonly fallback?: true;
}

const MAX_BODY_LENGTH = 1600;
const MAX_DOCUMENTS = 10;
/** More replies between two within this time are a loop. */
const LOOP_REPLIES = 15;
const LOOP_MS = 30_000;
const XML = new Set(["text/xml", "application/xml", "text/html"]);

function documentOf({ contentType, body }: Fetched): readonly (Reply | Redirect)[] {
  if (body.trim() === "") return [];
  if (XML.has(contentType)) return readMessaging(body);
  if (contentType !== "text/plain") throw new ApplicationError(12300, `The content type "${contentType}" is not one of a document`);
  return [
    {
      verb: "Message",
      body: body.trim(),
      media: [],
      to: undefined,
      from: undefined,
      action: undefined,
      method: "POST",
      statusCallback: undefined,
    },
  ];
}

export function createTexts(world: TextWorld): Texts {
  const { store, switches, webhooks, work, alerts, onChange } = world;

  /** Why Twilio doesn't send a reply, if it doesn't. */
  function refusalOf(from: string, to: string, { body, media }: Reply): ApplicationError | undefined {
    if (!E164.test(to)) return new ApplicationError(21211, `${to.slice(0, 40)} can't be written to`);
    if (ownedBy(store, from)?.capabilities.sms !== true) return new ApplicationError(21606, `${from.slice(0, 40)} can't send texts`);
    if (body === "" && media.length === 0) return new ApplicationError(14103, "The reply has neither words nor media");
    if (body.length > MAX_BODY_LENGTH) return new ApplicationError(21617, `The reply is longer than ${MAX_BODY_LENGTH} characters`);
    if (store.optOuts.has(optOutKey(from, to))) return new ApplicationError(21610, `${to} wants no texts from ${from}`);
    const since = store.nowMs() - LOOP_MS;
    const recent = [...store.messages.values()].filter(
      (message) =>
        message.direction === "outbound-reply" && message.from === from && message.to === to && Date.parse(message.date_created) >= since,
    );
    return recent.length >= LOOP_REPLIES ? new ApplicationError(14107, `${LOOP_REPLIES} replies within ${LOOP_MS / 1000} s`) : undefined;
  }

  const alert = (sid: string, url: string, { code, message }: ApplicationError) => {
    alerts.add({ atMs: store.nowMs(), code, message, sid, url });
    onChange();
  };

  function answer(inbound: Message, reply: Reply, url: string): readonly Message[] {
    const { from = inbound.to, to = inbound.from, statusCallback, action, method } = reply;
    const refusal = refusalOf(from, to, reply);
    if (refusal) {
      alert(inbound.sid, url, refusal);
      return [];
    }
    const mediaCount = reply.media.length;
    const message = addMessage(store, { from, to, body: reply.body, mediaCount, direction: "outbound-reply", status: "queued" });
    const told = statusCallback ?? action;
    carry(
      world,
      message,
      told === undefined ? undefined : { url: addressIn({ url }, told), method: statusCallback === undefined ? method : "POST" },
    );
    return [message];
  }

  async function ask(inbound: Message, asked: Asked, begin: Parameters): Promise<{ replies: readonly Message[]; next?: Asked }> {
    const fetched = await webhooks.ask({
      sid: inbound.sid,
      url: asked.url,
      method: asked.method,
      parameters: { ...begin, ...asked.extra },
    });
    const replies: Message[] = [];
    for (const verb of documentOf(fetched)) {
      if (verb.verb === "Redirect") return { replies, next: { url: addressIn(asked, verb.url), method: verb.method, extra: {} } };
      replies.push(...answer(inbound, verb, asked.url));
    }
    return { replies };
  }

  function fallbackFor(number: IncomingNumber, failed: Asked, error: ApplicationError): Asked | undefined {
    if (failed.fallback || number.sms_fallback_url === "") return undefined;
    const extra = { ErrorCode: String(error.code), ErrorUrl: failed.url };
    return { url: number.sms_fallback_url, method: methodOf(number.sms_fallback_method), extra, fallback: true };
  }

  async function handOver(inbound: Message, number: IncomingNumber, media: readonly Media[]): Promise<readonly Message[]> {
    // The opt-out is Twilio's own; the app hears of the text all the same.
    const own = heedOptOut(store, inbound.to, inbound.from, inbound.body);
    if (own !== undefined && E164.test(inbound.from))
      addMessage(store, { from: inbound.to, to: inbound.from, body: own, direction: "outbound-reply", status: "delivered" });
    if (number.sms_url === "") return [];
    const replies: Message[] = [];
    const begin = textParameters(inbound, media);
    let asked: Asked | undefined = { url: number.sms_url, method: methodOf(number.sms_method), extra: {} };
    for (let documents = 0; asked && documents < MAX_DOCUMENTS; documents += 1) {
      const current: Asked = asked;
      try {
        const { replies: sent, next } = await ask(inbound, current, begin);
        replies.push(...sent);
        asked = next;
      } catch (error) {
        if (!(error instanceof ApplicationError)) throw error;
        alert(inbound.sid, current.url, error);
        asked = fallbackFor(number, current, error);
      }
    }
    return replies;
  }

  return {
    send: ({ from, to, body, media = [] }) => {
      checkActive({ store, switches });
      const number = ownedBy(store, to);
      if (!number) throw new TwilioFault(20404, `There is no number ${to} on this account`);
      if (!number.capabilities.sms) throw new TwilioFault(20001, `${to} takes no texts`);
      const inbound = addMessage(store, { from, to, body, direction: "inbound", status: "received", mediaCount: media.length });
      awaitPrice(store, inbound.sid, switches.get().priceAfterMs);
      onChange();
      return { sid: inbound.sid, done: work.track(handOver(inbound, number, media)) };
    },
  };
}
