import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTwilioSandbox, type TwilioSandbox } from "./index.ts";
import { failure, sdkAt } from "./testing/sdk.ts";

const START_MS = Date.UTC(2026, 0, 31, 12);

let nowMs = START_MS;
let sandbox: TwilioSandbox;
let client: ReturnType<typeof sdkAt>;
beforeAll(async () => {
  sandbox = await startTwilioSandbox({ port: 0, clock: () => nowMs });
  client = sdkAt(sandbox.url, sandbox.accountSid, sandbox.authToken);
});
beforeEach(() => {
  nowMs = START_MS;
  sandbox.reset();
});
afterAll(() => sandbox.stop());

const search = (country: string, parameters: object = {}) => client.availablePhoneNumbers(country).local.list({ limit: 20, ...parameters });
const firstIn = async (country: string) => (await search(country))[0]!.phoneNumber;
const buy = (phoneNumber: string, parameters: object = {}) => client.incomingPhoneNumbers.create({ phoneNumber, ...parameters });

describe("what is for sale", () => {
  test("each country says which types it has", async () => {
    const countries = await client.availablePhoneNumbers.list();
    expect(countries.map(({ countryCode }) => countryCode)).toEqual(
      expect.arrayContaining(["US", "CA", "GB", "IN", "DE", "AU", "FR", "IE", "JP"]),
    );
    const britain = await client.availablePhoneNumbers("GB").fetch();
    expect(britain).toMatchObject({ country: "United Kingdom", beta: false });
    expect(Object.keys(britain.subresourceUris)).toEqual(["local", "mobile", "national", "toll_free"]);
    expect(Object.keys((await client.availablePhoneNumbers("US").fetch()).subresourceUris)).toEqual(["local", "toll_free"]);
  });

  test("every path that a country names can be searched, and finds numbers of that country with a national format", async () => {
    for (const { countryCode, subresourceUris } of await client.availablePhoneNumbers.list())
      for (const [type, path] of Object.entries(subresourceUris as Record<string, string>)) {
        const response = await fetch(`${sandbox.url}${path}?PageSize=3`, {
          headers: { authorization: `Basic ${btoa(`${sandbox.accountSid}:${sandbox.authToken}`)}` },
        });
        const { available_phone_numbers: found } = (await response.json()) as { available_phone_numbers: Record<string, string>[] };
        expect(found, `${countryCode} ${type}`).toHaveLength(3);
        for (const number of found) {
          expect(number.phone_number).toMatch(/^\+[1-9]\d{7,13}$/);
          expect(number.iso_country).toBe(countryCode);
          // The national writing is the same number, with a trunk zero where the country has one.
          const written = number.friendly_name!.replaceAll(/\D/g, "").replace(/^0/, "");
          expect(number.phone_number!.endsWith(written), `${number.phone_number} ${number.friendly_name}`).toBe(true);
        }
      }
  });

  test("a number for sale tells its place, what it can do and what it needs", async () => {
    const [number] = await search("US", { areaCode: 415 });
    expect(number).toMatchObject({
      phoneNumber: expect.stringMatching(/^\+1415555\d{4}$/),
      friendlyName: expect.stringMatching(/^\(415\) 555-\d{4}$/),
      locality: "San Francisco",
      region: "CA",
      rateCenter: "SNFC CNTRL",
      latitude: "37.774900",
      postalCode: "94102",
      isoCountry: "US",
      lata: "722",
      addressRequirements: "none",
      beta: false,
      capabilities: { voice: true, SMS: true, MMS: true, fax: true },
    });
  });

  test.each([
    ["a country that is not sold", () => search("AQ")],
    ["a type that the country lacks", () => client.availablePhoneNumbers("US").mobile.list({ limit: 1 })],
    ["a country's own page", () => client.availablePhoneNumbers("ZZ").fetch()],
  ])("%s is 404 with code 20404", async (_what, call) => {
    expect(await failure(call())).toMatchObject({
      status: 404,
      code: 20404,
      message: expect.stringMatching(/^The requested resource \/2010-04-01\/Accounts\/AC\w+\/AvailablePhoneNumbers\/.* was not found$/),
      moreInfo: "https://www.twilio.com/docs/errors/20404",
    });
  });
});

describe("searches", () => {
  const numbers = async (country: string, parameters: object) =>
    (await search(country, { limit: 1000, ...parameters })).map((n) => n.phoneNumber);

  test("an area code, a pattern with stars and a word by the keypad each narrow the search", async () => {
    for (const number of await numbers("US", { areaCode: 312 })) expect(number).toMatch(/^\+1312/);
    const starred = await numbers("US", { contains: "212555**1*" });
    expect(starred.length).toBeGreaterThan(5);
    for (const number of starred) expect(number).toMatch(/212555\d\d1\d/);
    const [some] = await numbers("US", { areaCode: 206 });
    expect(await numbers("US", { contains: some!.slice(-6) })).toContain(some);
    // K, L and the digit 5 share a key.
    const words = await numbers("CA", { contains: "416jKL**" });
    expect(words.length).toBeGreaterThan(5);
    for (const number of words) expect(number).toMatch(/^\+1416555/);
    expect(await numbers("CA", { contains: "+1902" })).toHaveLength(400);
  });

  test("places and capabilities are filters, alone and together", async () => {
    const found = await search("US", { inRegion: "tx", limit: 1000 });
    expect(new Set(found.map(({ region }) => region))).toEqual(new Set(["TX"]));
    expect(new Set((await search("IN", { inLocality: "Mumbai" })).map(({ locality }) => locality))).toEqual(new Set(["Mumbai"]));
    const voiceOnly = await search("US", { smsEnabled: false, voiceEnabled: true, inLocality: "Austin" });
    expect(voiceOnly.length).toBeGreaterThan(0);
    for (const { capabilities } of voiceOnly) expect(capabilities).toMatchObject({ voice: true, SMS: false, MMS: false });
    for (const { capabilities } of await search("US", { mmsEnabled: true, faxEnabled: true }))
      expect(capabilities).toMatchObject({ MMS: true, fax: true });
    expect(await search("GB", { smsEnabled: true })).toEqual([]);
    expect((await search("US", { beta: false, limit: 1000 })).some(({ beta }) => beta)).toBe(false);
  });

  test("numbers that need an address can be left out", async () => {
    expect((await search("AU")).length).toBe(20);
    expect(await search("AU", { excludeAllAddressRequired: true })).toEqual([]);
    expect((await search("AU", { excludeLocalAddressRequired: true })).length).toBe(20);
    expect(await search("IE", { excludeLocalAddressRequired: true })).toEqual([]);
    expect(await client.availablePhoneNumbers("BR").tollFree.list({ excludeForeignAddressRequired: true, limit: 5 })).toEqual([]);
  });

  test("the same seed offers the same numbers, another seed others", async () => {
    const before = await numbers("US", { limit: 30 });
    await using other = await disposable(startTwilioSandbox({ port: 0, seed: 2 }));
    const elsewhere = await sdkAt(other.url, other.accountSid, other.authToken).availablePhoneNumbers("US").local.list({ limit: 30 });
    expect(await numbers("US", { limit: 30 })).toEqual(before);
    expect(elsewhere.map(({ phoneNumber }) => phoneNumber)).not.toEqual(before);
    expect(new Set(await numbers("US", {})).size).toBe(1000);
  });

  test.each([
    [{ contains: "4" }, 20001],
    [{ contains: "41;5" }, 20001],
    [{ areaCode: 41 }, 21451],
  ])("%j is refused with code %i", async (parameters, code) => {
    expect(await failure(search("US", parameters))).toMatchObject({ status: 400, code });
  });

  test("a page size that is none, or too large, is refused", async () => {
    expect(await failure(search("US", { pageSize: 1001, limit: 2000 }))).toMatchObject({ code: 20007 });
    expect(await failure(client.incomingPhoneNumbers.page({ pageSize: 0 }))).toMatchObject({ code: 20001 });
  });
});

describe("buying", () => {
  test("a number is bought with all its addresses and name, and is found by number and by name", async () => {
    const phoneNumber = await firstIn("US");
    const bought = await buy(phoneNumber, {
      friendlyName: "aira:local:num_1",
      voiceUrl: "https://app.example/voice?a=1",
      voiceFallbackUrl: "https://app.example/fallback",
      smsUrl: "https://app.example/sms",
      smsMethod: "get",
      smsFallbackUrl: "https://app.example/fallback",
      statusCallback: "https://app.example/status",
    });
    expect(bought).toMatchObject({
      phoneNumber,
      friendlyName: "aira:local:num_1",
      voiceUrl: "https://app.example/voice?a=1",
      voiceMethod: "POST",
      smsMethod: "GET",
      smsFallbackUrl: "https://app.example/fallback",
      statusCallback: "https://app.example/status",
      status: "in-use",
      type: "local",
      capabilities: { voice: true, sms: true },
      dateCreated: new Date(START_MS),
    });
    expect(bought.sid).toMatch(/^PN[0-9a-f]{32}$/);
    expect((await client.incomingPhoneNumbers.list({ phoneNumber })).map(({ sid }) => sid)).toEqual([bought.sid]);
    expect((await client.incomingPhoneNumbers.list({ friendlyName: "aira:local:num_1" })).map(({ sid }) => sid)).toEqual([bought.sid]);
    expect(await client.incomingPhoneNumbers.list({ friendlyName: "aira:local:num" })).toEqual([]);
    expect((await client.incomingPhoneNumbers(bought.sid).fetch()).phoneNumber).toBe(phoneNumber);
    expect(await search("US", { contains: phoneNumber })).toEqual([]);
    expect((await client.balance.fetch()).balance).toBe("9998.85");
  });

  test("buying what the account owns answers like a purchase and points the number elsewhere, at no cost", async () => {
    const phoneNumber = await firstIn("US");
    const first = await buy(phoneNumber, { friendlyName: "aira:local:num_1", voiceUrl: "https://one.example/" });
    const again = await client.incomingPhoneNumbers.createWithHttpInfo({ phoneNumber, voiceUrl: "https://two.example/" });
    expect(again.statusCode).toBe(201);
    expect(again.body).toMatchObject({ sid: first.sid, friendlyName: "aira:local:num_1", voiceUrl: "https://two.example/" });
    expect((await client.balance.fetch()).balance).toBe("9998.85");
  });

  test("what is not for sale is refused and changes nothing", async () => {
    expect(await failure(buy("+14155550"))).toMatchObject({ status: 400, code: 21422 });
    expect(await failure(buy("not a number"))).toMatchObject({ code: 21421, message: "not a number is not a valid number" });
    expect(await failure(client.incomingPhoneNumbers.create({}))).toMatchObject({ code: 21421 });
    const phoneNumber = await firstIn("US");
    sandbox.state.takeAway(phoneNumber);
    expect(await failure(buy(phoneNumber))).toMatchObject({ code: 21422, message: `${phoneNumber} is not available` });
    expect(await search("US", { contains: phoneNumber })).toEqual([]);
    sandbox.state.giveBack(phoneNumber);
    expect(await buy(phoneNumber)).toMatchObject({ phoneNumber });
    expect(await client.incomingPhoneNumbers.list()).toHaveLength(1);
  });

  test("an area code buys the first number there, or says that there is none", async () => {
    expect(await client.incomingPhoneNumbers.create({ areaCode: "604" })).toMatchObject({
      phoneNumber: expect.stringMatching(/^\+1604/),
    });
    expect(await failure(client.incomingPhoneNumbers.create({ areaCode: "533" }))).toMatchObject({ code: 21452 });
    expect(await failure(client.incomingPhoneNumbers.create({ areaCode: "5x" }))).toMatchObject({ code: 21451 });
  });

  test("the magic numbers of Twilio's test credentials answer as there", async () => {
    expect(await failure(buy("+15005550000"))).toMatchObject({ code: 21422 });
    expect(await failure(buy("+15005550001"))).toMatchObject({ code: 21421 });
    expect(await buy("+15005550006")).toMatchObject({ friendlyName: "(500) 555-0006" });
    expect(await client.incomingPhoneNumbers.create({ areaCode: "500" })).toMatchObject({ phoneNumber: "+15005550006" });
  });

  test.each([
    [{ voiceUrl: "/voice" }, 21402],
    [{ smsUrl: "javascript:alert(1)" }, 21402],
    [{ statusCallback: "ftp://app.example" }, 21502],
    [{ voiceUrl: "https://app.example/", voiceMethod: "PUT" }, 21403],
    [{ voiceFallbackUrl: "https://app.example/" }, 21405],
    [{ smsFallbackUrl: "https://app.example/" }, 21406],
    [{ friendlyName: "x".repeat(65) }, 20001],
  ])("%j is refused with code %i, and nothing is bought", async (parameters, code) => {
    expect(await failure(buy(await firstIn("US"), parameters))).toMatchObject({ status: 400, code });
    expect(sandbox.state.store.numbers.size).toBe(0);
  });

  test("parameters that nobody knows are ignored", async () => {
    const response = await fetch(`${sandbox.url}/2010-04-01/Accounts/${sandbox.accountSid}/IncomingPhoneNumbers.json`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${sandbox.accountSid}:${sandbox.authToken}`)}` },
      body: new URLSearchParams({ PhoneNumber: await firstIn("US"), Colour: "red", __proto__: "x" }),
    });
    expect(response.status).toBe(201);
  });
});

describe("numbers that need papers", () => {
  const address = (isoCountry: string) =>
    client.addresses.create({ customerName: "Asha", street: "1 High St", city: "Town", region: "R", postalCode: "1", isoCountry });
  const FIRST = {
    local: (country: string) => client.availablePhoneNumbers(country).local.list({ limit: 1 }),
    mobile: (country: string) => client.availablePhoneNumbers(country).mobile.list({ limit: 1 }),
    tollFree: (country: string) => client.availablePhoneNumbers(country).tollFree.list({ limit: 1 }),
  };
  const numberOf = async (country: string, type: keyof typeof FIRST) => (await FIRST[type](country))[0]!.phoneNumber;

  test("an address: none, unknown, in the wrong country, right", async () => {
    const phoneNumber = await numberOf("IE", "local");
    expect(await failure(buy(phoneNumber))).toMatchObject({ code: 21631, message: expect.stringContaining("'AddressSid'") });
    expect(await failure(buy(phoneNumber, { addressSid: `AD${"0".repeat(32)}` }))).toMatchObject({ code: 21613 });
    const { sid: abroad } = await address("US");
    expect(await failure(buy(phoneNumber, { addressSid: abroad }))).toMatchObject({ code: 21615 });
    const { sid: domestic } = await address("ie");
    expect(await buy(phoneNumber, { addressSid: domestic })).toMatchObject({ addressSid: domestic, addressRequirements: "local" });
    const foreign = await numberOf("BR", "tollFree");
    const { sid: brazilian } = await address("BR");
    expect(await failure(buy(foreign, { addressSid: brazilian }))).toMatchObject({ code: 21624 });
    expect(await buy(foreign, { addressSid: abroad })).toMatchObject({ addressRequirements: "foreign" });
    expect(await buy(await numberOf("GB", "mobile"), { addressSid: brazilian })).toMatchObject({ addressRequirements: "any" });
    expect((await client.addresses.list({ isoCountry: "IE" })).map(({ sid }) => sid)).toEqual([domestic]);
  });

  test("a bundle: none, not approved, of another kind, without the address, right", async () => {
    const phoneNumber = await numberOf("DE", "local");
    const { sid: addressSid } = await address("DE");
    expect(await failure(buy(phoneNumber, { addressSid }))).toMatchObject({ code: 21649 });
    const file = (options: object) => sandbox.state.fileBundle({ country: "DE", type: "local", addressSid, ...options }).sid;
    const buyWith = (bundleSid: string) => buy(phoneNumber, { addressSid, bundleSid });
    expect(await failure(buyWith(file({ status: "pending-review" })))).toMatchObject({ code: 21650 });
    expect(await failure(buyWith(`BU${"0".repeat(32)}`))).toMatchObject({ code: 21650 });
    expect(await failure(buyWith(file({ country: "FR" })))).toMatchObject({ code: 21651 });
    expect(await failure(buyWith(file({ addressSid: "AD0" })))).toMatchObject({ code: 21651, message: "Address not contained in bundle" });
    const bundleSid = file({});
    expect(await buyWith(bundleSid)).toMatchObject({ bundleSid });
    const approved = await client.numbers.v2.regulatoryCompliance.bundles.list({ isoCountry: "DE", status: "twilio-approved" });
    expect(approved.map(({ sid }) => sid)).toContain(bundleSid);
  });

  test("an address that lacks a part is refused with its name", async () => {
    const response = await failure(
      client.addresses.create({ customerName: "A", street: "", city: "T", region: "R", postalCode: "1", isoCountry: "IE" }),
    );
    expect(response).toMatchObject({ code: 20001, message: expect.stringContaining("Street") });
  });
});

describe("owned numbers", () => {
  test("pages lead through all of them, newest first, also while some go", async () => {
    const sids: string[] = [];
    for (let count = 0; count < 5; count += 1) sids.unshift(sandbox.state.plantNumber().sid);
    const first = await client.incomingPhoneNumbers.page({ pageSize: 2 });
    expect(first.instances.map(({ sid }) => sid)).toEqual(sids.slice(0, 2));
    await client.incomingPhoneNumbers(sids[1]!).remove();
    const second = await first.nextPage();
    expect(second!.instances.map(({ sid }) => sid)).toEqual(sids.slice(2, 4));
    expect((await second!.nextPage())!.nextPageUrl).toBeUndefined();
    expect(await client.incomingPhoneNumbers.list({ pageSize: 2 })).toHaveLength(4);
    expect((await client.incomingPhoneNumbers.list({ limit: 3 })).map(({ sid }) => sid)).toEqual([sids[0], ...sids.slice(2, 4)]);
  });

  test("an update changes what it names", async () => {
    const { sid } = await buy(await firstIn("US"), { voiceUrl: "https://one.example/", voiceFallbackUrl: "https://one.example/f" });
    nowMs += 60_000;
    expect(await client.incomingPhoneNumbers(sid).update({ smsUrl: "https://two.example/" })).toMatchObject({
      voiceUrl: "https://one.example/",
      smsUrl: "https://two.example/",
      dateUpdated: new Date(nowMs),
      dateCreated: new Date(START_MS),
    });
    expect(await failure(client.incomingPhoneNumbers(sid).update({ voiceUrl: "" }))).toMatchObject({ code: 21405 });
  });

  test("a released number is gone, is offered to nobody for ten days, and may be bought back", async () => {
    const { sid, phoneNumber } = await buy(await firstIn("US"));
    expect(await client.incomingPhoneNumbers(sid).remove()).toBe(true);
    for (const call of [
      () => client.incomingPhoneNumbers(sid).remove(),
      () => client.incomingPhoneNumbers(sid).fetch(),
      () => client.incomingPhoneNumbers(sid).update({}),
    ])
      expect(await failure(call())).toMatchObject({ status: 404, code: 20404 });
    expect(await client.incomingPhoneNumbers.list({ phoneNumber })).toEqual([]);
    expect(await search("US", { contains: phoneNumber })).toEqual([]);
    nowMs += 10 * 24 * 3600_000;
    expect(await search("US", { contains: phoneNumber })).toHaveLength(1);
    const again = await buy(phoneNumber);
    expect(again.sid).not.toBe(sid);
  });
});

describe("prices", () => {
  test("a month of each type, as decimal text", async () => {
    const britain = await client.pricing.v1.phoneNumbers.countries("GB").fetch();
    expect(britain).toMatchObject({ country: "United Kingdom", isoCountry: "GB", priceUnit: "USD" });
    expect(britain.phoneNumberPrices).toEqual([
      { numberType: "local", basePrice: "1.15", currentPrice: "1.15" },
      { numberType: "mobile", basePrice: "1.15", currentPrice: "1.15" },
      { numberType: "national", basePrice: "1.15", currentPrice: "1.15" },
      { numberType: "toll free", basePrice: "2.15", currentPrice: "2.15" },
    ]);
    expect(await failure(client.pricing.v1.phoneNumbers.countries("AQ").fetch())).toMatchObject({ status: 404, code: 20404 });
  });

  test("a price that moved is what the Pricing API says and a purchase costs", async () => {
    sandbox.state.setPrice("US", "local", "3.50");
    const { phoneNumberPrices } = await client.pricing.v1.phoneNumbers.countries("US").fetch();
    expect(phoneNumberPrices[0]).toMatchObject({ basePrice: "1.15", currentPrice: "3.50" });
    await buy(await firstIn("US"));
    expect((await client.balance.fetch()).balance).toBe("9996.50");
  });

  test("the countries are paged by absolute addresses", async () => {
    const all = await client.pricing.v1.phoneNumbers.countries.list({ pageSize: 4 });
    expect(all.map(({ isoCountry }) => isoCountry)).toEqual(["AU", "BR", "CA", "DE", "FR", "GB", "IE", "IN", "JP", "SE", "US"]);
    expect(all[0]!.url).toBe(`${sandbox.url}/v1/PhoneNumbers/Countries/AU`);
  });

  test("minutes and messages have prices in every country that sells numbers", async () => {
    for (const { isoCountry } of await client.pricing.v1.messaging.countries.list()) {
      const messaging = await client.pricing.v1.messaging.countries(isoCountry).fetch();
      const voice = await client.pricing.v2.voice.countries(isoCountry).fetch();
      const older = await client.pricing.v1.voice.countries(isoCountry).fetch();
      expect(messaging.inboundSmsPrices[0]).toMatchObject({ currentPrice: expect.stringMatching(/^0\.\d+$/) });
      expect(messaging.outboundSmsPrices[0]!.prices).not.toHaveLength(0);
      expect(voice.inboundCallPrices[0]).toMatchObject({ numberType: expect.any(String), currentPrice: expect.stringMatching(/^0\.\d+$/) });
      expect(voice.outboundPrefixPrices.at(-1)).toMatchObject({ originationPrefixes: ["ALL"], destinationPrefixes: [expect.any(String)] });
      expect(older.outboundPrefixPrices).toHaveLength(voice.outboundPrefixPrices.length);
    }
  });
});

describe("who may call, and how", () => {
  test("wrong credentials and another account are 401 with code 20003", async () => {
    const stranger = sdkAt(sandbox.url, sandbox.accountSid, "wrong");
    expect(await failure(stranger.balance.fetch())).toMatchObject({ status: 401, code: 20003, message: "Authenticate" });
    expect((await fetch(`${sandbox.url}/v1/PhoneNumbers/Countries`)).headers.get("www-authenticate")).toBe('Basic realm="Twilio API"');
    expect(await failure(client.api.v2010.accounts(`AC${"0".repeat(32)}`).balance.fetch())).toMatchObject({ code: 20003 });
    expect(sandbox.log.count()).toBe(0);
  });

  test("an unknown path is 20404, a wrong method 20004", async () => {
    const authorization = `Basic ${btoa(`${sandbox.accountSid}:${sandbox.authToken}`)}`;
    const nowhere = await fetch(`${sandbox.url}/v1/Nothing`, { headers: { authorization } });
    expect([nowhere.status, await nowhere.json()]).toEqual([
      404,
      {
        code: 20404,
        message: "The requested resource /Nothing was not found",
        more_info: "https://www.twilio.com/docs/errors/20404",
        status: 404,
      },
    ]);
    const wrong = await fetch(`${sandbox.url}/2010-04-01/Accounts/${sandbox.accountSid}/Balance.json`, {
      method: "POST",
      headers: { authorization },
    });
    expect([wrong.status, await wrong.json()]).toMatchObject([405, { code: 20004 }]);
  });
});

async function disposable<T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T & AsyncDisposable> {
  const started = await starting;
  return Object.assign(started, { [Symbol.asyncDispose]: () => started.stop() });
}
