import { decimalOf, microsOf } from "./amount.ts";
import { ownedBy } from "./numbers.ts";
import type { Call, Message } from "./objects.ts";
import { whereaboutsOf } from "./places.ts";
import { minutePrice, segmentPrice } from "./prices.ts";
import { replace, type Store } from "./store.ts";

const times = (price: string, count: number): string => decimalOf(-microsOf(price) * count);

function priceOfCall(store: Store, { to, direction, duration }: Call): string {
  const minutes = Math.ceil(Number(duration ?? 0) / 60);
  const { country } = whereaboutsOf(to);
  const called = ownedBy(store, to)?.type === "tollfree" ? "calledTollFree" : "called";
  return times(minutePrice(country, direction === "inbound" ? called : "callFixed"), minutes);
}

function priceOfMessage({ from, to, direction, num_segments: segments }: Message): string {
  const inbound = direction === "inbound";
  const { country } = whereaboutsOf(inbound ? to : to.startsWith("+") ? to : from);
  return times(segmentPrice(country, inbound ? "texted" : "text"), Number(segments));
}

/** A call or a text has ended: it gets its price so much later. Until then the price is null, as at Twilio. */
export function awaitPrice(store: Store, sid: string, afterMs: number): void {
  store.pricesDueMs.set(sid, store.nowMs() + afterMs);
}

/** Sets the prices that are due by now. */
export function settlePrices(store: Store): void {
  for (const [sid, dueMs] of store.pricesDueMs) {
    if (dueMs > store.nowMs()) continue;
    store.pricesDueMs.delete(sid);
    const call = store.calls.get(sid);
    const message = store.messages.get(sid);
    if (call?.price === null) replace(store.calls, call, { price: priceOfCall(store, call) });
    if (message?.price === null) replace(store.messages, message, { price: priceOfMessage(message) });
  }
}
