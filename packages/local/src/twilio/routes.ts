import { createAddress, fetchAddress, listAddresses, listBundles } from "./addresses.ts";
import { decimalOf } from "./amount.ts";
import { fetchCall, fetchRecording, listCalls, listRecordings, soundOf } from "./calls.ts";
import { COUNTRIES, countryOf } from "./countries.ts";
import { notFound } from "./fault.ts";
import type { Form } from "./form.ts";
import { fetchMessage, listMessages, sendMessage } from "./messages.ts";
import { buyNumber, fetchNumber, listNumbers, releaseNumber, updateNumber } from "./numbers.ts";
import type { Operation } from "./objects.ts";
import { listPage, metaPage } from "./paging.ts";
import { pricedCountries, priceSheet, type SheetName, sheetPath } from "./prices.ts";
import { countryWire, searchNumbers } from "./search.ts";
import type { Store } from "./store.ts";
import type { SwitchSettings } from "./switches.ts";

export interface Call {
  readonly store: Store;
  readonly switches: SwitchSettings;
  readonly path: string;
  /** `http://127.0.0.1:<port>`, for the APIs that answer absolute addresses. */
  readonly origin: string;
  /** What stands in the path: a SID or a country, and a type. */
  readonly id: string;
  readonly type: string;
  readonly form: Form;
}

export interface Answer {
  readonly status: number;
  readonly body?: object;
  /** A file instead of JSON. */
  readonly sound?: Uint8Array<ArrayBuffer>;
}

export interface Route {
  readonly operation: Operation;
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (call: Call) => Answer;
}

/** `{id}` stands for a SID or a country, `{type}` for a type of number. */
const pattern = (path: string) =>
  new RegExp(`^${path.replaceAll(".", "\\.").replace("{id}", "(?<id>[^/.]+)").replace("{type}", "(?<type>[A-Za-z]+)")}$`);

const route = (operation: Operation, method: string, path: string, answer: (call: Call) => Answer): Route => ({
  operation,
  method,
  path: pattern(path),
  answer,
});

/** A route of the account: `path` is what follows `/Accounts/{AccountSid}`. */
const account = (operation: Operation, method: string, path: string, answer: (call: Call) => Answer): Route =>
  route(operation, method, `/2010-04-01/Accounts/[^/]+${path}`, answer);

const ok = (body: object): Answer => ({ status: 200, body });
const created = (body: object): Answer => ({ status: 201, body });

const priced = (name: SheetName, operation: "numbers" | "voice" | "messaging"): readonly Route[] => [
  route(`pricing.${operation}.list`, "GET", sheetPath(name), ({ origin, path, form }) =>
    ok(metaPage("countries", pricedCountries(name, origin), origin + path, form)),
  ),
  route(`pricing.${operation}.fetch`, "GET", `${sheetPath(name)}/{id}`, ({ store, origin, id }) => ok(priceSheet(store, name, origin, id))),
];

export const ROUTES: readonly Route[] = [
  account("countries.list", "GET", "/AvailablePhoneNumbers.json", ({ store, path }) =>
    ok({ countries: COUNTRIES.map((country) => countryWire(store, country)), uri: path }),
  ),
  account("countries.fetch", "GET", "/AvailablePhoneNumbers/{id}.json", ({ store, id, path }) => {
    const country = countryOf(id);
    if (!country) throw notFound(path);
    return ok(countryWire(store, country));
  }),
  account("available.list", "GET", "/AvailablePhoneNumbers/{id}/{type}.json", ({ store, id, type, path, form }) =>
    ok(searchNumbers(store, path, id, type, form)),
  ),
  account("numbers.create", "POST", "/IncomingPhoneNumbers.json", ({ store, form, switches }) =>
    created(buyNumber(store, form, switches.account)),
  ),
  account("numbers.list", "GET", "/IncomingPhoneNumbers.json", ({ store, form, path, switches }) =>
    ok(listPage("incoming_phone_numbers", listNumbers(store, form, switches.listLagMs), path, form)),
  ),
  account("numbers.fetch", "GET", "/IncomingPhoneNumbers/{id}.json", ({ store, id }) => ok(fetchNumber(store, id))),
  account("numbers.update", "POST", "/IncomingPhoneNumbers/{id}.json", ({ store, id, form }) => ok(updateNumber(store, id, form))),
  account("numbers.delete", "DELETE", "/IncomingPhoneNumbers/{id}.json", ({ store, id }) => {
    releaseNumber(store, id);
    return { status: 204 };
  }),
  account("addresses.create", "POST", "/Addresses.json", ({ store, form }) => created(createAddress(store, form))),
  account("addresses.list", "GET", "/Addresses.json", ({ store, form, path }) =>
    ok(listPage("addresses", listAddresses(store, form), path, form)),
  ),
  account("addresses.fetch", "GET", "/Addresses/{id}.json", ({ store, id }) => ok(fetchAddress(store, id))),
  account("balance.fetch", "GET", "/Balance.json", ({ store }) =>
    ok({ account_sid: store.accountSid, balance: decimalOf(store.balanceMicros), currency: "USD" }),
  ),
  account("messages.create", "POST", "/Messages.json", ({ store, form }) => created(sendMessage(store, form))),
  account("messages.list", "GET", "/Messages.json", ({ store, form, path }) =>
    ok(listPage("messages", listMessages(store, form), path, form)),
  ),
  account("messages.fetch", "GET", "/Messages/{id}.json", ({ store, id }) => ok(fetchMessage(store, id))),
  account("calls.list", "GET", "/Calls.json", ({ store, form, path }) => ok(listPage("calls", listCalls(store, form), path, form))),
  account("calls.fetch", "GET", "/Calls/{id}.json", ({ store, id }) => ok(fetchCall(store, id))),
  account("recordings.list", "GET", "/Calls/{id}/Recordings.json", ({ store, id, form, path }) =>
    ok(listPage("recordings", listRecordings(store, form, id), path, form)),
  ),
  account("recordings.list", "GET", "/Recordings.json", ({ store, form, path }) =>
    ok(listPage("recordings", listRecordings(store, form, form.get("CallSid")), path, form)),
  ),
  account("recordings.fetch", "GET", "/Recordings/{id}.json", ({ store, id, origin }) => {
    const recording = fetchRecording(store, id);
    return ok({ ...recording, media_url: `${origin}${recording.uri.replace(/\.json$/, "")}` });
  }),
  account("recordings.media", "GET", "/Recordings/{id}(?:.wav)?", ({ store, id }) => ({
    status: 200,
    sound: soundOf(fetchRecording(store, id)),
  })),
  route("bundles.list", "GET", "/v2/RegulatoryCompliance/Bundles", ({ store, form, origin, path }) =>
    ok(metaPage("results", listBundles(store, form), origin + path, form)),
  ),
  ...priced("numbers", "numbers"),
  ...priced("voiceV1", "voice"),
  ...priced("voiceV2", "voice"),
  ...priced("messaging", "messaging"),
];
