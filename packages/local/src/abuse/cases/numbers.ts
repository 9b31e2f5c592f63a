import { randomUUID } from "node:crypto";
import { type Attack, type Expected, refused, type Sent } from "../attack.ts";
import type { Scene } from "../scene.ts";
import type { Target } from "../targets.ts";

/** Numbers that are none in E.164, or none that anybody sells. */
const NO_NUMBERS: Readonly<Record<string, string>> = {
  "without a plus": "14155550100",
  "in national format": "(415) 555-0100",
  "with spaces": "+1 415 555 0100",
  "with dashes": "+1-415-555-0100",
  "with a zero in front": "+014155550100",
  "with two zeros in front": "0014155550100",
  "with two pluses": "++14155550100",
  "of 6 digits": "+123456",
  "of 16 digits": "+1234567890123456",
  "with letters": "+1415555CALL",
  "with an extension": "+14155550100x12",
  "with a line feed behind": "+14155550100\n",
  "in full-width digits": "+１４１５５５５０１００",
  "in Devanagari digits": "+१४१५५५५०१००",
  "as a tel URI": "tel:+14155550100",
  "with a wildcard": "+1415555*",
  "as a key of the table": "+14155550100#NUMBER",
};

const QUERIES: Readonly<Record<string, readonly [query: string, field: string]>> = {
  "a country in small letters": ["country=us", "query.country"],
  "a country of three letters": ["country=USA", "query.country"],
  "a country by its calling code": ["country=1", "query.country"],
  "a type that Twilio names otherwise": ["country=US&type=tollfree", "query.type"],
  "an area code of two digits": ["country=US&areaCode=41", "query.areaCode"],
  "an area code of four digits": ["country=US&areaCode=4155", "query.areaCode"],
  "an area code that begins with 1": ["country=US&areaCode=155", "query.areaCode"],
  "one character to contain": ["country=US&contains=4", "query.contains"],
  "a sign to contain": ["country=US&contains=%2B1415", "query.contains"],
  "17 characters to contain": ["country=US&contains=12345678901234567", "query.contains"],
  "a pattern to contain": ["country=US&contains=.%2B", "query.contains"],
  "a capability that is none": ["country=US&capabilities=voice,telepathy", "query.capabilities"],
  "capabilities with spaces": ["country=US&capabilities=voice, sms", "query.capabilities"],
  "five capabilities": ["country=US&capabilities=voice,sms,mms,fax,voice", "query.capabilities"],
  "a place of 65 characters": [`country=US&locality=${"a".repeat(65)}`, "query.locality"],
  "a place with a path in it": ["country=US&region=..%2F..%2FAccounts", "query.region"],
  "a currency that is none": ["country=US&currency=EUR", "query.currency"],
  "51 numbers": ["country=US&limit=51", "query.limit"],
};

const MONDAY = { from: "09:00", to: "17:00" };
const hours = (days: unknown, timeZone: unknown = "Asia/Kolkata") => ({ businessHours: { timeZone, days } });

/** Settings that no number can have. */
const SETTINGS: Readonly<Record<string, readonly [patch: object, field: string, status?: number]>> = {
  "a zone that is none": [hours({ mon: [MONDAY] }, "Asia/Atlantis"), "body.businessHours"],
  "a zone as an offset": [hours({ mon: [MONDAY] }, "+05:30"), "body.businessHours"],
  "a zone of 65 characters": [hours({ mon: [MONDAY] }, "A".repeat(65)), "body.businessHours"],
  "a zone with a path in it": [hours({ mon: [MONDAY] }, "../../etc/localtime"), "body.businessHours"],
  "a day that is none": [hours({ noday: [MONDAY] }), "body.businessHours"],
  "a day in capitals": [hours({ MON: [MONDAY] }), "body.businessHours"],
  "a day without hours": [hours({ mon: [] }), "body.businessHours"],
  "a day of five spans": [hours({ mon: [MONDAY, MONDAY, MONDAY, MONDAY, MONDAY] }), "body.businessHours"],
  "24 o'clock": [hours({ mon: [{ from: "00:00", to: "24:00" }] }), "body.businessHours"],
  "minute 60": [hours({ mon: [{ from: "09:60", to: "10:00" }] }), "body.businessHours"],
  "an hour of one digit": [hours({ mon: [{ from: "9:00", to: "10:00" }] }), "body.businessHours"],
  "half a span": [hours({ mon: [{ from: "09:00" }] }), "body.businessHours"],
  "a span with more": [hours({ mon: [{ ...MONDAY, owner: "somebody" }] }), "body.businessHours"],
  "hours without a zone": [{ businessHours: { days: {} } }, "body.businessHours"],
  "days as a list": [hours([MONDAY]), "body.businessHours"],
  "a prototype for a day": [JSON.parse('{"businessHours":{"timeZone":"UTC","days":{"__proto__":[]}}}') as object, "body.businessHours"],
  "a greeting of 501 characters": [{ greeting: "a".repeat(501) }, "body.greeting"],
  "a greeting of two lines": [{ greeting: "one\ntwo" }, "body.greeting"],
  "a greeting of spaces": [{ greeting: "   " }, "body.greeting"],
  "a name of nothing": [{ friendlyName: null }, "body.friendlyName"],
  "a language that is not spoken": [{ language: "en-GB" }, "body.language"],
  "a mode that is none": [{ answeringMode: "ignore" }, "body.answeringMode"],
  "forwarding to nobody": [{ answeringMode: "forward", forwardTo: null }, "body.forwardTo", 422],
  "forwarding to a name": [{ answeringMode: "forward", forwardTo: "Bob" }, "body.forwardTo"],
  "forwarding to an emergency number": [{ forwardTo: "112" }, "body.forwardTo"],
  "another number": [{ phoneNumber: "+14155550100" }, "body.phoneNumber"],
  "another state": [{ state: "active" }, "body.state"],
  "a paid month": [{ periods: 12 }, "body.periods"],
  "another owner": [{ owner: "stranger" }, "body.owner"],
};

/** Each attack under a key of its own, or it would be refused as another request under a key in use. */
const freshKey = (headers: Sent["headers"]): Sent["headers"] =>
  headers.map(([name, value]) => [name, name === "idempotency-key" ? randomUUID() : value] as const);

/** What is wrong with a number, a search or a setting, beyond what the schema alone makes of it. */
export function numberAttacks(target: Target, scene: Scene): Attack[] {
  const good = scene.good(target);
  const body = () => JSON.parse(String(good.body)) as Record<string, unknown>;
  const sent = (name: string, change: object, expected: Expected, marks: readonly string[] = []): Attack => ({
    name,
    request: { ...good, headers: freshKey(good.headers), body: JSON.stringify({ ...body(), ...change }) },
    expected,
    marks,
  });
  const wrongNumbers = (field: string) =>
    Object.entries(NO_NUMBERS).map(([what, phone]) =>
      sent(`${field}: a number ${what}`, { [field]: phone }, refused(`body.${field}`), [phone]),
    );
  switch (target.id) {
    case "searchNumbers":
      return Object.entries(QUERIES).map(([what, [query, field]]) => ({
        name: `search for ${what}`,
        request: { ...good, path: `${target.path}?${query.replaceAll(" ", "%20")}` },
        expected: refused(field),
      }));
    case "purchaseNumber":
      return [
        ...wrongNumbers("phoneNumber"),
        sent("a purchase for another owner", { owner: "stranger" }, refused("body.owner")),
        sent("a purchase at a price of one's own", { expectedMinor: 1 }, { by: "api", status: 409, code: "number.price_moved" }),
        sent("a purchase at a month of one's own", { expectedMonthlyMinor: 1 }, { by: "api", status: 409, code: "number.price_moved" }),
        sent("a purchase in another currency", { currency: "INR" }, { by: "api", status: 409, code: "number.price_moved" }),
        sent(
          "a purchase of a number that nobody sells",
          { phoneNumber: "+14155550199" },
          { by: "api", status: 409, code: "number.not_available" },
        ),
        sent("a purchase in a country without it", { country: "GB" }, { by: "api", status: 409, code: "number.not_available" }),
        sent("a purchase as a dearer type", { type: "toll_free" }, { by: "api", status: 409, code: "number.not_available" }),
        sent(
          "a purchase of somebody's number",
          { phoneNumber: scene.victim.phoneNumber },
          { by: "api", status: 409, code: "number.not_available" },
        ),
        sent("a purchase of a minor unit and a half", { expectedMinor: 300.5 }, refused("body.expectedMinor")),
        sent("a purchase in state active", { state: "active" }, refused("body.state")),
      ];
    case "updateNumber":
      return [
        ...Object.entries(SETTINGS).map(([what, [patch, field, status]]) => sent(`settings with ${what}`, patch, refused(field, status))),
        sent("forwarding to itself", { forwardTo: scene.victim.phoneNumber }, refused("body.forwardTo", 422)),
        ...wrongNumbers("forwardTo"),
      ];
    case "repairNumber":
      return [
        ...wrongNumbers("phoneNumber"),
        sent("repair of a number that nobody has", { phoneNumber: "+14155550199" }, { by: "api", status: 404, code: "number.not_found" }),
      ];
    default:
      return [];
  }
}
