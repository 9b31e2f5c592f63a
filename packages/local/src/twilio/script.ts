import { ApplicationError } from "./alerts.ts";
import type { LiveCall } from "./live-call.ts";
import type { Parameters } from "./parameters.ts";
import type { Method, Pause, Play, Say, Verb } from "./twiml-verbs.ts";

/** Where the next document is asked for, and with what. */
export interface Next {
  readonly url: string;
  readonly method: Method;
  readonly extra: Parameters;
}

/** A document that was fetched, and where it is from: relative addresses in it begin there. */
export interface Script {
  readonly url: string;
  readonly verbs: readonly Verb[];
}

/** What follows a verb: the verb behind it, another document, or nothing more. */
export type Follow = "on" | "end" | Next;

/** An address of a document's, made absolute. Nothing: the document's own. Throws `ApplicationError` if it is none. */
export function addressIn(script: Pick<Script, "url">, address: string): string {
  if (!URL.canParse(address, script.url)) throw new ApplicationError(11100, `Not an address: ${address.slice(0, 200)}`);
  return new URL(address, script.url).href;
}

/** What is said or sounded, also within a Gather. */
export function sound(call: LiveCall, script: Script, prompt: Say | Play | Pause): void {
  call.answer();
  if (prompt.verb === "Say") {
    call.hear({ by: "app", kind: "speech", text: prompt.text, language: prompt.language });
    call.clock.speak(prompt.text);
  } else if (prompt.verb === "Pause") call.clock.skip(prompt.seconds * 1000);
  else call.hear({ by: "app", kind: "sound", text: prompt.url === undefined ? `Keys ${prompt.digits}` : addressIn(script, prompt.url) });
}
