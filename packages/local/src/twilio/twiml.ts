import { ApplicationError } from "./alerts.ts";
import { checkElement, directTextOf, MESSAGING, VOICE } from "./twiml-schema.ts";
import { methodOf, type Pause, type Play, type Redirect, type Reply, type Say, type Verb } from "./twiml-verbs.ts";
import { type Element, parseXml, textOf, XmlError } from "./xml.ts";

const ANY_KEY = "1234567890*#";

const elementsOf = ({ children }: Element): readonly Element[] => children.filter((child) => typeof child !== "string");
const secondsOf = (text: string | undefined, otherwise: number) => (text === undefined || text === "auto" ? otherwise : Number(text));

const say = (element: Element): Say => ({
  verb: "Say",
  text: textOf(element),
  language: element.attributes.language ?? "en-US",
  voice: element.attributes.voice ?? "",
});
const play = (element: Element): Play => ({
  verb: "Play",
  url: textOf(element) || undefined,
  digits: element.attributes.digits ?? "",
});
const pause = ({ attributes }: Element): Pause => ({ verb: "Pause", seconds: secondsOf(attributes.length, 1) });

const PROMPTS = { Say: say, Play: play, Pause: pause } as const;
const promptOf = (element: Element) => PROMPTS[element.name as keyof typeof PROMPTS](element);

const READERS: Readonly<{ [name: string]: (element: Element) => Verb }> = {
  ...PROMPTS,
  Gather: (element) => {
    const {
      input = "dtmf",
      action = "",
      method,
      timeout,
      numDigits,
      finishOnKey = "#",
      actionOnEmptyResult,
      language,
    } = element.attributes;
    return {
      verb: "Gather",
      speech: input.includes("speech"),
      keys: input.includes("dtmf"),
      action,
      method: methodOf(method),
      timeoutSeconds: secondsOf(timeout, 5),
      numDigits: numDigits === undefined ? Number.POSITIVE_INFINITY : Number(numDigits),
      finishOnKey,
      actionOnEmptyResult: actionOnEmptyResult === "true",
      language: language ?? "en-US",
      prompts: elementsOf(element).map(promptOf),
    };
  },
  Dial: (element) => {
    const { action, method, callerId, timeout, timeLimit, answerOnBridge, hangupOnStar } = element.attributes;
    const [number] = elementsOf(element);
    return {
      verb: "Dial",
      number: textOf(number ?? element),
      callerId,
      action,
      method: methodOf(method),
      timeoutSeconds: secondsOf(timeout, 30),
      timeLimitSeconds: secondsOf(timeLimit, 14_400),
      answerOnBridge: answerOnBridge === "true",
      hangupOnStar: hangupOnStar === "true",
      statusCallback: number?.attributes.statusCallback,
      statusMethod: methodOf(number?.attributes.statusCallbackMethod),
      statusEvents: (number?.attributes.statusCallbackEvent ?? "completed").split(/\s+/),
    };
  },
  Record: ({ attributes }) => ({
    verb: "Record",
    action: attributes.action ?? "",
    method: methodOf(attributes.method),
    timeoutSeconds: secondsOf(attributes.timeout, 5),
    finishOnKey: attributes.finishOnKey ?? ANY_KEY,
    maxSeconds: secondsOf(attributes.maxLength, 3600),
    playBeep: attributes.playBeep !== "false",
    transcribe: attributes.transcribe === "true" || attributes.transcribeCallback !== undefined,
    transcribeCallback: attributes.transcribeCallback,
    statusCallback: attributes.recordingStatusCallback,
    statusMethod: methodOf(attributes.recordingStatusCallbackMethod),
  }),
  Redirect: redirect,
  Hangup: () => ({ verb: "Hangup" }),
  Reject: ({ attributes }) => ({ verb: "Reject", reason: attributes.reason ?? "rejected" }),
};

function redirect(element: Element): Redirect {
  return { verb: "Redirect", url: textOf(element), method: methodOf(element.attributes.method) };
}

function reply(element: Element): Reply {
  const { to, from, action, method, statusCallback } = element.attributes;
  const [body] = elementsOf(element).filter(({ name }) => name === "Body");
  const media = elementsOf(element).filter(({ name }) => name === "Media");
  // Line breaks are the app's own in a text, other than in what is spoken.
  const words = (body ?? { ...element, children: element.children.filter((child) => typeof child === "string") }).children.join("").trim();
  return { verb: "Message", body: words, media: media.map(textOf), to, from, action, method: methodOf(method), statusCallback };
}

function responseOf(xml: string): Element {
  let root: Element;
  try {
    root = parseXml(xml);
  } catch (error) {
    if (error instanceof XmlError) throw new ApplicationError(12100, `The document can't be parsed: ${error.message}`);
    throw error;
  }
  if (root.name !== "Response") throw new ApplicationError(12100, `The document is a <${root.name}>, not a <Response>`);
  if (directTextOf(root) !== "")
    throw new ApplicationError(12200, "The document doesn't conform to TwiML's schema: text stands outside of verbs");
  return root;
}

function read<T>(xml: string, schema: typeof VOICE, top: readonly string[], verbOf: (element: Element) => T): readonly T[] {
  const elements = elementsOf(responseOf(xml));
  for (const element of elements) checkElement(element, schema, top);
  return elements.map(verbOf);
}

/** The verbs of a voice document, defaults filled in. Throws `ApplicationError` for what is not TwiML, or not followed here. */
export function readVoice(xml: string): readonly Verb[] {
  return read(xml, VOICE, Object.keys(READERS), (element) => {
    const reader = READERS[element.name];
    if (!reader) throw new ApplicationError(12200, `<${element.name}> is not known here`);
    return reader(element);
  });
}

/** The verbs of a messaging document. Throws as `readVoice` does. */
export const readMessaging = (xml: string): readonly (Reply | Redirect)[] =>
  read<Reply | Redirect>(xml, MESSAGING, ["Message", "Redirect"], (element) =>
    element.name === "Redirect" ? redirect(element) : reply(element),
  );
