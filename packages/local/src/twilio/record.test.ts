import { describe, expect, test } from "vitest";
import { twiml } from "./testing/fake-app.ts";
import { useTelephones } from "./testing/telephones.ts";

const world = useTelephones();

describe("a voicemail", () => {
  const RECORD =
    '<Record action="/taped" maxLength="60" finishOnKey="#" transcribe="true" transcribeCallback="/words" recordingStatusCallback="/tape-status"/>';

  test("ends by a key, is kept, heard, and put into words", async () => {
    world.answer("<Say>Leave a message.</Say>", RECORD);
    world.app.answers["/taped"] = twiml("<Say>Thank you.</Say>", "<Hangup/>");
    const phone = await world.call();
    expect(phone.transcript.at(-1)!.text).toBe("Beep");
    await phone.say("Please call me back.");
    await phone.say("It is about the bill.");
    await phone.press("#");
    await phone.done;
    await world.sandbox.idle();
    const [recording] = phone.recordings;
    const RecordingUrl = `${world.sandbox.url}/2010-04-01/Accounts/${world.sandbox.accountSid}/Recordings/${recording!.sid}`;
    expect(world.parametersAt("/taped")).toMatchObject([
      { RecordingSid: recording!.sid, RecordingUrl, RecordingDuration: "3", Digits: "#" },
    ]);
    expect(world.parametersAt("/words")).toMatchObject([
      {
        TranscriptionText: "Please call me back. It is about the bill.",
        TranscriptionStatus: "completed",
        RecordingSid: recording!.sid,
        CallSid: phone.sid,
      },
    ]);
    expect(world.parametersAt("/tape-status")).toMatchObject([{ RecordingStatus: "completed", RecordingSid: recording!.sid }]);
    const headers = { authorization: `Basic ${btoa(`${world.sandbox.accountSid}:${world.sandbox.authToken}`)}` };
    const sound = new DataView(await (await fetch(RecordingUrl, { headers })).arrayBuffer());
    expect([sound.byteLength, sound.getUint32(24, true), sound.getUint32(40, true)]).toEqual([44 + 3 * 8000, 8000, 3 * 8000]);
  });

  test("ends by hanging up: the app is told of the tape, then of the end", async () => {
    world.answer(RECORD);
    const phone = await world.call();
    await phone.say("Call me.");
    await phone.hangUp();
    await world.sandbox.idle();
    expect(world.parametersAt("/taped")).toMatchObject([{ Digits: "hangup", CallStatus: "completed", RecordingDuration: "1" }]);
    expect(world.parametersAt("/words")).toMatchObject([{ TranscriptionText: "Call me." }]);
    expect(world.app.received.findIndex(({ path }) => path === "/taped")).toBeLessThan(
      world.app.received.findIndex(({ path }) => path === "/status"),
    );
  });

  test("that nobody speaks is none: the document goes on, and nobody is told", async () => {
    world.answer(RECORD, "<Say>We heard nothing.</Say>");
    const phone = await world.call();
    await phone.stayQuiet();
    await phone.done;
    await world.sandbox.idle();
    expect(phone.heard).toEqual(["We heard nothing."]);
    expect(phone.recordings).toEqual([]);
    expect([...world.app.at("/taped"), ...world.app.at("/words")]).toEqual([]);
  });

  test("ends when the tape does", async () => {
    world.answer('<Record action="/taped" maxLength="5" playBeep="false"/>');
    const phone = await world.call();
    await phone.say("x".repeat(200));
    await phone.done;
    expect(world.parametersAt("/taped")).toMatchObject([{ RecordingDuration: "5" }]);
    expect(world.parametersAt("/taped")[0]).not.toHaveProperty("Digits");
  });
});
