import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { handler as consume } from "../consumers/telephony.ts";
import { batch } from "../fixtures/batch.ts";
import { contextWith, outputOf } from "../fixtures/invocation.ts";
import { CALLER, numberItem, OUR_NUMBER, OWNER, type Posted, post, sid, startTelephony, walletItem } from "../fixtures/twilio.ts";
import { handler } from "./handle-call.ts";
import { handler as status } from "./telephony-status.ts";

let telephony: Awaited<ReturnType<typeof startTelephony>>;
beforeAll(async () => {
  telephony = await startTelephony();
});
afterAll(() => telephony?.stop());
let calls = 0;
let CallSid = "";
beforeEach(async () => {
  CallSid = sid("CA", ++calls);
  telephony.queue.messages.length = 0;
  telephony.queue.down = false;
  await telephony.put(numberItem(), walletItem(1_000));
});

const path = "/api/voice-agent/handle-call";
const base = () => ({ CallSid, From: CALLER, To: OUR_NUMBER, CallStatus: "in-progress", Direction: "inbound", ApiVersion: "2010-04-01", Called: "" });
const call = (form: Record<string, string> = {}, rest: Partial<Posted> = {}) => post(handler, { path, form: { ...base(), ...form }, ...rest });

test("x", async () => {
  const first = await call();
  console.log(first.body, first.output, telephony.events());
  const action = /action="[^"?]*\?([^"]*)"/.exec(first.body)?.[1]?.replaceAll("&amp;", "&") ?? "";
  const second = await call({ SpeechResult: "When are you open?" }, { query: action });
  console.log(second.body, second.output);
  const st = await post(status, { path: "/api/voice-agent/status", form: { ...base(), CallStatus: "completed", CallDuration: "61" } });
  console.log(st.status, st.body);
  const done = await outputOf(() => consume(batch(telephony.queue.messages, Date.now()), contextWith(60_000)));
  console.log(JSON.stringify(done.result), done.output);
  console.log(JSON.stringify(await telephony.table.query({ pk: `OWNER#${OWNER}#CONVERSATIONS`, index: "gsi1" }), null, 1));
});
