import { startTwilioSandbox, type TwilioSandbox } from "@aira/local/twilio/index";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTwilioUsage } from "./twilio-usage.ts";

const account = { accountSid: "AC1", authToken: "very-secret", wait: async () => undefined };

function answering(...answers: (() => Response)[]) {
  const requests: string[] = [];
  const usage = createTwilioUsage({
    ...account,
    fetch: async (input) => {
      requests.push(String(input));
      return (answers[requests.length - 1] ?? answers.at(-1))?.() as Response;
    },
  });
  return { usage, requests };
}

const call = {
  sid: "CA1",
  parent_call_sid: null,
  direction: "inbound",
  from: "+14155550999",
  to: "+14155550100",
  duration: "61",
  price: "-0.01700",
  price_unit: "usd",
  status: "completed",
};
const message = {
  sid: "SM1",
  direction: "outbound-reply",
  from: "+14155550100",
  to: null,
  num_segments: "2",
  price: null,
  price_unit: null,
};

test("calls come first and then texts, page by page, of that day", async () => {
  const root = "/2010-04-01/Accounts/AC1";
  const { usage, requests } = answering(
    () => Response.json({ calls: [call], next_page_uri: `${root}/Calls.json?Page=1&PageToken=PA1` }),
    () => Response.json({ calls: [{ ...call, sid: "CA2", parent_call_sid: "CA1", direction: "outbound-dial" }], next_page_uri: null }),
    () => Response.json({ messages: [message], next_page_uri: null }),
  );
  const found: unknown[] = [];
  let after: string | undefined;
  do {
    const page = await usage.listUsage("2026-03-03", after);
    found.push(...page.usage);
    after = page.next;
  } while (after !== undefined);
  expect(requests).toEqual([
    `https://api.twilio.com${root}/Calls.json?StartTime=2026-03-03&PageSize=500`,
    `https://api.twilio.com${root}/Calls.json?Page=1&PageToken=PA1`,
    `https://api.twilio.com${root}/Messages.json?DateSent=2026-03-03&PageSize=500`,
  ]);
  const inbound = {
    sid: "CA1",
    parentSid: undefined,
    kind: "call",
    direction: "inbound",
    isReply: false,
    from: "+14155550999",
    to: "+14155550100",
    quantity: 61,
    price: "-0.01700",
    priceUnit: "USD",
  };
  expect(found).toEqual([
    inbound,
    { ...inbound, sid: "CA2", parentSid: "CA1", direction: "outbound" },
    { ...inbound, sid: "SM1", kind: "sms", direction: "outbound", isReply: true, from: "+14155550100", to: "", quantity: 2, price: null },
  ]);
});

test.each([
  ["a page of another address", { calls: [], next_page_uri: "//evil.example/2010-04-01/Accounts/AC1/Calls.json" }],
  ["a page of another account", { calls: [], next_page_uri: "/2010-04-01/Accounts/AC2/Calls.json" }],
])("%s is not asked for", async (_, answer) => {
  const { usage, requests } = answering(() => Response.json(answer));
  const { next } = await usage.listUsage("2026-03-03", undefined);
  await expect(usage.listUsage("2026-03-03", next)).rejects.toMatchObject({ code: "number_provider.unavailable" });
  expect(requests).toHaveLength(1);
});

test.each([
  ["a price that is a number", { calls: [{ ...call, price: -0.017 }] }],
  ["a price that is no decimal", { calls: [{ ...call, price: "1e3" }] }],
  ["no list", {}],
])("%s is no answer", async (_, answer) => {
  const { usage } = answering(() => Response.json(answer));
  await expect(usage.listUsage("2026-03-03", undefined)).rejects.toMatchObject({ code: "number_provider.unavailable" });
});

test("an account that is refused says so, without the provider's words", async () => {
  const { usage } = answering(() => Response.json({ code: 20003, message: "canary" }, { status: 401 }));
  await expect(usage.listUsage("2026-03-03", undefined)).rejects.toMatchObject({ code: "number_provider.refused" });
});

describe("over the Twilio sandbox", () => {
  let sandbox: TwilioSandbox;
  beforeAll(async () => {
    sandbox = await startTwilioSandbox({ port: 0 });
  });
  beforeEach(() => sandbox.reset());
  afterAll(() => sandbox.stop());

  test("a text is listed on its day, and on no other", async () => {
    const { phone_number: our } = sandbox.state.plantNumber({});
    sandbox.text({ from: "+14155550999", to: our, body: "hello" });
    await sandbox.idle();
    const usage = createTwilioUsage({ ...account, accountSid: sandbox.accountSid, authToken: sandbox.authToken, apiBase: sandbox.url });
    const listed = async (day: string) => {
      const calls = await usage.listUsage(day, undefined);
      const texts = await usage.listUsage(day, calls.next);
      return [...calls.usage, ...texts.usage];
    };
    const today = new Date().toISOString().slice(0, 10);
    expect(await listed(today)).toMatchObject([{ kind: "sms", direction: "inbound", from: "+14155550999", to: our, quantity: 1 }]);
    expect(await listed("2020-01-01")).toEqual([]);
  });
});
