import { ApplicationError } from "./alerts.ts";
import { addCall, endCall, fetchCall } from "./calls.ts";
import { awaitPrice } from "./late-prices.ts";
import type { LiveCall } from "./live-call.ts";
import { ownedBy } from "./numbers.ts";
import { type Call, E164 } from "./objects.ts";
import { callStatusParameters, type Parameters } from "./parameters.ts";
import { type CalleeAct, HungUp } from "./phone-line.ts";
import { addressIn, type Follow, type Script } from "./script.ts";
import { replace } from "./store.ts";
import type { Dial } from "./twiml-verbs.ts";

/** The call to whom the caller is connected. */
interface Leg {
  readonly sid: string;
  tell(event: string): void;
  bridge(): void;
  end(status: Call["status"]): void;
}

/** Who seems to call: nobody but the caller, the number that was called, or another of the account's. */
function callerIdOf(call: LiveCall, { callerId }: Dial): string {
  const { from, to } = call.record();
  if (callerId === undefined || callerId === from || callerId === to) return callerId ?? from;
  if (ownedBy(call.world.store, callerId)) return callerId;
  throw new ApplicationError(13214, `Dial: ${callerId.slice(0, 40)} is no caller ID of this account`);
}

function placeLeg(call: LiveCall, script: Script, dial: Dial): Leg {
  const { store, webhooks, switches } = call.world;
  const { sid } = addCall(store, { from: callerIdOf(call, dial), to: dial.number, direction: "outbound-dial", parentSid: call.sid });
  const url = dial.statusCallback === undefined ? undefined : addressIn(script, dial.statusCallback);
  let bridgedMs: number | undefined;
  let sequence = 0;
  const tell = (event: string) => {
    if (url === undefined || !dial.statusEvents.includes(event)) return;
    const leg = { ...fetchCall(store, sid), ...(event === "initiated" && { status: "queued" as const }) };
    const parameters = callStatusParameters(leg, store.now(), sequence);
    sequence += 1;
    // Twilio calls this status by the event's name.
    webhooks.tell({
      sid,
      url,
      method: dial.statusMethod,
      parameters: { ...parameters, ...(event === "initiated" && { CallStatus: event }) },
    });
  };
  return {
    sid,
    tell,
    bridge: () => {
      bridgedMs = call.clock.nowMs();
      replace(store.calls, fetchCall(store, sid), { status: "in-progress", date_updated: store.now() });
      tell("answered");
    },
    end: (status) => {
      if (!store.calls.has(sid)) return;
      endCall(store, sid, status, bridgedMs === undefined ? 0 : call.clock.nowMs() - bridgedMs);
      awaitPrice(store, sid, switches.get().priceAfterMs);
      tell("completed");
    },
  };
}

const REFUSALS: Readonly<Record<Exclude<CalleeAct, "answer">, "busy" | "no-answer" | "failed">> = {
  busy: "busy",
  ignore: "no-answer",
  unreachable: "failed",
  hangUp: "busy",
};

/** Rings until somebody answers or nobody does. */
async function ring(call: LiveCall, dial: Dial): Promise<"answered" | "busy" | "no-answer" | "failed" | "canceled"> {
  let leftSeconds = dial.timeoutSeconds;
  while (leftSeconds > 0) {
    const act = await call.next({ for: "callee", speech: false, keys: dial.hangupOnStar, number: dial.number });
    if (act.kind === "callee") {
      if (act.does === "answer") return "answered";
      if (act.does === "ignore") call.clock.skip(leftSeconds * 1000);
      return REFUSALS[act.does];
    }
    if (act.kind === "pressed" && dial.hangupOnStar && act.keys.includes("*")) return "canceled";
    if (act.kind !== "quiet" && act.kind !== "passed") continue;
    const seconds = act.kind === "quiet" ? leftSeconds : act.seconds;
    call.clock.skip(seconds * 1000);
    leftSeconds -= seconds;
  }
  return "no-answer";
}

/** Both speak until one of them has enough, or the document's limit is reached. Resolves when the callee's side is over. */
async function talk(call: LiveCall, dial: Dial): Promise<void> {
  const endMs = call.clock.nowMs() + dial.timeLimitSeconds * 1000;
  while (call.clock.nowMs() < endMs) {
    const act = await call.next({ for: "talk", speech: true, keys: true, number: dial.number }, endMs);
    if (act.kind === "said" || act.kind === "calleeSaid") {
      call.hear({ by: act.kind === "said" ? "caller" : "callee", kind: "speech", text: act.text });
      call.clock.speak(act.text);
    } else if (act.kind === "pressed") {
      call.hear({ by: "caller", kind: "keys", text: act.keys });
      if (dial.hangupOnStar && act.keys.includes("*")) return;
    } else if (act.kind === "passed") {
      call.clock.skip(Math.min(act.seconds * 1000, Math.max(0, endMs - call.clock.nowMs())));
    } else if (act.kind === "callee" && act.does === "hangUp") {
      call.hear({ by: "callee", kind: "event", text: "Hung up" });
      return;
    }
  }
  call.hear({ by: "line", kind: "event", text: `Cut off after ${dial.timeLimitSeconds} s` });
}

/** Connects, and says what became of it. A caller who hangs up ends it, and `HungUp` goes on behind that. */
async function connect(call: LiveCall, dial: Dial, leg: Leg): Promise<string> {
  let bridged = false;
  try {
    leg.tell("initiated");
    leg.tell("ringing");
    call.hear({ by: "line", kind: "event", text: `Ringing ${dial.number}` });
    const outcome = await ring(call, dial);
    if (outcome !== "answered") {
      call.hear({ by: "line", kind: "event", text: `${dial.number}: ${outcome}` });
      leg.end(outcome);
      return outcome;
    }
    bridged = true;
    call.answer();
    leg.bridge();
    call.hear({ by: "line", kind: "event", text: `Connected to ${dial.number}` });
    await talk(call, dial);
    leg.end("completed");
    return "completed";
  } catch (error) {
    if (error instanceof HungUp) leg.end(bridged ? "completed" : "canceled");
    throw error;
  }
}

function resultOf(call: LiveCall, leg: Leg): Parameters {
  const { status = "canceled", duration } = call.world.store.calls.get(leg.sid) ?? {};
  const bridged = status === "completed";
  return {
    DialCallSid: leg.sid,
    DialCallStatus: status,
    DialBridged: String(bridged),
    ...(bridged && { DialCallDuration: duration ?? "0" }),
  };
}

export async function followDial(call: LiveCall, script: Script, dial: Dial): Promise<Follow> {
  const action = dial.action === undefined ? undefined : addressIn(script, dial.action);
  const next = (extra: Parameters): Follow => (action === undefined ? "on" : { url: action, method: dial.method, extra });
  if (!dial.answerOnBridge) call.answer();
  if (!E164.test(dial.number)) {
    call.alert(new ApplicationError(13223, `Dial: ${dial.number.slice(0, 40)} is no telephone number`), script.url);
    return next({ DialCallStatus: "failed", DialBridged: "false" });
  }
  const leg = placeLeg(call, script, dial);
  try {
    await connect(call, dial, leg);
  } catch (error) {
    if (error instanceof HungUp && action !== undefined) await call.post(action, dial.method, resultOf(call, leg));
    throw error;
  }
  return next(resultOf(call, leg));
}
