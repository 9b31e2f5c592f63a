import { describe, expect, test } from "vitest";
import { type Answer, startFakeApp, twiml } from "./testing/fake-app.ts";
import { CALLER, gather, useTelephones } from "./testing/telephones.ts";

const world = useTelephones();

describe("an app that fails", () => {
  const BROKEN: readonly (readonly [what: string, answer: Answer, code: number])[] = [
    ["a 500", { status: 500 }, 11200],
    ["a 403", { status: 403 }, 11200],
    ["a redirect", { status: 302 }, 11200],
    ["no answer in time", "never", 11200],
    ["another content type", { type: "application/json", body: "{}" }, 12300],
    ["XML that isn't", { body: "<Response><Say>fish & chips</Say></Response>" }, 12100],
    ["nothing at all", { body: "" }, 12100],
    ["another root", { body: "<Html/>" }, 12100],
    ["an unknown verb", twiml("<Shout>Hello</Shout>"), 12200],
    ["a verb in the wrong place", twiml("<Gather><Dial>+14155550100</Dial></Gather>"), 12200],
    ["an unknown attribute", twiml('<Gather actionOnEmpty="true"/>'), 12200],
    ["a value that is none", twiml('<Gather timeout="-1"/>'), 12200],
    ["text between the verbs", twiml("hello"), 12200],
    ["a message in a call", twiml("<Message>hello</Message>"), 12200],
    ["a text too long to say", twiml(`<Say>${"x".repeat(4097)}</Say>`), 12200],
    ["a document too large", twiml(`<!--${"x".repeat(66_000)}-->`), 11750],
    ["another account's caller ID", twiml('<Dial callerId="+14155550100">+14155550188</Dial>'), 13214],
  ];

  test.each(BROKEN)("%s: the fallback is asked, with code and address", async (_what, broken, code) => {
    world.app.answers["/voice"] = broken;
    world.app.answers["/fallback"] = twiml("<Say>Please leave a message.</Say>", '<Record action="/taped"/>');
    const phone = await world.call();
    expect(phone.heard).toEqual(["Please leave a message."]);
    expect(world.parametersAt("/fallback")).toMatchObject([
      { ErrorCode: String(code), ErrorUrl: `${world.app.url}/voice?tenant=1`, CallSid: phone.sid, From: CALLER },
    ]);
    expect(world.app.at("/fallback")[0]!.signed).toBe(true);
    expect(world.sandbox.alerts.entries()).toMatchObject([{ code, sid: phone.sid }]);
  });

  test("and whose fallback fails too: the call has failed, and the fallback was asked once", async () => {
    world.app.answers["/voice"] = { status: 503 };
    world.app.answers["/fallback"] = { status: 503 };
    const phone = await world.call();
    expect(await phone.done).toMatchObject({ status: "failed", duration: "0" });
    await world.sandbox.idle();
    expect(world.app.at("/fallback")).toHaveLength(1);
    expect(world.parametersAt("/status")).toMatchObject([{ CallStatus: "failed" }]);
    expect(phone.transcript.at(-1)).toMatchObject({ by: "line", text: expect.stringContaining("application error") });
  });

  test("in the midst of a call: the caller hears that something is wrong, and the call is over", async () => {
    world.sandbox.state.changeNumber(world.ours, { VoiceFallbackUrl: "" });
    world.answer(gather());
    world.app.answers["/turn"] = { status: 500 };
    const phone = await world.call();
    await phone.say("hello");
    expect(await phone.done).toMatchObject({ status: "completed" });
  });

  test("whose address nobody listens at is tried twice", async () => {
    const gone = await startFakeApp(() => world.sandbox.authToken);
    await gone.stop();
    world.sandbox.state.changeNumber(world.ours, { VoiceUrl: gone.url, VoiceFallbackUrl: "" });
    expect(await (await world.call()).done).toMatchObject({ status: "failed" });
    expect(world.sandbox.webhooks.records()[0]!.attempts).toMatchObject([{ failure: expect.any(String) }, { failure: expect.any(String) }]);
    expect(world.sandbox.alerts.entries()).toMatchObject([{ code: 11205 }]);
  });

  test("documents that only lead to one another come to an end", async () => {
    world.answer("<Redirect/>");
    expect(await (await world.call()).done).toMatchObject({ status: "failed" });
    expect(world.sandbox.alerts.entries()[0]).toMatchObject({ code: 11215 });
  });
});
