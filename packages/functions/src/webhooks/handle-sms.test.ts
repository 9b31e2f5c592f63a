import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { twimlFaults, wordsIn } from "../../../core/src/conversations/fixtures/twiml-schema.ts";
import { handler as consume } from "../consumers/telephony.ts";
import { documentClient } from "../edge/services.ts";
import { batch } from "../fixtures/batch.ts";
import { contextWith, outputOf } from "../fixtures/invocation.ts";
import { CALLER, numberItem, OUR_NUMBER, OWNER, post, sid, startTelephony, walletItem } from "../fixtures/twilio.ts";
import { handler } from "./handle-sms.ts";

const path = "/api/voice-agent/handle-sms";
let telephony: Awaited<ReturnType<typeof startTelephony>>;
beforeAll(async () => {
  telephony = await startTelephony();
});
afterAll(() => telephony?.stop());
let texts = 0;
beforeEach(async () => {
  telephony.queue.messages.length = 0;
  telephony.queue.down = false;
  await telephony.put(numberItem({ purchaseId: `pur_${texts}` }), walletItem(1_000));
});

async function text(Body: string, more: Record<string, string> = {}) {
  const form = { MessageSid: sid("SM", ++texts), From: CALLER, To: OUR_NUMBER, Body, NumSegments: "1", NumMedia: "0", ...more };
  const answer = await post(handler, { path, form });
  if (answer.status === 200) expect(twimlFaults(answer.body, "messaging")).toEqual([]);
  return { ...answer, words: answer.status === 200 ? wordsIn(answer.body) : [] };
}

const record = () => outputOf(() => consume(batch(telephony.queue.messages.splice(0), Date.now()), contextWith(60_000)));
const thread = async () => (await telephony.table.query({ pk: `OWNER#${OWNER}#CONVERSATIONS`, index: "gsi1", newestFirst: true })).items[0];
const wallet = async () => (await telephony.table.get(walletItem(0), { consistent: true }))?.balances;

test("a text is answered, recorded with its pictures, and charged per segment", async () => {
  const media = {
    NumMedia: "2",
    MediaUrl0: "https://api.twilio.com/ME0",
    MediaContentType0: "image/png",
    MediaUrl1: "https://api.twilio.com/ME1",
  };
  const { words } = await text("When are you open?", media);
  expect(words).toHaveLength(1);
  await record();
  expect(await thread()).toMatchObject({ kind: "sms", peer: CALLER, messages: 2, optedOut: false });
  const [, said] = (await telephony.table.query({ pk: String((await thread())?.pk), prefix: "MESSAGE#" })).items.toReversed();
  expect(said).toMatchObject({
    speaker: "caller",
    media: [
      { url: "https://api.twilio.com/ME0", contentType: "image/png" },
      { url: "https://api.twilio.com/ME1", contentType: "" },
    ],
  });
  // 1.25 cents in and 1.85 out, each rounded up.
  expect(await wallet()).toEqual({ USD: { availableMinor: 996, heldMinor: 0 } });
});

test("STOP is never answered, nor anything after it, until START", async () => {
  expect((await text("Stop.")).words).toEqual([]);
  await record();
  expect(await thread()).toMatchObject({ optedOut: true });
  expect((await text("Hello?")).words).toEqual([]);
  expect((await text("start")).words).toEqual([]);
  await record();
  expect(await thread()).toMatchObject({ optedOut: false });
  expect((await text("Hello?")).words).toHaveLength(1);
});

test("three calls on the way", async () => {
  const sent: string[] = [];
  documentClient().middlewareStack.add(
    (next, { commandName }) =>
      (sending) => {
        sent.push(String(commandName));
        return next(sending);
      },
    { step: "initialize", name: "counted" },
  );
  await text("When are you open?");
  documentClient().middlewareStack.remove("counted");
  expect(sent).toEqual(["GetItemCommand", "BatchGetItemCommand"]);
  expect(telephony.queue.messages).toHaveLength(1);
});

test("while the queue is away, the sender is told that the text was not received", async () => {
  telephony.queue.down = true;
  const { words, status, output } = await text("canary");
  expect(status).toBe(200);
  expect(words).toEqual(["We could not take your message just now. Please send it again later."]);
  expect(output).toContain('"TelephonyTroubles":1');
  expect(output).not.toContain('canary"');
});
