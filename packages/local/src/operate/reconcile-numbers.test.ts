import { adjust } from "@aira/core/ledger";
import { createTwilioProvider, loadNumber, type NumberPorts, parseRegulatory, purchaseNumber } from "@aira/core/numbers";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { freshOwner } from "../testing/table-under-test.ts";
import { createLaptop, type Running } from "./fixtures/laptop.ts";
import { reconcileNumbersTool } from "./reconcile-numbers.ts";

let laptop: Awaited<ReturnType<typeof createLaptop>>;
let running: Running;
beforeAll(async () => {
  laptop = await createLaptop();
  running = await laptop.start();
});
afterEach(() => void vi.unstubAllEnvs());
afterAll(async () => {
  await running?.stop();
  laptop?.forget();
});

const PUBLIC_URL = "http://127.0.0.1:3000";
const AGO = 3_600_000;

/** As an hour ago, so that what it leaves is quiet by now. */
function numberPorts(): NumberPorts {
  const { accountSid, authToken, url: apiBase } = running.twilio;
  const none = parseRegulatory("");
  return {
    ...running.ports,
    clock: () => Date.now() - AGO,
    provider: createTwilioProvider({ accountSid, authToken, apiBase, addresses: none, bundles: none }),
    prices: { quote: async (_country, _type, currency) => ({ currency, setUpMinor: 100, monthlyMinor: 200, dueNowMinor: 300 }) },
    policy: { numbersPerOwner: 9, purchasesPerDay: 9, reminderDays: 3, graceDays: 3, suspendedDays: 14, coolDownDays: 30 },
    publicUrl: PUBLIC_URL,
  };
}

async function buy(): Promise<string> {
  const ports = numberPorts();
  const owner = freshOwner();
  await adjust(ports, { owner, adjustmentId: `adj_${owner}`, currency: "USD", amountMinor: 300, reason: "test", actor: "test" });
  const [found] = await ports.provider.search({ country: "US", type: "local", limit: 1 });
  const { phoneNumber = "" } = found ?? {};
  await purchaseNumber(ports, { owner, idempotencyKey: "k", phoneNumber, currency: "USD", expectedMinor: 300 });
  return phoneNumber;
}

const owned = () => [...running.twilio.state.store.numbers.values()].map(({ phone_number }) => phone_number);

test("what agrees is counted, with the money that Twilio's account holds", async () => {
  await buy();
  const { code, printed, notes } = await laptop.run(reconcileNumbersTool);
  expect(code).toBe(0);
  expect(notes).toContain(`the sandbox of the running npm start (http://127.0.0.1:${laptop.environment.TWILIO_PORT})`);
  expect(printed).toMatch(
    /^1 number of this deployment at Twilio, 1 number in use, 0 foreign numbers; Twilio's account holds USD [\d.]+\.\nTwilio and the table agree\.$/,
  );
});

test("differences are named and only read; with --apply what can be mended is, and what is somebody else's stays", async () => {
  const { state } = running.twilio;
  const astray = await buy();
  const missing = await buy();
  state.changeNumber(astray, { VoiceUrl: "https://elsewhere.example" });
  state.releaseNumber(missing);
  const orphan = state.plantNumber({ settings: { FriendlyName: "aira:local:pur_lost" } }).phone_number;
  const foreign = state.plantNumber({ settings: { FriendlyName: "aira:production:pur_1" } }).phone_number;

  const read = await laptop.run(reconcileNumbersTool);
  expect(read.code).toBe(1);
  expect(read.printed).toContain(`DIFFERENCE  ${astray} webhooks: Its calls and texts lead elsewhere.`);
  expect(read.printed).toContain(`DIFFERENCE  ${orphan} orphan: Twilio charges us for it, and nobody has it.`);
  expect(read.printed).toContain(`DIFFERENCE  ${missing} missing:`);
  expect(read.printed).toMatch(/1 foreign number;.*\n3 differences left\. --apply mends what can be mended\.$/);
  expect(owned()).toContain(orphan);

  const applied = await laptop.run(reconcileNumbersTool, ["--apply"]);
  expect(applied.code).toBe(1);
  expect(applied.printed).toContain(`MENDED      ${astray} webhooks`);
  expect(applied.printed).toContain(`MENDED      ${orphan} orphan`);
  expect(applied.printed).toMatch(/1 difference left\.$/);
  expect(owned()).not.toContain(orphan);
  expect(owned()).toContain(foreign);
  expect((await loadNumber(running.ports.table, orphan))?.state).toBe("released");
  const again = JSON.parse((await laptop.run(reconcileNumbersTool, ["--json"])).printed);
  expect(again.differences).toMatchObject([{ kind: "missing", phoneNumber: missing, mended: false }]);
});

test("an interrupted run says so and changes nothing more", async () => {
  const { code, printed } = await laptop.run(reconcileNumbersTool, ["--apply"], { interrupted: AbortSignal.abort() });
  expect([code, printed]).toEqual([130, "Interrupted. What was mended stays so; run it again for the rest."]);
});

test("a deployment needs its stage and its address, and an account that is not there is told in a sentence", async () => {
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", `http://127.0.0.1:${laptop.environment.TABLE_PORT}`);
  vi.stubEnv("AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:9");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("TWILIO_ACCOUNT_SID_PARAMETER", "/a/parameter");
  vi.stubEnv("TWILIO_AUTH_TOKENS_PARAMETER", "/a/parameter");
  const onAws = ["--table", "aira-local", "--region", "us-east-1"];
  await expect(laptop.run(reconcileNumbersTool, onAws)).rejects.toThrow("--stage is not set");
  await expect(laptop.run(reconcileNumbersTool, [...onAws, "--stage", "local"])).rejects.toThrow("--url is not set");
  await expect(laptop.run(reconcileNumbersTool, [...onAws, "--stage", "local", "--url", "aira.example/"])).rejects.toThrow("--url must be");
  await expect(laptop.run(reconcileNumbersTool, [...onAws, "--stage", "local", "--url", PUBLIC_URL])).rejects.toThrow(
    /^Twilio's account can't be read \(.*\): set TWILIO_ACCOUNT_SID/,
  );
  vi.stubEnv("TWILIO_ACCOUNT_SID", running.twilio.accountSid);
  vi.stubEnv("TWILIO_AUTH_TOKENS", running.twilio.authToken);
  vi.stubEnv("TWILIO_API_BASE", running.twilio.url);
  expect(await laptop.run(reconcileNumbersTool, [...onAws, "--stage", "local", "--url", PUBLIC_URL])).toMatchObject({
    code: 1,
    notes: "Table: aira-local in us-east-1\nTwilio: Twilio",
  });
});

test("after npm start has ended its data is read, and never changed", async () => {
  await running.stop();
  const { code, notes } = await laptop.run(reconcileNumbersTool);
  expect([code, notes]).toEqual([1, expect.stringContaining("the sandbox's data in")]);
  await expect(laptop.run(reconcileNumbersTool, ["--apply"])).rejects.toThrow("--apply needs a Twilio that runs");
  running = await laptop.start();
});
