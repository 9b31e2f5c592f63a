import { type FailNext, startTwilioSandbox, type TwilioSandbox } from "@aira/local/twilio/index";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AiraError } from "../lib/index.ts";
import type { NumberOrder, NumberProvider, NumberQuery } from "./provider.ts";
import { createTwilioProvider, type TwilioOptions } from "./twilio.ts";

const SID = `PN${"0".repeat(32)}`;
const nothing = () => undefined;

const WEBHOOKS = {
  voiceUrl: "https://aira.example/api/voice-agent/handle-call",
  voiceFallbackUrl: "https://aira.example/api/voice-agent/call-fallback",
  smsUrl: "https://aira.example/api/voice-agent/handle-sms",
  smsFallbackUrl: "https://aira.example/api/voice-agent/sms-fallback",
  statusCallbackUrl: "https://aira.example/api/voice-agent/status",
};

const order = (change: Partial<NumberOrder> = {}): NumberOrder => ({
  phoneNumber: "+15005550006",
  country: "US",
  type: "local",
  addressRequirement: "none",
  tag: "aira:test:pur_1",
  webhooks: WEBHOOKS,
  ...change,
});

const query = (change: Partial<NumberQuery> = {}): NumberQuery => ({ country: "US", type: "local", limit: 5, ...change });

/** The adapter over answers in a row, the last one for ever. */
function answering(...answers: (() => Response)[]) {
  const requests: Request[] = [];
  const provider = createTwilioProvider({
    accountSid: "AC1",
    authToken: "very-secret",
    addresses: nothing,
    bundles: nothing,
    wait: async () => undefined,
    fetch: async (input, init) => {
      requests.push(new Request(input, init));
      return (answers[requests.length - 1] ?? answers.at(-1)!)();
    },
  });
  return { provider, requests };
}

const json = (body: unknown, status = 200) => answering(() => Response.json(body, { status }));

const failureOf = (call: Promise<unknown>): Promise<AiraError> =>
  call.then(
    (result) => expect.fail(`the call was expected to fail, and gave ${JSON.stringify(result)}`),
    (error) => error,
  );

describe("over the Twilio sandbox", () => {
  let sandbox: TwilioSandbox;
  let provider: NumberProvider;
  const connect = (change: Partial<TwilioOptions> = {}) =>
    createTwilioProvider({
      accountSid: sandbox.accountSid,
      authToken: sandbox.authToken,
      apiBase: sandbox.url,
      addresses: nothing,
      bundles: nothing,
      wait: async () => undefined,
      ...change,
    });
  const fail = (failure: Partial<FailNext>) => sandbox.switches.set({ failNext: [failure] });
  const posts = () => sandbox.log.count({ operation: "numbers.create" });
  const found = async (change: Partial<NumberQuery> = {}) => (await provider.search(query({ limit: 1, ...change })))[0]!;

  beforeAll(async () => {
    sandbox = await startTwilioSandbox({ port: 0 });
    provider = connect();
  });
  beforeEach(() => sandbox.reset());
  afterAll(() => sandbox.stop());

  test("countries come with the types that Twilio sells there", async () => {
    const countries = await provider.countries();
    expect(countries).toContainEqual({ country: "US", name: "United States", types: ["local", "toll_free"] });
    expect(countries).toContainEqual({ country: "GB", name: "United Kingdom", types: ["local", "toll_free", "mobile", "national"] });
    expect(await provider.typesOf("IE")).toEqual(["local", "national"]);
    expect(await provider.typesOf("KP")).toEqual([]);
  });

  test("a search answers what a customer chooses by", async () => {
    const numbers = await provider.search(query({ areaCode: "415", limit: 3 }));
    expect(numbers).toHaveLength(3);
    for (const number of numbers) {
      expect(number).toMatchObject({ country: "US", type: "local", region: "CA", addressRequirement: "none" });
      expect(number.phoneNumber).toMatch(/^\+1415\d{7}$/);
      expect(number.nationalFormat).toMatch(/^\(415\) \d{3}-\d{4}$/);
      expect(number.capabilities).toContain("voice");
    }
    expect((await found({ country: "GB", type: "mobile" })).addressRequirement).toBe("any");
    expect((await found({ country: "GB", type: "national" })).type).toBe("national");
    expect((await found({ type: "toll_free" })).capabilities).toEqual(["voice", "sms", "mms"]);
  });

  test("every filter narrows the search", async () => {
    const sample = await found({ areaCode: "415" });
    const { region, locality } = sample;
    const place = { region: region ?? undefined, locality: locality ?? undefined };
    for (const number of await provider.search(query({ ...place, limit: 50 }))) expect(number).toMatchObject({ region, locality });
    const digits = sample.phoneNumber.slice(-7);
    expect((await provider.search(query({ contains: `${digits.slice(0, 3)}****` }))).length).toBeGreaterThan(0);
    for (const number of await provider.search(query({ contains: digits }))) expect(number.phoneNumber).toContain(digits);
    for (const number of await provider.search(query({ capabilities: ["voice", "sms", "mms"], limit: 50 })))
      expect(number.capabilities).toEqual(expect.arrayContaining(["voice", "sms", "mms"]));
  });

  test.each([
    ["a country", { country: "KP" }],
    ["a type", { type: "mobile" }],
    ["an area", { areaCode: "999" }],
  ] as const)("%s that is not sold is an empty list", async (_, change) => {
    expect(await provider.search(query(change))).toEqual([]);
  });

  test("a number is available under its own country and type alone, until it is ours", async () => {
    const number = await found({ areaCode: "212" });
    expect(await provider.findAvailable(number.phoneNumber, "US", "local")).toEqual(number);
    expect(await provider.findAvailable(number.phoneNumber, "US", "toll_free")).toBeUndefined();
    expect(await provider.findAvailable(number.phoneNumber, "CA", "local")).toBeUndefined();
    expect(await provider.findAvailable(number.phoneNumber, "KP", "local")).toBeUndefined();
    expect(await provider.findAvailable(number.phoneNumber.slice(0, -1), "US", "local")).toBeUndefined();
    expect(await provider.buy(order(number))).toMatchObject({ outcome: "bought" });
    expect(await provider.findAvailable(number.phoneNumber, "US", "local")).toBeUndefined();
  });

  test("a purchase sets everything that a number is told, and is found by its number", async () => {
    const number = await found();
    const outcome = await provider.buy(order(number));
    const sid = outcome.outcome === "bought" && outcome.sid;
    const owned = { sid, phoneNumber: number.phoneNumber, tag: "aira:test:pur_1", webhooks: WEBHOOKS };
    expect(await provider.findOwned(number.phoneNumber)).toEqual(owned);
    expect(await provider.listOwned(undefined)).toEqual({ numbers: [owned], next: undefined });
    expect(sandbox.state.ownedNumber(number.phoneNumber)).toMatchObject({
      voice_method: "POST",
      voice_fallback_method: "POST",
      sms_method: "POST",
      sms_fallback_method: "POST",
      status_callback_method: "POST",
      address_sid: null,
      bundle_sid: null,
    });
  });

  test("an address and a bundle that are on file go with the purchase", async () => {
    const address = await fileAddress("AU");
    const { sid: bundle } = sandbox.state.fileBundle({ country: "AU", type: "mobile", addressSid: address });
    const on = connect({
      addresses: () => address,
      bundles: (country, type) => (country === "AU" && type === "mobile" ? bundle : undefined),
    });
    const number = await found({ country: "AU", type: "mobile" });
    expect(await on.buy(order(number))).toMatchObject({ outcome: "bought" });
    expect(sandbox.state.ownedNumber(number.phoneNumber)).toMatchObject({ address_sid: address, bundle_sid: bundle });
  });

  test("an address that is not on file is refused before Twilio is asked, and named", async () => {
    const number = await found({ country: "IE", type: "local" });
    expect(number.addressRequirement).toBe("local");
    expect(await provider.buy(order(number))).toEqual({
      outcome: "refused",
      code: "number.address_required",
      detail: expect.stringContaining("a local address on file"),
    });
    expect(posts()).toBe(0);
  });

  test("what Twilio lacks is told: another address, or a bundle", async () => {
    const address = await fileAddress("US");
    const on = connect({ addresses: () => address });
    expect(await on.buy(order(await found({ country: "IE", type: "local" })))).toMatchObject({ code: "number.address_required" });
    expect(await on.buy(order(await found({ country: "DE", type: "mobile" })))).toMatchObject({ code: "number.bundle_required" });
  });

  const fileAddress = async (country: string): Promise<string> => {
    const body = new URLSearchParams({ IsoCountry: country, CustomerName: "A", Street: "1 A St", City: "A", Region: "A", PostalCode: "1" });
    const response = await fetch(`${sandbox.url}/2010-04-01/Accounts/${sandbox.accountSid}/Addresses.json`, {
      method: "POST",
      body,
      headers: { authorization: `Basic ${btoa(`${sandbox.accountSid}:${sandbox.authToken}`)}` },
    });
    return ((await response.json()) as { sid: string }).sid;
  };

  test("Twilio's magic numbers answer as they do with its test credentials", async () => {
    expect(await provider.buy(order({ phoneNumber: "+15005550000" }))).toMatchObject({ outcome: "refused", code: "number.not_available" });
    expect(await provider.buy(order({ phoneNumber: "+15005550001" }))).toMatchObject({ outcome: "refused", code: "number.not_available" });
    expect(await provider.buy(order({ phoneNumber: "+15005550006" }))).toMatchObject({ outcome: "bought" });
  });

  test("a number that somebody else took meanwhile is refused", async () => {
    const number = await found();
    fail({ operation: "numbers.create", answer: "taken" });
    expect(await provider.buy(order(number))).toMatchObject({ outcome: "refused", code: "number.not_available" });
    expect(await provider.findOwned(number.phoneNumber)).toBeUndefined();
  });

  test.each(["before", "after"] as const)("a purchase whose answer is lost %s it was made is unknown, and asked for once", async (when) => {
    for (const answer of ["reset", 500, 503, 502] as const) {
      sandbox.reset();
      const number = await found();
      fail({ operation: "numbers.create", when, answer });
      expect(await provider.buy(order(number)), String(answer)).toMatchObject({ outcome: "unknown" });
      expect(posts()).toBe(1);
      expect((await provider.findOwned(number.phoneNumber))?.tag).toBe(when === "after" ? "aira:test:pur_1" : undefined);
    }
  });

  test("a purchase that Twilio was too busy for was not made, and may be tried again", async () => {
    fail({ operation: "numbers.create", answer: 429 });
    expect(await provider.buy(order())).toMatchObject({ outcome: "refused", code: "number_provider.unavailable" });
    expect(posts()).toBe(1);
    expect(await provider.findOwned("+15005550006")).toBeUndefined();
  });

  test("our own mistakes are refusals too, never thrown", async () => {
    expect(await connect({ authToken: "wrong" }).buy(order())).toMatchObject({ outcome: "refused", code: "number_provider.refused" });
    sandbox.switches.set({ account: "restricted" });
    expect(await provider.buy(order())).toMatchObject({ outcome: "refused", detail: expect.stringContaining("restricted") });
  });

  test("numbers are listed page after page, each once", async () => {
    const planted = Array.from({ length: 230 }, () => sandbox.state.plantNumber().phone_number);
    const listed: string[] = [];
    const sizes: number[] = [];
    let after: string | undefined;
    do {
      const page = await provider.listOwned(after);
      sizes.push(page.numbers.length);
      listed.push(...page.numbers.map(({ phoneNumber }) => phoneNumber));
      after = page.next;
    } while (after !== undefined);
    expect(sizes).toEqual([100, 100, 30]);
    expect(listed.sort()).toEqual(planted.sort());
  });

  test("webhooks and tag are set again, by SID", async () => {
    const number = await found();
    const bought = await provider.buy(order(number));
    if (bought.outcome !== "bought") return expect.fail("not bought");
    sandbox.state.changeNumber(number.phoneNumber, { VoiceUrl: "https://elsewhere.example", VoiceMethod: "GET", FriendlyName: "mine" });
    const owned = { sid: bought.sid, phoneNumber: number.phoneNumber, tag: "aira:test:pur_2", webhooks: WEBHOOKS };
    expect(await provider.update(bought.sid, { tag: "aira:test:pur_2", webhooks: WEBHOOKS })).toEqual(owned);
    expect(await provider.findOwned(number.phoneNumber)).toEqual(owned);
    expect(sandbox.state.ownedNumber(number.phoneNumber)?.voice_method).toBe("POST");
    expect(await provider.update(SID, { tag: "t", webhooks: WEBHOOKS })).toBeUndefined();
  });

  test("a release happens once, and is then gone", async () => {
    const bought = await provider.buy(order());
    if (bought.outcome !== "bought") return expect.fail("not bought");
    expect(await provider.release(bought.sid)).toBe("released");
    expect(await provider.release(bought.sid)).toBe("gone");
    expect(await provider.findOwned("+15005550006")).toBeUndefined();
  });

  test("a release whose answer is lost may be asked for again", async () => {
    const bought = await provider.buy(order());
    if (bought.outcome !== "bought") return expect.fail("not bought");
    fail({ operation: "numbers.delete", when: "after", answer: "reset" });
    expect(await failureOf(provider.release(bought.sid))).toMatchObject({ code: "number_provider.unavailable" });
    expect(await provider.release(bought.sid)).toBe("gone");
  });

  test("prices are Twilio's own decimals", async () => {
    sandbox.state.setPrice("US", "local", "1.10");
    expect(await provider.prices("US")).toEqual([
      { type: "local", currency: "USD", monthly: "1.10" },
      { type: "toll_free", currency: "USD", monthly: "2.15" },
    ]);
    expect(await provider.prices("KP")).toBeUndefined();
  });

  test("the balance is a decimal too", async () => {
    sandbox.state.setBalance("12.34");
    expect(await provider.balance()).toEqual({ amount: expect.stringMatching(/^12\.34(00)?$/), currency: "USD" });
  });

  test("a read gets over one failure", async () => {
    for (const answer of ["reset", 429, 500] as const) {
      fail({ operation: "available.list", answer });
      expect(await provider.search(query({ limit: 1 })), String(answer)).toHaveLength(1);
    }
  });
});

describe("the way to Twilio", () => {
  const prices = { price_unit: "usd", phone_number_prices: [{ number_type: "local", base_price: "1.15", current_price: "1.15" }] };

  test("leads to its hosts, one for each API", async () => {
    const { provider, requests } = json({ ...prices, incoming_phone_numbers: [] });
    await provider.prices("US");
    await provider.findOwned("+14155550123");
    expect(requests.map(({ url }) => url)).toEqual([
      "https://pricing.twilio.com/v1/PhoneNumbers/Countries/US",
      "https://api.twilio.com/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json?PhoneNumber=%2B14155550123&PageSize=100",
    ]);
  });

  test("carries every filter by Twilio's name", async () => {
    const { provider, requests } = json({ available_phone_numbers: [] });
    const all = {
      areaCode: "415",
      contains: "AIRA*",
      region: "CA",
      locality: "San José",
      capabilities: ["voice", "sms", "mms", "fax"],
    } as const;
    await provider.search(query({ ...all, type: "toll_free", limit: 7 }));
    const { pathname, searchParams } = new URL(requests[0]!.url);
    expect(pathname).toBe("/2010-04-01/Accounts/AC1/AvailablePhoneNumbers/US/TollFree.json");
    expect(Object.fromEntries(searchParams)).toEqual({
      AreaCode: "415",
      Contains: "AIRA*",
      InRegion: "CA",
      InLocality: "San José",
      VoiceEnabled: "true",
      SmsEnabled: "true",
      MmsEnabled: "true",
      FaxEnabled: "true",
      PageSize: "7",
    });
  });

  test("carries an order whole, and nothing that is not on file", async () => {
    const { provider, requests } = json({ sid: SID, phone_number: "+15005550006" }, 201);
    await provider.buy(order());
    expect(Object.fromEntries(new URLSearchParams(await requests[0]!.text()))).toEqual({
      PhoneNumber: "+15005550006",
      FriendlyName: "aira:test:pur_1",
      VoiceUrl: WEBHOOKS.voiceUrl,
      VoiceMethod: "POST",
      VoiceFallbackUrl: WEBHOOKS.voiceFallbackUrl,
      VoiceFallbackMethod: "POST",
      SmsUrl: WEBHOOKS.smsUrl,
      SmsMethod: "POST",
      SmsFallbackUrl: WEBHOOKS.smsFallbackUrl,
      SmsFallbackMethod: "POST",
      StatusCallback: WEBHOOKS.statusCallbackUrl,
      StatusCallbackMethod: "POST",
    });
  });

  test("stays with Twilio, whatever a stored page or SID says", async () => {
    const { provider, requests } = json({ incoming_phone_numbers: [] });
    await provider.listOwned("//evil.example/2010-04-01/numbers");
    await provider.listOwned("https://evil.example/");
    await failureOf(provider.release("../../AC2/IncomingPhoneNumbers/PN1").then(() => Promise.reject(new Error("released"))));
    for (const { url } of requests) expect(new URL(url).origin).toBe("https://api.twilio.com");
    expect(requests[2]?.url).toContain("/Accounts/AC1/IncomingPhoneNumbers/..%2F..%2F");
  });
});

describe("a lax answer", () => {
  const number = (phone_number: string) => ({ sid: SID, phone_number, friendly_name: null });

  test("of other numbers is not the one that was looked for, on whichever page it is", async () => {
    const { provider, requests } = answering(
      () =>
        Response.json({
          incoming_phone_numbers: [number("+141555501234"), number("+14155550124")],
          next_page_uri: "/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json?Page=1&PageToken=PA1",
        }),
      () => Response.json({ incoming_phone_numbers: [number("+14155550123")], next_page_uri: null }),
    );
    expect(await provider.findOwned("+14155550123")).toMatchObject({ sid: SID, tag: "", webhooks: { voiceUrl: "", smsUrl: "" } });
    expect(requests[1]?.url).toBe("https://api.twilio.com/2010-04-01/Accounts/AC1/IncomingPhoneNumbers.json?Page=1&PageToken=PA1");
  });

  test("is cut to the limit, and an unknown address requirement counts as one", async () => {
    const one = {
      phone_number: "+14155550123",
      friendly_name: "n",
      address_requirements: "martian",
      capabilities: { SMS: true, voice: false },
    };
    const { provider } = json({ available_phone_numbers: [one, one, one] });
    const numbers = await provider.search(query({ limit: 2 }));
    expect(numbers).toHaveLength(2);
    expect(numbers[0]).toMatchObject({ addressRequirement: "any", capabilities: ["sms"], region: null, locality: null, postalCode: null });
  });

  test.each([21451, 21452])("of no such area, or none left in it (%i), is an empty list", async (code) => {
    const { provider } = json({ code, message: "No phone numbers found" }, 400);
    expect(await provider.search(query({ areaCode: "999" }))).toEqual([]);
    expect(await provider.findAvailable("+19995550123", "US", "local")).toBeUndefined();
  });

  test("names types that Aira does not sell, and they are left out", async () => {
    const country = (types: object) => ({ country_code: "SE", country: "Sweden", subresource_uris: types });
    const { provider } = answering(
      () => Response.json({ countries: [country({ voip: "/", mobile: "/" })], next_page_uri: "/next" }),
      () => Response.json({ countries: [country({ machine_to_machine: "/" })] }),
    );
    expect(await provider.countries()).toEqual([{ country: "SE", name: "Sweden", types: ["mobile"] }]);
  });

  test("without prices for what Aira sells is no price", async () => {
    expect(await json({ price_unit: "USD", phone_number_prices: null }).provider.prices("US")).toBeUndefined();
    const other = { number_type: "voip", current_price: null };
    expect(await json({ price_unit: "USD", phone_number_prices: [other] }).provider.prices("US")).toBeUndefined();
  });
});

describe("a purchase that was answered, but not about this number, is unknown", () => {
  test.each<[string, () => Response]>([
    ["no SID", () => Response.json({ phone_number: "+15005550006" }, { status: 201 })],
    ["a SID of something else", () => Response.json({ sid: "CA1", phone_number: "+15005550006" }, { status: 201 })],
    ["another number", () => Response.json({ sid: SID, phone_number: "+15005550007" }, { status: 201 })],
    ["no JSON", () => new Response("<html>", { status: 201 })],
    ["nothing", () => new Response("", { status: 201 })],
    ["null", () => new Response("null", { status: 201 })],
    ["a redirect", () => new Response("", { status: 307, headers: { location: "/again" } })],
  ])("%s", async (_, answer) => {
    const { provider, requests } = answering(answer);
    expect(await provider.buy(order())).toEqual({ outcome: "unknown", cause: expect.any(Error) });
    expect(requests).toHaveLength(1);
  });
});

describe("reads, updates and releases end in an error of ours", () => {
  const CALLS: Record<string, (provider: NumberProvider) => Promise<unknown>> = {
    countries: (provider) => provider.countries(),
    typesOf: (provider) => provider.typesOf("US"),
    search: (provider) => provider.search(query()),
    findAvailable: (provider) => provider.findAvailable("+14155550123", "US", "local"),
    findOwned: (provider) => provider.findOwned("+14155550123"),
    listOwned: (provider) => provider.listOwned(undefined),
    update: (provider) => provider.update(SID, { tag: "t", webhooks: WEBHOOKS }),
    prices: (provider) => provider.prices("US"),
    balance: (provider) => provider.balance(),
    release: (provider) => provider.release(SID),
  };
  const secret = "+14155550199 belongs to Asha";
  const ANSWERS: [string, () => Response, string][] = [
    ["a refusal", () => Response.json({ code: 21402, message: secret }, { status: 400 }), "number_provider.refused"],
    ["a wrong token", () => Response.json({ code: 20003, message: secret }, { status: 401 }), "number_provider.refused"],
    ["too many calls", () => Response.json({ code: 20429, message: secret }, { status: 429 }), "number_provider.unavailable"],
    ["a failure", () => new Response(secret, { status: 500 }), "number_provider.unavailable"],
    [
      "a lost connection",
      () => {
        throw new TypeError("fetch failed");
      },
      "number_provider.unavailable",
    ],
  ];
  const SHAPES: [string, () => Response, string][] = [
    ["another shape", () => Response.json({ message: secret }), "number_provider.unavailable"],
    ["no JSON", () => new Response(secret), "number_provider.unavailable"],
    ["null", () => new Response("null"), "number_provider.unavailable"],
    [
      "floats for amounts",
      () =>
        Response.json({
          balance: 1.15,
          currency: "USD",
          price_unit: "USD",
          phone_number_prices: [{ number_type: "local", current_price: 1.15 }],
        }),
      "number_provider.unavailable",
    ],
  ];
  const cases = Object.entries(CALLS).flatMap(([name, call]) =>
    // A release reads no body.
    [...ANSWERS, ...(name === "release" ? [] : SHAPES)].map(([what, answer, code]) => [name, what, code, call, answer] as const),
  );

  test.each(cases)("%s after %s: %s", async (_name, _what, code, call, answer) => {
    const error = await failureOf(call(answering(answer).provider));
    expect(error).toBeInstanceOf(AiraError);
    expect(error).toMatchObject({ code, cause: expect.any(Error) });
    expect(error.message).not.toMatch(/14155550199|Asha|very-secret|Twilio/);
  });
});
