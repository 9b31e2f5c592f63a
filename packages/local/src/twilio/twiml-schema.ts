import { ApplicationError } from "./alerts.ts";
import { type Element, textOf } from "./xml.ts";

type Read = (text: string) => boolean;

const any: Read = () => true;
const flag: Read = (text) => /^(true|false)$/.test(text);
const method: Read = (text) => /^(GET|POST)$/i.test(text);
const keys: Read = (text) => /^[\d#*]*$/.test(text);
const whole =
  (least: number, most: number): Read =>
  (text) =>
    /^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most;
const oneOf =
  (...texts: readonly string[]): Read =>
  (text) =>
    texts.includes(text);
/** Several of these, blanks between. */
const someOf =
  (...texts: readonly string[]): Read =>
  (text) =>
    text.split(/\s+/).every((part) => texts.includes(part));

interface Rule {
  readonly attributes: Readonly<Record<string, Read>>;
  /** Elements that may stand inside. Default: none. */
  readonly inside?: readonly string[];
  /** Whether text stands inside. */
  readonly text?: "needed" | "allowed";
  readonly check?: (element: Element) => string | undefined;
}

const SAY_LIMIT = 4096;
const SSML = ["break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"];

const SAY: Rule = {
  attributes: { voice: any, language: (text) => /^[a-z]{2,3}(-[\w]+)*$/i.test(text), loop: whole(0, 1000) },
  inside: SSML,
  text: "needed",
  check: (element) => (textOf(element).length > SAY_LIMIT ? `<Say> takes up to ${SAY_LIMIT} characters` : undefined),
};
const PAUSE: Rule = { attributes: { length: whole(1, 86_400) } };
const PLAY: Rule = {
  attributes: { loop: whole(0, 1000), digits: (text) => /^[\dw#*]+$/.test(text) },
  text: "allowed",
  check: (element) =>
    (textOf(element) === "") === (element.attributes.digits === undefined) ? "<Play> needs an address or digits" : undefined,
};
const REDIRECT: Rule = { attributes: { method }, text: "allowed" };

/** Voice documents, as far as the sandbox follows them. */
export const VOICE: Readonly<Record<string, Rule>> = {
  Say: SAY,
  Play: PLAY,
  Pause: PAUSE,
  Redirect: REDIRECT,
  Gather: {
    attributes: {
      input: someOf("speech", "dtmf"),
      action: any,
      method,
      timeout: (text) => text === "auto" || whole(1, 600)(text),
      speechTimeout: (text) => text === "auto" || whole(1, 600)(text),
      maxSpeechTime: whole(1, 600),
      numDigits: whole(1, 1000),
      finishOnKey: (text) => /^[\d#*]?$/.test(text),
      actionOnEmptyResult: flag,
      language: any,
      hints: any,
      bargeIn: flag,
      profanityFilter: flag,
      speechModel: any,
      enhanced: flag,
      dtmfDetection: any,
      debug: flag,
    },
    inside: ["Say", "Play", "Pause"],
  },
  Dial: {
    attributes: {
      action: any,
      method,
      callerId: any,
      timeout: whole(1, 600),
      timeLimit: whole(1, 86_400),
      answerOnBridge: flag,
      hangupOnStar: flag,
      ringTone: any,
      sequential: flag,
    },
    inside: ["Number"],
    text: "allowed",
    check: (element) => {
      const numbers = element.children.filter((child) => typeof child !== "string").length + (directTextOf(element) === "" ? 0 : 1);
      return numbers === 1 ? undefined : "<Dial> needs one number here: the sandbox rings one telephone at a time";
    },
  },
  Number: {
    attributes: {
      statusCallback: any,
      statusCallbackMethod: method,
      statusCallbackEvent: someOf("initiated", "ringing", "answered", "completed"),
      sendDigits: any,
    },
    text: "needed",
  },
  Record: {
    attributes: {
      action: any,
      method,
      timeout: whole(0, 3600),
      finishOnKey: keys,
      maxLength: whole(1, 86_400),
      playBeep: flag,
      trim: oneOf("trim-silence", "do-not-trim"),
      transcribe: flag,
      transcribeCallback: any,
      recordingStatusCallback: any,
      recordingStatusCallbackMethod: method,
      recordingStatusCallbackEvent: someOf("in-progress", "completed", "absent"),
    },
  },
  Hangup: { attributes: {} },
  Reject: { attributes: { reason: oneOf("rejected", "busy") } },
};

/** Messaging documents. */
export const MESSAGING: Readonly<Record<string, Rule>> = {
  Message: {
    attributes: { to: any, from: any, action: any, method, statusCallback: any },
    inside: ["Body", "Media"],
    text: "allowed",
  },
  Body: { attributes: {}, text: "allowed" },
  Media: { attributes: {}, text: "needed" },
  Redirect: REDIRECT,
};

/** The text that stands in an element itself, without that of elements in it. */
export const directTextOf = ({ name, attributes, children }: Element): string =>
  textOf({ name, attributes, children: children.filter((child) => typeof child === "string") });

const invalid = (message: string) => new ApplicationError(12200, `The document doesn't conform to TwiML's schema: ${message}`);

/** Throws the application error of whatever in this element is not TwiML, or is TwiML that the sandbox can't follow. */
export function checkElement(element: Element, schema: Readonly<Record<string, Rule>>, allowed: readonly string[]): void {
  const rule = allowed.includes(element.name) && Object.hasOwn(schema, element.name) ? schema[element.name] : undefined;
  if (!rule) throw invalid(`<${element.name}> is not known here`);
  for (const [name, value] of Object.entries(element.attributes)) {
    const read = Object.hasOwn(rule.attributes, name) ? rule.attributes[name] : undefined;
    if (!read) throw invalid(`<${element.name}> has no attribute ${name}`);
    if (!read(value)) throw invalid(`${name} of <${element.name}> is not valid: ${value.slice(0, 100)}`);
  }
  if (rule.text === undefined && directTextOf(element) !== "") throw invalid(`<${element.name}> takes no text`);
  if (rule.text === "needed" && textOf(element) === "") throw invalid(`<${element.name}> needs a text`);
  for (const child of element.children) {
    if (typeof child === "string") continue;
    if (SSML.includes(child.name) && rule.inside?.includes(child.name)) checkSpeech(child);
    else checkElement(child, schema, rule.inside ?? []);
  }
  const wrong = rule.check?.(element);
  if (wrong !== undefined) throw invalid(wrong);
}

/** Marks in what is spoken: any attributes, and more marks in them. */
function checkSpeech(element: Element): void {
  if (!SSML.includes(element.name)) throw invalid(`<${element.name}> is no mark of speech`);
  for (const child of element.children) if (typeof child !== "string") checkSpeech(child);
}
