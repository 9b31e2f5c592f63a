import { describe, expect, test } from "vitest";
import { type Answer, twiml } from "./testing/fake-app.ts";
import { failure, sdkAt } from "./testing/sdk.ts";
import { useTelephones } from "./testing/telephones.ts";

const SENDER = "+14155550123";

const world = useTelephones();
const client = () => sdkAt(world.sandbox.url, world.sandbox.accountSid, world.sandbox.authToken);

const send = async (body: string, change: object = {}) => {
  const replies = await world.sandbox.text({ from: SENDER, to: world.ours, body, ...change }).done;
  await world.sandbox.idle();
  return replies.map(({ sid }) => world.sandbox.state.store.messages.get(sid)!);
};
const reply = (...verbs: readonly string[]) => {
  world.app.answers["/sms"] = twiml(...verbs);
};

describe("a text that comes in", () => {
  test("is handed over signed, with Twilio's parameters and its media", async () => {
    await send("नमस्ते €", { media: [{ url: "https://media.example/1", contentType: "image/png" }] });
    expect(world.app.at("/sms")).toMatchObject([
      {
        method: "POST",
        signed: true,
        parameters: {
          AccountSid: world.sandbox.accountSid,
          ApiVersion: "2010-04-01",
          MessageSid: expect.stringMatching(/^MM[0-9a-f]{32}$/),
          Body: "नमस्ते €",
          NumSegments: "1",
          NumMedia: "1",
          MediaUrl0: "https://media.example/1",
          MediaContentType0: "image/png",
          SmsStatus: "received",
          From: SENDER,
          FromState: "CA",
          To: world.ours,
          ToCountry: "US",
        },
      },
    ]);
  });

  test("is answered: each Message is a text of its own, whose way is told", async () => {
    reply(
      '<Message statusCallback="/sent">One &amp; only\nline two</Message>',
      "<Message><Body>Two</Body><Media>https://m.example/a.png</Media></Message>",
    );
    const replies = await send("Hi");
    expect(replies).toMatchObject([
      { body: "One & only\nline two", from: world.ours, to: SENDER, direction: "outbound-reply", status: "delivered" },
      { body: "Two", num_media: "1", status: "delivered" },
    ]);
    expect(world.parametersAt("/sent")).toMatchObject(
      ["queued", "sent", "delivered"].map((status) => ({
        MessageSid: replies[0]!.sid,
        MessageStatus: status,
        To: SENDER,
        From: world.ours,
      })),
    );
    expect(world.app.received.every(({ signed }) => signed)).toBe(true);
  });

  test.each([
    ["an empty answer", { status: 204 } as Answer, []],
    ["no verbs", twiml(), []],
    ["plain text", { type: "text/plain", body: "Plain" } as Answer, ["Plain"]],
    ["another document", twiml("<Redirect>/other</Redirect>"), ["Other"]],
  ])("%s", async (_what, answer, bodies) => {
    world.app.answers["/sms"] = answer;
    world.app.answers["/other"] = twiml("<Message>Other</Message>");
    expect((await send("Hi")).map(({ body }) => body)).toEqual(bodies);
    expect(world.sandbox.alerts.entries()).toEqual([]);
  });

  test.each<readonly [string, Answer, number]>([
    ["a 500", { status: 500 }, 11200],
    ["no answer in time", "never", 11200],
    ["JSON", { type: "application/json", body: "{}" }, 12300],
    ["a broken document", { body: "<Response>" }, 12100],
    ["a verb of calls", twiml("<Say>Hi</Say>"), 12200],
  ])("%s: the fallback is asked with code and address, once", async (_what, answer, code) => {
    world.app.answers["/sms"] = answer;
    world.app.answers["/fallback"] = { status: 500 };
    expect(await send("Hi")).toEqual([]);
    expect(world.parametersAt("/fallback")).toMatchObject([{ ErrorCode: String(code), ErrorUrl: `${world.app.url}/sms`, Body: "Hi" }]);
    expect(world.sandbox.alerts.entries().map((alert) => alert.code)).toEqual([code, 11200]);
  });

  test.each([
    ["a reply that is too long", SENDER, `<Message>${"x".repeat(1601)}</Message>`, 21617],
    ["a reply to a name", "AIRLINE", "<Message>Hi</Message>", 21211],
    ["a reply from a number of somebody else", SENDER, '<Message from="+14155550100">Hi</Message>', 21606],
    ["a reply without words", SENDER, "<Message/>", 14103],
  ])("%s is not sent, and shows up as an alert", async (_what, from, message, code) => {
    reply(message);
    expect(await send("Hi", { from })).toEqual([]);
    expect(world.sandbox.alerts.entries()).toMatchObject([{ code }]);
  });

  test("a loop ends: fifteen replies within half a minute, and no more until it is over", async () => {
    reply("<Message>Hi</Message>");
    for (let round = 0; round < 17; round += 1) await send("Hi");
    expect([...world.sandbox.state.store.messages.values()].filter(({ direction }) => direction === "outbound-reply")).toHaveLength(15);
    expect(world.sandbox.alerts.entries()).toMatchObject([{ code: 14107 }, { code: 14107 }]);
    world.pass(31_000);
    expect(await send("Hi")).toHaveLength(1);
  });
});

describe("STOP", () => {
  const texts = () => [...world.sandbox.state.store.messages.values()].map(({ direction, body }) => [direction, body]);

  test.each(["STOP", " stop ", "Unsubscribe", "END", "quit", "CANCEL", "stopall", "OPTOUT", "revoke"])(
    "%j is answered by Twilio, and nothing is sent any more",
    async (word) => {
      reply("<Message>We are sorry to see you go</Message>");
      expect(await send(word)).toEqual([]);
      expect(texts()).toEqual([
        ["inbound", word],
        ["outbound-reply", expect.stringContaining("You have successfully been unsubscribed")],
      ]);
      expect(world.parametersAt("/sms")).toMatchObject([{ Body: word }]);
      expect(world.sandbox.alerts.entries()).toMatchObject([{ code: 21610 }]);
      expect(await failure(client().messages.create({ from: world.ours, to: SENDER, body: "hello" }))).toMatchObject({
        status: 400,
        code: 21610,
      });
    },
  );

  test("START brings them back, and only who sent STOP is meant", async () => {
    await send("STOP");
    const other = world.sandbox.state.plantNumber().phone_number;
    expect((await client().messages.create({ from: other, to: SENDER, body: "hello" })).status).toBe("queued");
    expect((await client().messages.create({ from: world.ours, to: "+14155550124", body: "hello" })).status).toBe("queued");
    await send("start");
    expect((await client().messages.create({ from: world.ours, to: SENDER, body: "hello" })).status).toBe("queued");
  });

  test("HELP is answered by Twilio; YES and longer texts are texts like any other", async () => {
    await send("help");
    await send("yes");
    await send("please stop");
    expect(texts().filter(([direction]) => direction === "outbound-reply")).toEqual([
      ["outbound-reply", "Reply STOP to unsubscribe. Msg&Data Rates May Apply."],
    ]);
  });
});

describe("a text that the account sends", () => {
  const create = (to = SENDER) =>
    client().messages.create({ from: world.ours, to, body: "hello", statusCallback: `${world.app.url}/sent` });

  test("goes its way, and each step is told", async () => {
    const { sid } = await create();
    await world.sandbox.idle();
    expect(await client().messages(sid).fetch()).toMatchObject({ status: "delivered", price: null });
    expect(world.parametersAt("/sent").map(({ MessageStatus }) => MessageStatus)).toEqual(["queued", "sent", "delivered"]);
    world.pass(5000);
    expect(await client().messages(sid).fetch()).toMatchObject({ price: "-0.0083" });
  });

  test("that somebody else has moved on stays where it is", async () => {
    world.sandbox.switches.set({ textStepMs: 30 });
    const { sid } = await create();
    world.sandbox.state.updateMessage(sid, { status: "failed" });
    await world.sandbox.idle();
    expect((await client().messages(sid).fetch()).status).toBe("failed");
    expect(world.parametersAt("/sent").map(({ MessageStatus }) => MessageStatus)).toEqual(["queued"]);
  });

  test("to a telephone that can't be reached is undelivered, with an error", async () => {
    world.sandbox.switches.set({ textStepMs: 0, undeliverable: [SENDER] });
    const { sid } = await create();
    await world.sandbox.idle();
    expect(await client().messages(sid).fetch()).toMatchObject({ status: "undelivered", errorCode: 30003 });
    expect(world.parametersAt("/sent").at(-1)).toMatchObject({ MessageStatus: "undelivered", ErrorCode: "30003" });
  });
});

test("an account that is suspended gets no texts", () => {
  world.sandbox.switches.set({ account: "suspended" });
  expect(() => world.sandbox.text({ from: SENDER, to: world.ours, body: "Hi" })).toThrow("is not active");
});

test("opt-outs and open prices outlive a restart", async () => {
  await send("STOP");
  const saved = JSON.parse(JSON.stringify(world.sandbox.state.snapshot()));
  expect(saved.optOuts).toEqual([`${world.ours}/${SENDER}`]);
  expect(saved.pricesDueMs).toHaveLength(1);
});
