import { beforeEach, describe, expect, test } from "vitest";
import { twiml } from "./testing/fake-app.ts";
import { sdkAt } from "./testing/sdk.ts";
import { CALLER, useTelephones } from "./testing/telephones.ts";

const world = useTelephones();

const FRIEND = "+14155550188";

describe("a forwarded call", () => {
  const dial = (attributes = "", number = `<Number>${FRIEND}</Number>`) =>
    world.answer(`<Dial action="/dialled" timeLimit="120" timeout="20" callerId="${world.ours}" ${attributes}>${number}</Dial>`);
  beforeEach(() => {
    world.app.answers["/dialled"] = twiml("<Say>Goodbye.</Say>");
  });

  test("connects, is cut at its limit, and goes on with the action's document", async () => {
    dial();
    const phone = await world.call();
    expect(phone.listening).toMatchObject({ for: "callee", number: FRIEND });
    await phone.callee("answer");
    await phone.say("Hello?");
    await phone.calleeSays("Speaking.");
    await phone.stayQuiet(1000);
    await phone.done;
    expect(phone.heard).toEqual(["Goodbye."]);
    const [parameters] = world.parametersAt("/dialled");
    expect(parameters).toMatchObject({
      DialCallStatus: "completed",
      DialCallDuration: "120",
      DialBridged: "true",
      CallStatus: "in-progress",
    });
    const client = sdkAt(world.sandbox.url, world.sandbox.accountSid, world.sandbox.authToken);
    expect(await client.calls(parameters!.DialCallSid!).fetch()).toMatchObject({
      parentCallSid: phone.sid,
      direction: "outbound-dial",
      from: world.ours,
      to: FRIEND,
      duration: "120",
      status: "completed",
    });
    expect(Number(phone.record.duration)).toBeGreaterThanOrEqual(120);
  });

  test.each([
    ["busy", "busy"],
    ["ignore", "no-answer"],
    ["unreachable", "failed"],
  ] as const)("to a telephone that is %s: %s", async (does, status) => {
    dial();
    const phone = await world.call();
    await phone.callee(does);
    await phone.done;
    expect(world.parametersAt("/dialled")).toMatchObject([{ DialCallStatus: status, DialBridged: "false" }]);
    expect(world.parametersAt("/dialled")[0]).not.toHaveProperty("DialCallDuration");
  });

  test("the callee hangs up; without an action the document goes on", async () => {
    world.answer(`<Dial>${FRIEND}</Dial>`, "<Say>Still here?</Say>");
    const phone = await world.call();
    await phone.callee("answer");
    world.pass(30_000);
    await phone.callee("hangUp");
    await phone.done;
    expect(phone.heard).toEqual(["Still here?"]);
    const legs = [...world.sandbox.state.store.calls.values()].filter(({ direction }) => direction === "outbound-dial");
    expect(legs).toMatchObject([{ from: CALLER, to: FRIEND, duration: "30" }]);
  });

  test.each([
    [false, "canceled"],
    [true, "completed"],
  ])("the caller hangs up (connected: %s): the leg is %s, and the action is told", async (connected, status) => {
    dial();
    const phone = await world.call();
    if (connected) await phone.callee("answer");
    await phone.hangUp();
    await world.sandbox.idle();
    expect(world.parametersAt("/dialled")).toMatchObject([{ DialCallStatus: status, CallStatus: "completed" }]);
    expect(phone.heard).toEqual([]);
  });

  test("with answerOnBridge the caller's call is answered when the callee's is", async () => {
    dial('answerOnBridge="true"');
    const phone = await world.call();
    expect(phone.record.status).toBe("ringing");
    world.pass(9000);
    await phone.callee("answer");
    expect(phone.record.status).toBe("in-progress");
    world.pass(5000);
    expect(await phone.hangUp()).toMatchObject({ duration: "5" });
  });

  test("with answerOnBridge and nobody there, it was never answered", async () => {
    world.answer(`<Dial answerOnBridge="true">${FRIEND}</Dial>`);
    const phone = await world.call();
    await phone.stayQuiet();
    expect(await phone.done).toMatchObject({ status: "no-answer", duration: "0" });
  });

  test("its own status callbacks name the leg and the call", async () => {
    dial("", `<Number statusCallback="/leg" statusCallbackEvent="initiated ringing answered completed">${FRIEND}</Number>`);
    const phone = await world.call();
    await phone.callee("answer");
    await phone.callee("hangUp");
    await phone.done;
    await world.sandbox.idle();
    expect(world.parametersAt("/leg").map(({ CallStatus }) => CallStatus)).toEqual(["initiated", "ringing", "in-progress", "completed"]);
    expect(world.parametersAt("/leg")).toMatchObject(Array(4).fill({ ParentCallSid: phone.sid, To: FRIEND, Direction: "outbound-dial" }));
  });

  test("to what is no number fails, and says so", async () => {
    dial("", "<Number>12</Number>");
    await (await world.call()).done;
    expect(world.parametersAt("/dialled")).toMatchObject([{ DialCallStatus: "failed" }]);
    expect(world.sandbox.alerts.entries()).toMatchObject([{ code: 13223 }]);
  });
});
