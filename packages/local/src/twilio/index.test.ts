import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startTwilioSandbox } from "./index.ts";
import { failure, sdkAt } from "./testing/sdk.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "twilio-sandbox-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const NUMBER = "+15005550006";

test("a restart goes on where the last run ended: numbers, what others have, prices, balance and SIDs", async () => {
  const first = await startTwilioSandbox({ port: 0, dataDir, seed: 7 });
  const before = sdkAt(first.url, first.accountSid, first.authToken);
  const bought = await before.incomingPhoneNumbers.create({ phoneNumber: NUMBER, voiceUrl: "https://app.example/" });
  const [offered, other] = await before.availablePhoneNumbers("US").local.list({ limit: 2 });
  const released = await before.incomingPhoneNumbers.create({ phoneNumber: offered!.phoneNumber });
  await before.incomingPhoneNumbers(released.sid).remove();
  first.state.takeAway(other!.phoneNumber);
  first.state.setPrice("US", "local", "2.00");
  first.state.addMessage({ from: "+14155550100", to: NUMBER, body: "hello", direction: "inbound", status: "received" });
  await first.stop();
  expect(readdirSync(dataDir)).toEqual(["twilio.json"]);

  const second = await startTwilioSandbox({ port: 0, dataDir });
  try {
    const after = sdkAt(second.url, second.accountSid, second.authToken);
    expect((await after.incomingPhoneNumbers.list()).map((number) => number.toJSON())).toEqual([bought.toJSON()]);
    expect((await after.balance.fetch()).balance).toBe("9997.70");
    expect((await after.messages.list()).map(({ body }) => body)).toEqual(["hello"]);
    expect(await failure(after.incomingPhoneNumbers.create({ phoneNumber: other!.phoneNumber }))).toMatchObject({ code: 21422 });
    const [next] = await after.availablePhoneNumbers("US").local.list({ limit: 1 });
    expect([offered!.phoneNumber, other!.phoneNumber]).not.toContain(next!.phoneNumber);
    const later = await after.incomingPhoneNumbers.create({ phoneNumber: next!.phoneNumber });
    expect(later.sid > released.sid).toBe(true);
    expect((await after.balance.fetch()).balance).toBe("9995.70");
  } finally {
    await second.stop();
  }
});

test("a call that a crash left open is ended by the next run, as long as it was known to be", async () => {
  const first = await startTwilioSandbox({ port: 0, dataDir });
  const call = first.state.addCall({ from: "+14155550100", to: first.state.plantNumber().phone_number, direction: "inbound" });
  first.state.updateCall(call.sid, { status: "in-progress" });
  await first.stop();
  const second = await startTwilioSandbox({ port: 0, dataDir, clock: () => Date.now() + 3_600_000 });
  expect(second.state.store.calls.get(call.sid)).toMatchObject({ status: "completed", duration: expect.stringMatching(/^[01]$/) });
  await second.stop();
});

test("a purchase whose answer was lost reaches the disk soon, without a stop", async () => {
  const sandbox = await startTwilioSandbox({ port: 0, dataDir });
  try {
    sandbox.switches.set({ failNext: [{ operation: "numbers.create", answer: "reset", when: "after" }] });
    await failure(sdkAt(sandbox.url, sandbox.accountSid, sandbox.authToken).incomingPhoneNumbers.create({ phoneNumber: NUMBER }));
    await expect.poll(() => readdirSync(dataDir)).toEqual(["twilio.json"]);
    expect(JSON.parse(readFileSync(join(dataDir, "twilio.json"), "utf8")).objects.numbers).toHaveLength(1);
  } finally {
    await sandbox.stop();
  }
});

test("a file that is not the sandbox's is refused by its name", async () => {
  writeFileSync(join(dataDir, "twilio.json"), "{");
  await expect(startTwilioSandbox({ port: 0, dataDir })).rejects.toThrow(/twilio\.json is not readable/);
  writeFileSync(join(dataDir, "twilio.json"), '{"version":9}');
  await expect(startTwilioSandbox({ port: 0, dataDir })).rejects.toThrow(/another version/);
});

test("a busy port rejects with EADDRINUSE, and a stopped sandbox leaves its port free", async () => {
  const first = await startTwilioSandbox({ port: 0 });
  await expect(startTwilioSandbox({ port: first.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
  await first.stop();
  const second = await startTwilioSandbox({ port: first.port });
  await second.stop();
});
