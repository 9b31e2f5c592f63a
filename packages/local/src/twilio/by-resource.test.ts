import Domain from "twilio/lib/base/Domain.js";
import Version from "twilio/lib/base/Version.js";
import { LocalListInstance } from "twilio/lib/rest/api/v2010/account/availablePhoneNumberCountry/local.js";
import { IncomingPhoneNumberListInstance } from "twilio/lib/rest/api/v2010/account/incomingPhoneNumber.js";
import { expect, test } from "vitest";
import { createTwilioState, SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN, sandboxFetch } from "./index.ts";

type Ask = {
  method: string;
  uri: string;
  params?: Record<string, string>;
  data?: Record<string, string>;
  headers?: Record<string, string>;
};

/** The compiled modules are CommonJS: Node leaves their `default` one level down, Vitest lifts it up. */
const classOf = <T>(module: { readonly default: T }): T => module.default ?? (module as T);

test("the SDK's resources, imported one by one over a fetch, work without a socket", async () => {
  const call = sandboxFetch(createTwilioState({ clock: Date.now }));
  const client = {
    accountSid: SANDBOX_ACCOUNT_SID,
    request: async ({ method, uri, params, data, headers }: Ask) => {
      const url = new URL(uri);
      for (const [name, value] of Object.entries(params ?? {})) url.searchParams.append(name, String(value));
      const response = await call(url, {
        method: method.toUpperCase(),
        headers: { ...headers, authorization: `Basic ${btoa(`${SANDBOX_ACCOUNT_SID}:${SANDBOX_AUTH_TOKEN}`)}` },
        ...(data && { body: new URLSearchParams(data) }),
      });
      return { statusCode: response.status, body: await response.text(), headers: Object.fromEntries(response.headers) };
    },
  };
  const domain = new (classOf(Domain))(client as unknown as ConstructorParameters<typeof Domain.default>[0], "https://api.twilio.com");
  const v2010 = new (classOf(Version))(domain, "2010-04-01") as unknown as Parameters<typeof LocalListInstance>[0];

  const [number] = await LocalListInstance(v2010, SANDBOX_ACCOUNT_SID, "US").list({ areaCode: 415, limit: 1 });
  const numbers = IncomingPhoneNumberListInstance(v2010, SANDBOX_ACCOUNT_SID);
  const bought = await numbers.create({ phoneNumber: number!.phoneNumber, friendlyName: "num_1" });
  expect((await numbers.list({ friendlyName: "num_1" })).map(({ sid }) => sid)).toEqual([bought.sid]);
  expect(await numbers(bought.sid).remove()).toBe(true);
  await expect(numbers(bought.sid).fetch()).rejects.toMatchObject({ code: 20404, status: 404 });
});
