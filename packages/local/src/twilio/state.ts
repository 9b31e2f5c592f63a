import { type BundleOptions, fileBundle } from "./addresses.ts";
import { decimalOf, microsOf } from "./amount.ts";
import { addCall, addRecording, endCall } from "./calls.ts";
import { countryOf } from "./countries.ts";
import { TwilioFault } from "./fault.ts";
import { type Form, settingsOf } from "./form.ts";
import { addMessage } from "./messages.ts";
import { acquire, ownedBy, releaseNumber } from "./numbers.ts";
import type { Bundle, Call, IncomingNumber, Message, NumberType, Recording } from "./objects.ts";
import { priceKey } from "./prices.ts";
import { firstAvailable } from "./search.ts";
import { createStore, replace, type Snapshot, type Store } from "./store.ts";

/** The one account that the sandbox knows. It opens nothing but the sandbox. */
export const SANDBOX_ACCOUNT_SID = `AC${"5a4db0c5".repeat(4)}`;

export interface TwilioStateOptions {
  /** Epoch milliseconds. Dates, the lag of lists and the cool-down of released numbers go by it. */
  readonly clock: () => number;
  /** Draws the stock and the SIDs; the same seed and history give the same ones. Default 1. */
  readonly seed?: number;
  /** Default: `SANDBOX_ACCOUNT_SID`. */
  readonly accountSid?: string;
  /** A world to continue, from `snapshot()`. */
  readonly snapshot?: Snapshot;
}

type WithoutFirst<F> = F extends (store: Store, ...rest: infer R) => infer T ? (...rest: R) => T : never;

/** Twilio's world behind the API: what its people, its other customers and the telephone network do. Synchronous, no sockets. */
export interface TwilioState {
  /** The objects, to be read. */
  readonly store: Store;
  ownedNumber(phoneNumber: string): IncomingNumber | undefined;
  /** Adds a number to the account that nobody asked for: this one, or the first in stock of that kind (default: US, local). */
  plantNumber(wanted?: PlantedNumber): IncomingNumber;
  /** Changes a number as somebody with the console open does; `settings` by their names in the API (`VoiceUrl`). */
  changeNumber(phoneNumber: string, settings: Readonly<Record<string, string>>): IncomingNumber;
  /** Gives a number back, behind the client's back. */
  releaseNumber(phoneNumber: string): IncomingNumber;
  /** Another customer of Twilio's buys a number. Throws if the account owns it. */
  takeAway(phoneNumber: string): void;
  /** The other customer gives it back. */
  giveBack(phoneNumber: string): void;
  balance(): string;
  /** A decimal text in US dollars. At zero or below every call is refused. */
  setBalance(balance: string): void;
  /** A month of a kind of number costs something else from now on; null: what the catalogue says. */
  setPrice(country: string, type: NumberType, price: string | null): void;
  fileBundle(options: BundleOptions): Bundle;
  addMessage: WithoutFirst<typeof addMessage>;
  updateMessage(sid: string, change: Partial<Message>): Message;
  addCall: WithoutFirst<typeof addCall>;
  updateCall(sid: string, change: Partial<Call>): Call;
  endCall: WithoutFirst<typeof endCall>;
  addRecording: WithoutFirst<typeof addRecording>;
  updateRecording(sid: string, change: Partial<Recording>): Recording;
  /** Forgets everything, as if the account were new. */
  reset(): void;
  snapshot(): Snapshot;
}

export interface PlantedNumber {
  readonly phoneNumber?: string;
  readonly country?: string;
  readonly type?: NumberType;
  readonly settings?: Readonly<Record<string, string>>;
}

function stockFor(store: Store, { phoneNumber, country: code = "US", type = "local" }: PlantedNumber) {
  if (phoneNumber !== undefined) return store.catalogue.find(phoneNumber);
  const country = countryOf(code);
  const offer = country?.offers.find((candidate) => candidate.type === type);
  return country && offer ? firstAvailable(store, country, offer, new URLSearchParams(), 1)[0] : undefined;
}

function present<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new TwilioFault(20404, `There is no ${what}`);
  return found;
}

const formOf = (settings: Readonly<Record<string, string>> = {}): Form => new URLSearchParams(settings);

/** A world of its own. See `TwilioState`. */
export function createTwilioState({ clock, seed = 1, accountSid = SANDBOX_ACCOUNT_SID, snapshot }: TwilioStateOptions): TwilioState {
  const store = createStore({ clock, seed, accountSid, ...(snapshot && { snapshot }) });
  const owned = (phoneNumber: string) => present(ownedBy(store, phoneNumber), `number ${phoneNumber} on this account`);

  return {
    store,
    ownedNumber: (phoneNumber) => ownedBy(store, phoneNumber),
    plantNumber: (wanted = {}) => {
      const stock = present(stockFor(store, wanted), "such number in stock");
      if (ownedBy(store, stock.phoneNumber)) throw new TwilioFault(21422, `${stock.phoneNumber} is on this account already`);
      return acquire(store, stock, settingsOf(formOf(wanted.settings)));
    },
    changeNumber: (phoneNumber, settings) =>
      replace(store.numbers, owned(phoneNumber), { ...settingsOf(formOf(settings)), date_updated: store.now() }),
    releaseNumber: (phoneNumber) => {
      const number = owned(phoneNumber);
      releaseNumber(store, number.sid);
      return number;
    },
    takeAway: (phoneNumber) => {
      if (ownedBy(store, phoneNumber)) throw new TwilioFault(21422, `${phoneNumber} is on this account`);
      store.taken.add(phoneNumber);
    },
    giveBack: (phoneNumber) => void store.taken.delete(phoneNumber),
    balance: () => decimalOf(store.balanceMicros),
    setBalance: (balance) => {
      store.balanceMicros = microsOf(balance);
    },
    setPrice: (code, type, price) => {
      const country = present(countryOf(code), `country ${code}`);
      present(
        country.offers.find((offer) => offer.type === type),
        `${type} number in ${code}`,
      );
      if (price === null) return void store.prices.delete(priceKey(country.code, type));
      microsOf(price);
      store.prices.set(priceKey(country.code, type), price);
    },
    fileBundle: (options) => fileBundle(store, options),
    addMessage: (text) => addMessage(store, text),
    updateMessage: (sid, change) =>
      replace(store.messages, present(store.messages.get(sid), `message ${sid}`), { ...change, date_updated: store.now() }),
    addCall: (call) => addCall(store, call),
    updateCall: (sid, change) =>
      replace(store.calls, present(store.calls.get(sid), `call ${sid}`), { ...change, date_updated: store.now() }),
    endCall: (sid, status) => endCall(store, sid, status),
    addRecording: (...recording) => addRecording(store, ...recording),
    updateRecording: (sid, change) =>
      replace(store.recordings, present(store.recordings.get(sid), `recording ${sid}`), { ...change, date_updated: store.now() }),
    reset: () => store.reset(),
    snapshot: () => store.snapshot(),
  };
}
