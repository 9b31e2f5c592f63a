import type { LiveCall } from "./live-call.ts";
import type { Parameters } from "./parameters.ts";
import { addressIn, type Follow, type Script, sound } from "./script.ts";
import type { Gather } from "./twiml-verbs.ts";

const ENDED = { msg: "Gather End" };

const keyed = (digits: string, finishedOn = ""): Parameters => ({ ...ENDED, Digits: digits, FinishedOnKey: finishedOn });

/** What is posted when neither was heard, if anything. */
function empty({ speech, keys, language, actionOnEmptyResult }: Gather): Parameters | undefined {
  if (!actionOnEmptyResult) return undefined;
  return { ...(keys && keyed("")), ...(speech && { SpeechResult: "", Confidence: "0.0", Language: language }) };
}

/** Keys, one after another, until they suffice. The key that ends them counts only behind another. */
function typed(
  before: string,
  keys: string,
  { finishOnKey, numDigits }: Gather,
): { readonly digits: string; readonly result?: Parameters } {
  let digits = before;
  for (const key of keys) {
    if (key === finishOnKey && digits !== "") return { digits, result: keyed(digits, key) };
    if (key === finishOnKey) continue;
    digits += key;
    if (digits.length >= numDigits) return { digits, result: keyed(digits) };
  }
  return { digits };
}

/** Listens until something was said, enough keys were pressed, or nobody did anything for as long as the document waits. */
async function listen(call: LiveCall, gather: Gather): Promise<Parameters | undefined> {
  const { speech, keys, language, timeoutSeconds } = gather;
  let digits = "";
  let leftSeconds = timeoutSeconds;
  while (leftSeconds > 0) {
    const act = await call.next({ for: "answer", speech, keys, language });
    if (act.kind === "said") {
      call.hear({ by: "caller", kind: "speech", text: act.text });
      call.clock.speak(act.text);
      leftSeconds = timeoutSeconds;
      // Once a key was pressed, speech is not listened to any more.
      if (speech && digits === "") return { SpeechResult: act.text, Confidence: String(act.confidence), Language: language };
    } else if (act.kind === "pressed") {
      call.hear({ by: "caller", kind: "keys", text: act.keys });
      if (!keys) continue;
      const { digits: now, result } = typed(digits, act.keys, gather);
      if (result) return result;
      digits = now;
      leftSeconds = timeoutSeconds;
    } else if (act.kind === "quiet" || act.kind === "passed") {
      const seconds = act.kind === "quiet" ? leftSeconds : act.seconds;
      call.clock.skip(seconds * 1000);
      leftSeconds -= seconds;
    }
  }
  call.hear({ by: "line", kind: "event", text: "Silence" });
  return digits === "" ? empty(gather) : keyed(digits);
}

export async function followGather(call: LiveCall, script: Script, gather: Gather): Promise<Follow> {
  call.answer();
  for (const prompt of gather.prompts) sound(call, script, prompt);
  const extra = await listen(call, gather);
  return extra ? { url: addressIn(script, gather.action), method: gather.method, extra } : "on";
}
