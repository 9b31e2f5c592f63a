import type { Alerts } from "./alerts.ts";
import type { Changes } from "./changes.ts";
import { settlePrices } from "./late-prices.ts";
import type { Message } from "./objects.ts";
import type { TwilioState } from "./state.ts";
import type { PhoneCall, Telephone } from "./telephone.ts";

/** A call as the page and the control API show it. */
export function callView(call: PhoneCall) {
  const { sid, from, to, status, duration, price, price_unit: currency } = call.record;
  return {
    sid,
    from,
    to,
    status,
    durationSeconds: duration === null ? null : Number(duration),
    price: price === null ? null : `${price} ${currency}`,
    listening: call.listening ?? null,
    heard: call.heard,
    transcript: call.transcript,
    recordings: call.recordings.map((recording) => ({ sid: recording.sid, seconds: Number(recording.duration) })),
  };
}

export function textView({
  sid,
  from,
  to,
  body,
  direction,
  status,
  num_media: media,
  price,
  date_created: at,
  error_code: error,
}: Message) {
  return { sid, from, to, body, direction, status, media: Number(media), price, errorCode: error, atMs: Date.parse(at) };
}

const CALLS_SHOWN = 20;
const TEXTS_SHOWN = 300;

interface World {
  readonly state: TwilioState;
  readonly telephone: Telephone;
  readonly alerts: Alerts;
  readonly changes: Changes;
}

/** All that the page shows, and the version to wait from. */
export function feedOf({ state, telephone, alerts, changes }: World) {
  settlePrices(state.store);
  return {
    version: changes.version(),
    numbers: [...state.store.numbers.values()].map((number) => ({
      phoneNumber: number.phone_number,
      name: number.friendly_name,
      voice: number.capabilities.voice,
      sms: number.capabilities.sms,
      voiceUrl: number.voice_url,
      smsUrl: number.sms_url,
    })),
    calls: telephone.calls().slice(0, CALLS_SHOWN).map(callView),
    texts: [...state.store.messages.values()].slice(-TEXTS_SHOWN).map(textView),
    alerts: alerts.entries().slice(-20),
  };
}
