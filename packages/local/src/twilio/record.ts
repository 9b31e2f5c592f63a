import { spokenMs } from "./call-clock.ts";
import { addRecording } from "./calls.ts";
import type { LiveCall } from "./live-call.ts";
import type { Recording } from "./objects.ts";
import type { Parameters } from "./parameters.ts";
import { HungUp } from "./phone-line.ts";
import { addressIn, type Follow, type Script } from "./script.ts";
import type { Record } from "./twiml-verbs.ts";

interface Taped {
  readonly words: string;
  readonly seconds: number;
  /** The key that ended it, `hangup`, or nothing. */
  readonly digits: string;
}

/** Longer ones are not put into words. */
const MAX_TRANSCRIBED_SECONDS = 120;

/** Tapes what the caller says until a key, a silence, the end of the tape, or the end of the call. */
async function tape(call: LiveCall, { finishOnKey, timeoutSeconds, maxSeconds }: Record): Promise<Taped> {
  const words: string[] = [];
  let ms = 0;
  let leftSeconds = timeoutSeconds;
  const taped = (digits: string): Taped => ({ words: words.join(" "), seconds: Math.min(maxSeconds, Math.ceil(ms / 1000)), digits });
  try {
    while (ms < maxSeconds * 1000) {
      const act = await call.next({ for: "voicemail", speech: true, keys: true });
      if (act.kind === "said") {
        call.hear({ by: "caller", kind: "speech", text: act.text });
        call.clock.speak(act.text);
        words.push(act.text);
        ms += spokenMs(act.text);
        leftSeconds = timeoutSeconds;
      } else if (act.kind === "pressed") {
        call.hear({ by: "caller", kind: "keys", text: act.keys });
        const key = [...act.keys].find((pressed) => finishOnKey.includes(pressed));
        if (key !== undefined) return taped(key);
      } else if (act.kind === "quiet" || act.kind === "passed") {
        const seconds = act.kind === "quiet" ? leftSeconds : act.seconds;
        call.clock.skip(seconds * 1000);
        leftSeconds -= seconds;
        if (leftSeconds <= 0) return taped("");
      }
    }
    return taped("");
  } catch (error) {
    if (error instanceof HungUp) return taped("hangup");
    throw error;
  }
}

const urlOf = (call: LiveCall, { uri }: Recording) => `${call.world.origin()}${uri.replace(/\.json$/, "")}`;

/** Puts the tape into words a moment later, and tells them. */
function transcribe(call: LiveCall, recording: Recording, words: string, url: string): void {
  const { store, work, webhooks, switches } = call.world;
  work.later(switches.get().transcribeAfterMs, () => {
    if (!store.recordings.has(recording.sid)) return;
    const sid = store.newSid("TR");
    const {
      CallSid = "",
      AccountSid = "",
      ApiVersion = "",
      CallStatus = "",
      Direction = "",
      From = "",
      To = "",
      Caller = "",
      Called = "",
    } = call.parameters();
    webhooks.tell({
      sid: call.sid,
      url,
      method: "POST",
      parameters: {
        ...{ CallSid, AccountSid, ApiVersion, CallStatus, Direction, From, To, Caller, Called },
        TranscriptionSid: sid,
        TranscriptionText: words,
        TranscriptionStatus: "completed",
        TranscriptionType: "fast",
        TranscriptionUrl: `${call.world.origin()}${store.accountPath(`/Transcriptions/${sid}`)}`,
        RecordingSid: recording.sid,
        RecordingUrl: urlOf(call, recording),
        url,
      },
    });
  });
}

function tellRecording(call: LiveCall, recording: Recording, url: string, method: Record["method"]): void {
  const { sid, duration, channels, source, start_time: startTime, status } = recording;
  call.world.webhooks.tell({
    sid: call.sid,
    url,
    method,
    parameters: {
      AccountSid: recording.account_sid,
      CallSid: call.sid,
      RecordingSid: sid,
      RecordingUrl: urlOf(call, recording),
      RecordingStatus: status,
      RecordingDuration: duration,
      RecordingChannels: String(channels),
      RecordingSource: source,
      RecordingStartTime: startTime,
      ErrorCode: "0",
    },
  });
}

/** Keeps the tape, and tells whoever asked for it. What the action is asked with. */
function keep(call: LiveCall, script: Script, record: Record, { words, seconds, digits }: Taped): Parameters {
  const recording = addRecording(call.world.store, call.sid, seconds);
  call.hear({ by: "line", kind: "event", text: `Recorded ${seconds} s` });
  if (record.statusCallback !== undefined) tellRecording(call, recording, addressIn(script, record.statusCallback), record.statusMethod);
  if (record.transcribe && record.transcribeCallback !== undefined && seconds <= MAX_TRANSCRIBED_SECONDS)
    transcribe(call, recording, words, addressIn(script, record.transcribeCallback));
  return {
    RecordingUrl: urlOf(call, recording),
    RecordingSid: recording.sid,
    RecordingDuration: recording.duration,
    ...(digits !== "" && { Digits: digits }),
  };
}

export async function followRecord(call: LiveCall, script: Script, record: Record): Promise<Follow> {
  call.answer();
  const action = addressIn(script, record.action);
  if (record.playBeep) call.hear({ by: "line", kind: "sound", text: "Beep" });
  const taped = await tape(call, record);
  const hungUp = taped.digits === "hangup";
  // Of an empty tape nobody is told, and the document goes on.
  if (taped.seconds === 0 && !hungUp) return "on";
  if (taped.seconds === 0) throw new HungUp();
  const extra = keep(call, script, record, taped);
  if (!hungUp) return { url: action, method: record.method, extra };
  await call.post(action, record.method, extra);
  throw new HungUp();
}
