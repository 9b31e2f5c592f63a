import * as z from "zod";
import { createControl } from "../sandbox/control.ts";
import { ControlFault, given, pathOf, setSwitches } from "../sandbox/control-route.ts";
import { PHONE_ROUTES } from "./control-phone.ts";
import { PhoneNumber, type Route, route } from "./control-route.ts";
import { TwilioFault } from "./fault.ts";
import { BUNDLE_STATUSES, NUMBER_TYPES, OPERATIONS } from "./objects.ts";
import { CallEnded } from "./phone-line.ts";

const CountryCode = z.string().regex(/^[A-Z]{2}$/, "must be a country in two capital letters");
const Decimal = z.string().regex(/^-?\d{1,9}(\.\d{1,6})?$/, 'must be a decimal text such as "12.50"');
/** By their names in Twilio's API: `VoiceUrl`, `FriendlyName`. */
const Settings = z.record(z.string(), z.string());

const BODIES = {
  none: z.strictObject({}),
  plant: z.strictObject({
    phoneNumber: PhoneNumber.optional(),
    country: CountryCode.optional(),
    type: z.enum(NUMBER_TYPES).optional(),
    settings: Settings.optional(),
  }),
  change: Settings,
  taken: z.strictObject({ phoneNumber: PhoneNumber }),
  balance: z.strictObject({ balance: Decimal }),
  price: z.strictObject({ country: CountryCode, type: z.enum(NUMBER_TYPES), price: Decimal.nullable() }),
  bundle: z.strictObject({
    country: CountryCode,
    type: z.enum(NUMBER_TYPES),
    addressSid: z.string().optional(),
    status: z.enum(BUNDLE_STATUSES).optional(),
  }),
} as const;

function filterOf(query: URLSearchParams) {
  const operation = OPERATIONS.find((name) => name === query.get("operation"));
  if (query.has("operation") && operation === undefined) throw new ControlFault(400, `operation: must be one of ${OPERATIONS.join(", ")}`);
  return given({ operation, number: query.get("number") ?? undefined });
}

const ROUTES: readonly Route[] = [
  route("GET", "/numbers", BODIES.none, ({ state }) => ({ numbers: [...state.store.numbers.values()] })),
  route("POST", "/numbers", BODIES.plant, ({ state }, wanted) => state.plantNumber(given(wanted))),
  route("POST", "/numbers/{id}", BODIES.change, ({ state }, settings, id) => state.changeNumber(id, settings)),
  route("DELETE", "/numbers/{id}", BODIES.none, ({ state }, _, id) => state.releaseNumber(id)),
  route("POST", "/taken", BODIES.taken, ({ state }, { phoneNumber }) => {
    state.takeAway(phoneNumber);
    return { taken: [...state.store.taken] };
  }),
  route("DELETE", "/taken/{id}", BODIES.none, ({ state }, _, id) => {
    state.giveBack(id);
    return { taken: [...state.store.taken] };
  }),
  route("PUT", "/balance", BODIES.balance, ({ state }, { balance }) => {
    state.setBalance(balance);
    return { balance: state.balance() };
  }),
  route("PUT", "/prices", BODIES.price, ({ state }, { country, type, price }) => {
    state.setPrice(country, type, price);
    return { prices: Object.fromEntries(state.store.prices) };
  }),
  route("POST", "/bundles", BODIES.bundle, ({ state }, { country, type, ...rest }) => state.fileBundle({ country, type, ...given(rest) })),
  route("POST", "/reset", BODIES.none, async ({ reset }) => {
    await reset();
    return {};
  }),
  route("GET", "/held", BODIES.none, ({ waiting }) => ({ held: waiting.held() })),
  route("POST", "/release", BODIES.none, ({ waiting }) => ({ released: waiting.release() })),
  route("DELETE", "/log", BODIES.none, ({ log }) => {
    log.clear();
    return { requests: [] };
  }),
  ...PHONE_ROUTES,
  { method: "GET", path: pathOf("/log"), run: ({ log }, { query }) => ({ requests: log.entries(filterOf(query)) }) },
  { method: "GET", path: pathOf("/switches"), run: ({ switches }) => switches.get() },
  { method: "PUT", path: pathOf("/switches"), run: ({ switches }, { body }) => setSwitches(switches, body) },
];

/** What Twilio, its other customers and bad networks do, and people with telephones. */
export const handleControl = createControl({
  routes: ROUTES,
  refusalOf: (error) => {
    if (error instanceof CallEnded) return { status: 409, error: { message: error.message } };
    if (error instanceof TwilioFault) return { status: error.status, error: { message: error.message, code: error.code } };
    return undefined;
  },
});
