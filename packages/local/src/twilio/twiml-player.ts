import { ApplicationError } from "./alerts.ts";
import { followDial } from "./dial.ts";
import { followGather } from "./gather.ts";
import type { LiveCall } from "./live-call.ts";
import type { Call } from "./objects.ts";
import { firstCallParameters, type Parameters } from "./parameters.ts";
import { HungUp } from "./phone-line.ts";
import { followRecord } from "./record.ts";
import { addressIn, type Follow, type Next, type Script, sound } from "./script.ts";
import { readVoice } from "./twiml.ts";
import type { Verb } from "./twiml-verbs.ts";
import { methodOf } from "./twiml-verbs.ts";
import type { Fetched } from "./webhook-post.ts";

interface Asked extends Next {
  /** When this fails too, nothing is left to ask. */
  readonly fallback?: true;
  readonly begin?: Parameters;
}

const SORRY = "We are sorry, an application error has occurred. Goodbye.";

const XML = new Set(["text/xml", "application/xml", "text/html"]);

function verbsOf({ contentType, body }: Fetched): readonly Verb[] {
  if (XML.has(contentType)) return readVoice(body);
  if (contentType === "text/plain") return [{ verb: "Say", text: body.trim(), language: "en-US", voice: "" }];
  throw new ApplicationError(12300, `The content type "${contentType}" is not one of a document`);
}

function reject(call: LiveCall, reason: string): Follow {
  // Only as the first thing that happens does it leave a call unanswered.
  if (!call.answered()) call.end(reason === "busy" ? "busy" : "no-answer");
  return "end";
}

async function follow(call: LiveCall, script: Script, verb: Verb): Promise<Follow> {
  switch (verb.verb) {
    case "Say":
    case "Play":
    case "Pause":
      sound(call, script, verb);
      return "on";
    case "Gather":
      return followGather(call, script, verb);
    case "Dial":
      return followDial(call, script, verb);
    case "Record":
      return followRecord(call, script, verb);
    case "Redirect":
      return { url: addressIn(script, verb.url), method: verb.method, extra: {} };
    case "Hangup":
      call.answer();
      return "end";
    case "Reject":
      return reject(call, verb.reason);
  }
}

/** Whether a document only tried to connect the call to somebody who didn't answer: that leaves it unanswered. */
const onlyRings = ({ verbs }: Script) => verbs.some((verb) => verb.verb === "Dial" && verb.answerOnBridge);

async function play(call: LiveCall, { url, method, extra, begin }: Asked): Promise<Next | undefined> {
  const fetched = await call.ask(url, method, extra, begin);
  const script: Script = { url, verbs: verbsOf(fetched) };
  for (const verb of script.verbs) {
    const then = await follow(call, script, verb);
    if (then === "end") return undefined;
    if (then !== "on") return then;
  }
  if (!onlyRings(script)) call.answer();
  return undefined;
}

/** The fallback address, asked with what went wrong where. Undefined: the number has none, or it was the fallback that failed. */
function fallbackFor(call: LiveCall, failed: Asked, error: ApplicationError): Asked | undefined {
  const { voice_fallback_url: url, voice_fallback_method: method } = call.number;
  if (failed.fallback || url === "") return undefined;
  const extra = { ErrorCode: String(error.code), ErrorUrl: failed.url };
  return { url, method: methodOf(method), extra, fallback: true, ...(failed.begin && { begin: failed.begin }) };
}

function giveUp(call: LiveCall): void {
  call.hear({ by: "line", kind: "speech", text: SORRY, language: "en-US" });
  // A call that nothing ever answered has failed; one that was under way is over.
  if (!call.answered()) call.end("failed");
}

async function playAll(call: LiveCall, first: Asked): Promise<void> {
  let asked: Asked | undefined = first;
  while (asked) {
    const current: Asked = asked;
    try {
      asked = await play(call, current);
    } catch (error) {
      if (!(error instanceof ApplicationError)) throw error;
      call.alert(error, current.url);
      asked = fallbackFor(call, current, error);
      if (!asked) giveUp(call);
    }
  }
}

/** Takes a call through its documents, from the number's voice address to the end. Never rejects for what an app does. */
export async function followCall(call: LiveCall): Promise<void> {
  const { voice_url: url, voice_method: method } = call.number;
  try {
    await playAll(call, { url, method: methodOf(method), extra: {}, begin: firstCallParameters(call.record()) });
  } catch (error) {
    if (!(error instanceof HungUp)) throw error;
  } finally {
    const last: Call["status"] = call.answered() ? "completed" : "no-answer";
    call.end(last);
    call.finish();
  }
}
