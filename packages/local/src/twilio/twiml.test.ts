import MessagingResponse from "twilio/lib/twiml/MessagingResponse.js";
import VoiceResponse from "twilio/lib/twiml/VoiceResponse.js";
import { expect, test } from "vitest";
import { readMessaging, readVoice } from "./twiml.ts";

test("what the official SDK writes is read, whatever is said in it", () => {
  const response = new VoiceResponse();
  const words = `"Tom & Jerry" <Hangup/> ]]> it's 5 > 3, नमस्ते`;
  response.say({ language: "hi-IN", voice: "Polly.Aditi" }, words);
  const gather = response.gather({
    input: ["speech", "dtmf"],
    action: "/turn?n=1&lang=hi-IN",
    method: "POST",
    timeout: 5,
    speechTimeout: "auto",
    numDigits: 1,
    finishOnKey: "",
    actionOnEmptyResult: true,
    language: "hi-IN",
    hints: "balance, top up",
    bargeIn: true,
    profanityFilter: false,
    speechModel: "phone_call",
    enhanced: true,
  });
  gather.say({ language: "en-IN" }, "How can I help?");
  gather.pause({ length: 1 });
  gather.play("https://sound.example/a.mp3");
  const dial = response.dial({ action: "/end", callerId: "+14155550100", timeLimit: 600, timeout: 20, answerOnBridge: true });
  dial.number({ statusCallback: "/leg", statusCallbackEvent: ["answered", "completed"] }, "+14155550188");
  response.record({
    action: "/taped",
    maxLength: 120,
    finishOnKey: "#",
    playBeep: true,
    transcribe: true,
    transcribeCallback: "/words",
    timeout: 4,
  });
  response.redirect({ method: "GET" }, "/next");
  response.reject({ reason: "busy" });
  response.hangup();

  expect(readVoice(response.toString())).toMatchObject([
    { verb: "Say", text: words, language: "hi-IN", voice: "Polly.Aditi" },
    {
      verb: "Gather",
      speech: true,
      keys: true,
      action: "/turn?n=1&lang=hi-IN",
      timeoutSeconds: 5,
      numDigits: 1,
      finishOnKey: "",
      actionOnEmptyResult: true,
      prompts: [{ text: "How can I help?", language: "en-IN" }, { seconds: 1 }, { url: "https://sound.example/a.mp3" }],
    },
    {
      verb: "Dial",
      number: "+14155550188",
      callerId: "+14155550100",
      timeLimitSeconds: 600,
      answerOnBridge: true,
      statusEvents: ["answered", "completed"],
    },
    { verb: "Record", maxSeconds: 120, finishOnKey: "#", transcribe: true, transcribeCallback: "/words" },
    { verb: "Redirect", url: "/next", method: "GET" },
    { verb: "Reject", reason: "busy" },
    { verb: "Hangup" },
  ]);
});

test("what is left out has Twilio's default", () => {
  expect(readVoice("<Response><Gather/><Dial>+14155550188</Dial><Record/><Pause/><Redirect/></Response>")).toMatchObject([
    { speech: false, keys: true, action: "", method: "POST", timeoutSeconds: 5, finishOnKey: "#", actionOnEmptyResult: false },
    { action: undefined, timeoutSeconds: 30, timeLimitSeconds: 14_400, answerOnBridge: false },
    { action: "", timeoutSeconds: 5, maxSeconds: 3600, finishOnKey: "1234567890*#", playBeep: true, transcribe: false },
    { seconds: 1 },
    { url: "", method: "POST" },
  ]);
});

test("marks in speech are read through; any other element in it is refused", () => {
  expect(readVoice('<Response><Say>One <break time="1s"/><emphasis>two</emphasis></Say></Response>')).toMatchObject([{ text: "One two" }]);
  expect(() => readVoice("<Response><Say>One <b>two</b></Say></Response>")).toThrow("<b> is not known here");
});

test("messages are read as the SDK writes them, line breaks kept", () => {
  const response = new MessagingResponse();
  response.message({ statusCallback: "/sent" }, "One & only\n<two>");
  const other = response.message("");
  other.body("Body");
  other.media("https://media.example/a.png");
  expect(readMessaging(response.toString())).toMatchObject([
    { body: "One & only\n<two>", media: [], statusCallback: "/sent" },
    { body: "Body", media: ["https://media.example/a.png"] },
  ]);
});

test.each([
  ["<Response><Dial/></Response>", "<Dial> needs one number"],
  ["<Response><Dial><Number>+1</Number><Number>+2</Number></Dial></Response>", "<Dial> needs one number"],
  ["<Response><Dial><Client>joe</Client></Dial></Response>", "<Client> is not known here"],
  ["<Response><Play/></Response>", "<Play> needs an address or digits"],
  ["<Response><Say/></Response>", "<Say> needs a text"],
  ["<Response><Hangup>now</Hangup></Response>", "<Hangup> takes no text"],
  ['<Response><Gather input="voice"/></Response>', "input of <Gather> is not valid: voice"],
  ['<Response><Gather toString="1"/></Response>', "<Gather> has no attribute toString"],
  ["<Response><constructor/></Response>", "<constructor> is not known here"],
  ["<Response><Number>+14155550188</Number></Response>", "<Number> is not known here"],
])("%s is refused: %s", (xml, why) => expect(() => readVoice(xml)).toThrow(why));
