import { notFound } from "./fault.ts";
import type { Form } from "./form.ts";
import { ownedBy } from "./numbers.ts";
import { API_VERSION, type Call, type Recording, rfc2822 } from "./objects.ts";
import { replace, type Store } from "./store.ts";
import { within } from "./times.ts";

interface NewCall {
  readonly from: string;
  readonly to: string;
  readonly direction: Call["direction"];
  readonly status?: Call["status"];
  readonly parentSid?: string;
}

/** Adds a call to the account. Its price is null until somebody sets it. */
export function addCall(store: Store, { from, to, direction, status = "ringing", parentSid }: NewCall): Call {
  const sid = store.newSid("CA");
  const path = store.accountPath(`/Calls/${sid}`);
  const call: Call = {
    sid,
    account_sid: store.accountSid,
    api_version: API_VERSION,
    parent_call_sid: parentSid ?? null,
    phone_number_sid: (ownedBy(store, to) ?? ownedBy(store, from))?.sid ?? "",
    from,
    from_formatted: from,
    to,
    to_formatted: to,
    direction,
    status,
    start_time: store.now(),
    end_time: null,
    duration: null,
    price: null,
    price_unit: "USD",
    answered_by: null,
    forwarded_from: null,
    group_sid: null,
    caller_name: null,
    queue_time: "0",
    trunk_sid: null,
    date_created: store.now(),
    date_updated: store.now(),
    uri: `${path}.json`,
    subresource_uris: { recordings: `${path}/Recordings.json` },
  };
  store.calls.set(sid, call);
  return call;
}

export function fetchCall(store: Store, sid: string): Call {
  const call = store.calls.get(sid);
  if (!call) throw notFound(store.accountPath(`/Calls/${sid}.json`));
  return call;
}

/** Ends a call that is under way. Its length, in started seconds, is what passed since it began unless it is told. */
export function endCall(store: Store, sid: string, status: Call["status"], lengthMs?: number): Call {
  const call = fetchCall(store, sid);
  const beganMs = call.start_time === null ? store.nowMs() : Date.parse(call.start_time);
  const duration = Math.max(0, Math.ceil((lengthMs ?? store.nowMs() - beganMs) / 1000));
  return replace(store.calls, call, {
    status,
    end_time: lengthMs === undefined ? store.now() : rfc2822(beganMs + duration * 1000),
    duration: String(duration),
    date_updated: store.now(),
  });
}

/** Ends the calls that an earlier run left open: nobody is on the line any more. */
export function endAbandoned(store: Store): void {
  for (const call of store.calls.values())
    if (call.status === "ringing" || call.status === "in-progress")
      endCall(store, call.sid, "completed", Date.parse(call.date_updated) - Date.parse(call.start_time ?? call.date_updated));
}

export const listCalls = (store: Store, form: Form): readonly Call[] =>
  [...store.calls.values()].reverse().filter((call) => {
    const is = (parameter: string, actual: string | null) => (form.get(parameter) ?? actual) === actual;
    return (
      is("To", call.to) &&
      is("From", call.from) &&
      is("Status", call.status) &&
      is("ParentCallSid", call.parent_call_sid) &&
      within(form, "StartTime", call.start_time) &&
      within(form, "EndTime", call.end_time)
    );
  });

/** Adds a recording of a call. Its sound is silence of that length. */
export function addRecording(store: Store, callSid: string, lengthSeconds: number, source: Recording["source"] = "RecordVerb"): Recording {
  fetchCall(store, callSid);
  const sid = store.newSid("RE");
  const path = store.accountPath(`/Recordings/${sid}`);
  const recording: Recording = {
    sid,
    account_sid: store.accountSid,
    api_version: API_VERSION,
    call_sid: callSid,
    conference_sid: null,
    status: "completed",
    channels: 1,
    source,
    start_time: store.now(),
    duration: String(lengthSeconds),
    price: null,
    price_unit: "USD",
    error_code: null,
    encryption_details: null,
    date_created: store.now(),
    date_updated: store.now(),
    uri: `${path}.json`,
    subresource_uris: { transcriptions: `${path}/Transcriptions.json` },
  };
  store.recordings.set(sid, recording);
  return recording;
}

export function fetchRecording(store: Store, sid: string): Recording {
  const recording = store.recordings.get(sid);
  if (!recording) throw notFound(store.accountPath(`/Recordings/${sid}.json`));
  return recording;
}

export const listRecordings = (store: Store, form: Form, callSid: string | null): readonly Recording[] =>
  [...store.recordings.values()]
    .reverse()
    .filter((recording) => (callSid ?? recording.call_sid) === recording.call_sid && within(form, "DateCreated", recording.date_created));

const SAMPLES_PER_SECOND = 8000;
const MAX_SECONDS = 600;

/** A recording as a WAV file: 8 kHz, 8 bit, one channel, silence. */
export function soundOf({ duration }: Recording): Uint8Array<ArrayBuffer> {
  const samples = Math.min(Number(duration), MAX_SECONDS) * SAMPLES_PER_SECOND;
  const file = Buffer.alloc(44 + samples, 0x80);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(36 + samples, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(SAMPLES_PER_SECOND, 24);
  file.writeUInt32LE(SAMPLES_PER_SECOND, 28);
  file.writeUInt16LE(1, 32);
  file.writeUInt16LE(8, 34);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(samples, 40);
  return new Uint8Array(file);
}
