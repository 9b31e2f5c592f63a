import { notFound, TwilioFault } from "./fault.ts";
import type { Form } from "./form.ts";
import { MAGIC_AVAILABLE, MAGIC_FROM, MAGIC_TO } from "./magic.ts";
import { ownedBy } from "./numbers.ts";
import { API_VERSION, E164, type Message } from "./objects.ts";
import { segmentsOf } from "./segments.ts";
import type { Store } from "./store.ts";
import { within } from "./times.ts";

const MAX_BODY_LENGTH = 1600;

interface Text {
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly direction: Message["direction"];
  readonly status: Message["status"];
  readonly mediaCount?: number;
}

/** Adds a text to the account, sent or received. Its price is null until somebody sets it. */
export function addMessage(store: Store, { from, to, body, direction, status, mediaCount = 0 }: Text): Message {
  const sid = store.newSid(mediaCount > 0 ? "MM" : "SM");
  const path = store.accountPath(`/Messages/${sid}`);
  const message: Message = {
    sid,
    account_sid: store.accountSid,
    api_version: API_VERSION,
    body,
    from,
    to,
    direction,
    status,
    num_segments: String(segmentsOf(body)),
    num_media: String(mediaCount),
    price: null,
    price_unit: "USD",
    error_code: null,
    error_message: null,
    messaging_service_sid: null,
    date_created: store.now(),
    date_sent: status === "queued" ? null : store.now(),
    date_updated: store.now(),
    uri: `${path}.json`,
    subresource_uris: { media: `${path}/Media.json` },
  };
  store.messages.set(sid, message);
  return message;
}

function refuse(codes: Readonly<Record<string, number>>, phoneNumber: string): void {
  const code = codes[phoneNumber];
  if (code !== undefined) throw new TwilioFault(code);
}

function checkSender(store: Store, from: string): void {
  refuse(MAGIC_FROM, from);
  if (from === MAGIC_AVAILABLE) return;
  if (!E164.test(from)) throw new TwilioFault(21212, `The 'From' number ${from.slice(0, 40)} is not a valid phone number`);
  if (ownedBy(store, from)?.capabilities.sms !== true) throw new TwilioFault(21606);
}

export const optOutKey = (ours: string, theirs: string): string => `${ours}/${theirs}`;

/** Takes a text for sending: it is queued, and stays so until somebody carries it. */
export function sendMessage(store: Store, form: Form): Message {
  const to = form.get("To") ?? "";
  const from = form.get("From") ?? "";
  const body = form.get("Body") ?? "";
  const mediaCount = form.getAll("MediaUrl").length;
  if (to === "") throw new TwilioFault(21604);
  if (from === "") throw new TwilioFault(21603);
  if (body === "" && mediaCount === 0) throw new TwilioFault(21602);
  if (body.length > MAX_BODY_LENGTH) throw new TwilioFault(21617);
  if (!E164.test(to)) throw new TwilioFault(21211, `The 'To' number ${to.slice(0, 40)} is not a valid phone number`);
  if (to === from) throw new TwilioFault(21266);
  refuse(MAGIC_TO, to);
  checkSender(store, from);
  if (store.optOuts.has(optOutKey(from, to))) throw new TwilioFault(21610);
  const message = addMessage(store, { from, to, body, mediaCount, direction: "outbound-api", status: "queued" });
  for (const carry of store.onSend) carry(message, form.get("StatusCallback"));
  return message;
}

export function fetchMessage(store: Store, sid: string): Message {
  const message = store.messages.get(sid);
  if (!message) throw notFound(store.accountPath(`/Messages/${sid}.json`));
  return message;
}

export const listMessages = (store: Store, form: Form): readonly Message[] =>
  [...store.messages.values()].reverse().filter((message) => {
    const is = (parameter: string, actual: string) => (form.get(parameter) ?? actual) === actual;
    return is("To", message.to) && is("From", message.from) && within(form, "DateSent", message.date_sent);
  });
