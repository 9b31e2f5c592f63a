import { describe, expect, test } from "vitest";
import { twiml } from "./testing/fake-app.ts";
import { sdkAt } from "./testing/sdk.ts";
import { CALLER, gather, useTelephones } from "./testing/telephones.ts";

const world = useTelephones();

describe("the first request", () => {
  test("is signed, form-encoded, and has Twilio's parameters, blank ones too", async () => {
    world.answer("<Say>Hello</Say>");
    await (await world.call()).done;
    const [first] = world.app.at("/voice");
    expect(first).toMatchObject({ method: "POST", signed: true });
    expect(first!.headers["content-type"]).toBe("application/x-www-form-urlencoded; charset=UTF-8");
    expect(first!.parameters).toMatchObject({
      AccountSid: world.sandbox.accountSid,
      ApiVersion: "2010-04-01",
      CallSid: expect.stringMatching(/^CA[0-9a-f]{32}$/),
      CallStatus: "ringing",
      Direction: "inbound",
      From: CALLER,
      Caller: CALLER,
      FromCountry: "IN",
      FromCity: "",
      To: world.ours,
      Called: world.ours,
      ToCountry: "US",
      ToCity: expect.stringMatching(/^[A-Z ]+$/),
      ToState: expect.stringMatching(/^[A-Z]{2}$/),
      ToZip: expect.stringMatching(/^\d{5}$/),
    });
  });

  test("a GET carries them in the query, signed as well", async () => {
    world.sandbox.state.changeNumber(world.ours, { VoiceMethod: "GET" });
    world.answer("<Say>Hello</Say>");
    expect((await (await world.call()).done).status).toBe("completed");
    expect(world.app.at("/voice")[0]).toMatchObject({ method: "GET", signed: true, parameters: { tenant: "1", From: CALLER } });
  });

  test.each(["anonymous", "+266696687", "12345"])("a caller who shows %s gets through", async (from) => {
    world.answer("<Say>Hello</Say>");
    expect((await (await world.call(from)).done).from).toBe(from);
  });

  test("nobody can call a number that is not the account's, or takes no calls", () => {
    expect(() => world.sandbox.call({ from: CALLER, to: "+14155550100" })).toThrow("There is no number");
    const textOnly = world.sandbox.state.plantNumber({ country: "FR", type: "mobile" }).phone_number;
    expect(() => world.sandbox.call({ from: CALLER, to: textOnly })).toThrow("takes no calls");
  });
});

describe("a conversation", () => {
  test("goes turn by turn: words, keys, silence; and is told when it ends", async () => {
    world.answer('<Say language="hi-IN">नमस्ते</Say>', gather());
    const turns = [twiml(gather("numDigits='1'", "<Say>Press one</Say>")), twiml("<Say>Bye</Say>", "<Hangup/>", "<Say>never</Say>")];
    world.app.answers["/turn"] = () => turns.shift() ?? "never";
    const phone = await world.call();
    expect(phone.record.status).toBe("in-progress");
    expect(phone.heard).toEqual(["नमस्ते", "How can I help?"]);
    expect(phone.transcript[0]).toMatchObject({ by: "app", language: "hi-IN" });
    expect(phone.listening).toMatchObject({ for: "answer", speech: true, keys: true });

    await phone.say("What are your hours? <Hangup/> & more");
    await phone.press("1");
    const record = await phone.done;
    await world.sandbox.idle();
    expect(phone.heard.slice(2)).toEqual(["Press one", "Bye"]);
    expect(world.parametersAt("/turn")).toMatchObject([
      { SpeechResult: "What are your hours? <Hangup/> & more", Confidence: "0.93", Language: "en-US", CallStatus: "in-progress" },
      { Digits: "1", FinishedOnKey: "", msg: "Gather End" },
    ]);
    expect(world.parametersAt("/status")).toMatchObject([
      {
        CallSid: phone.sid,
        CallStatus: "completed",
        CallDuration: record.duration,
        CallbackSource: "call-progress-events",
        SequenceNumber: "0",
      },
    ]);
    expect(world.app.received.every(({ signed }) => signed)).toBe(true);
    expect(world.sandbox.alerts.entries()).toEqual([]);
    await expect(phone.say("anybody?")).rejects.toThrow("The call has ended.");
  });

  test("silence falls through to the next verb, or is posted where the document asks for it", async () => {
    world.answer(gather(), "<Say>Nobody there?</Say>", gather('actionOnEmptyResult="true"'));
    world.app.answers["/turn"] = twiml("<Hangup/>");
    const phone = await world.call();
    await phone.stayQuiet();
    expect(phone.heard.at(-2)).toBe("Nobody there?");
    expect(world.app.at("/turn")).toEqual([]);
    await phone.stayQuiet();
    await phone.done;
    expect(world.parametersAt("/turn")).toMatchObject([{ Digits: "", SpeechResult: "" }]);
    // Two silences of four seconds, and what was said.
    expect(Number(phone.record.duration)).toBeGreaterThanOrEqual(8);
  });

  test.each([
    ["numDigits='3'", ["12", "34"], "123", ""],
    ["", ["12#"], "12", "#"],
    ["", ["#", "5#"], "5", "#"],
    ["finishOnKey='*'", ["1#*"], "1#", "*"],
    ["finishOnKey=''", ["1#*", "quiet"], "1#*", ""],
    ["", ["7", "quiet"], "7", ""],
  ])("keys with %s: %j are %s", async (attributes, presses, digits, finishedOn) => {
    world.answer(gather(attributes));
    world.app.answers["/turn"] = twiml("<Hangup/>");
    const phone = await world.call();
    for (const keys of presses) await (keys === "quiet" ? phone.stayQuiet() : phone.press(keys));
    await phone.done;
    expect(world.parametersAt("/turn")).toMatchObject([{ Digits: digits, FinishedOnKey: finishedOn }]);
  });

  test("what a document doesn't listen to is not heard", async () => {
    world.answer('<Gather action="/turn"/>', '<Gather input="speech" action="/turn"/>', "<Say>Bye</Say>");
    const phone = await world.call();
    await phone.say("hello");
    await phone.stayQuiet();
    await phone.press("5");
    await phone.stayQuiet();
    await phone.done;
    expect(world.app.at("/turn")).toEqual([]);
    expect(phone.heard).toEqual(["Bye"]);
  });

  test("a caller who hangs up is followed no further, and the app hears of the end alone", async () => {
    world.answer(gather('actionOnEmptyResult="true"'), "<Say>never</Say>");
    const phone = await world.call();
    world.pass(61_000);
    expect(await phone.hangUp()).toMatchObject({ status: "completed", duration: "61" });
    await world.sandbox.idle();
    expect(world.app.at("/turn")).toEqual([]);
    expect(world.parametersAt("/status")).toMatchObject([{ CallStatus: "completed", CallDuration: "61", Duration: "2" }]);
  });

  test("a caller who hangs up before the app answers was never answered", async () => {
    world.app.answers["/voice"] = "never";
    const phone = world.sandbox.call({ from: CALLER, to: world.ours });
    expect(await phone.hangUp()).toMatchObject({ status: "no-answer", duration: "0" });
  });
});

describe("documents", () => {
  test("relative addresses begin at the document they stand in", async () => {
    world.answer('<Redirect method="GET">deep/er/one?x=1</Redirect>');
    world.app.answers["/deep/er/one"] = twiml('<Gather input="speech" action="two"/>');
    world.app.answers["/deep/er/two"] = twiml("<Redirect>/top</Redirect>");
    world.app.answers["/top"] = twiml('<Gather input="speech"/>');
    const phone = await world.call();
    await phone.say("on");
    expect(world.app.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /voice",
      "GET /deep/er/one",
      "POST /deep/er/two",
      "POST /top",
    ]);
    // Without an action, the document's own address is asked.
    await phone.say("again");
    expect(world.app.at("/top")).toHaveLength(2);
    expect(world.app.received.every(({ signed }) => signed)).toBe(true);
  });

  test.each([
    ["rejected", "no-answer"],
    ["busy", "busy"],
  ])("a call that is %s ends %s without being answered", async (reason, status) => {
    world.answer(`<Reject reason="${reason}"/>`);
    const phone = await world.call();
    expect(await phone.done).toMatchObject({ status, duration: "0" });
    await world.sandbox.idle();
    expect(world.parametersAt("/status")).toMatchObject([{ CallStatus: status, CallDuration: "0" }]);
  });

  test("sounds, pauses and keys are played; a pause takes its time", async () => {
    world.answer('<Pause length="7"/>', "<Play>music/hold.mp3</Play>", '<Play digits="12"/>');
    const phone = await world.call();
    expect(await phone.done).toMatchObject({ status: "completed", duration: "7" });
    expect(phone.transcript.map(({ text }) => text)).toEqual([`${world.app.url}/music/hold.mp3`, "Keys 12"]);
  });

  test("an empty document answers the call and ends it", async () => {
    world.answer();
    expect(await (await world.call()).done).toMatchObject({ status: "completed" });
  });

  test("plain text is read out", async () => {
    world.app.answers["/voice"] = { type: "text/plain; charset=utf-8", body: "Just words" };
    expect((await world.call()).heard).toEqual(["Just words"]);
  });
});

test("a call has its price late, by started minutes", async () => {
  world.answer(gather());
  const phone = await world.call();
  world.pass(61_000);
  await phone.hangUp();
  const client = sdkAt(world.sandbox.url, world.sandbox.accountSid, world.sandbox.authToken);
  expect((await client.calls(phone.sid).fetch()).price).toBeNull();
  world.pass(5000);
  expect(await client.calls(phone.sid).fetch()).toMatchObject({ price: "-0.017", status: "completed", duration: "61" });
});

test("a reset and a stop end open calls without a word to the app", async () => {
  world.answer(gather());
  const phone = await world.call();
  world.sandbox.reset();
  await phone.done;
  await world.sandbox.idle();
  expect(world.app.at("/status")).toEqual([]);
  expect(world.sandbox.state.store.calls.size).toBe(0);
});
