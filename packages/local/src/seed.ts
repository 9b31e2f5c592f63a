import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { countDays, reconcileDays } from "@aira/core/audit";
import { adjust, authorize, capture, chargeUsage, debit, freeze, release } from "@aira/core/ledger";
import { deriveId, readVariable, sha256 } from "@aira/core/lib";
import { consumeEvents, createCheckoutSession, createStripeProvider, type PaymentPorts } from "@aira/core/payments";
import { createTable } from "@aira/core/table";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { emulatorCredentials, REGION } from "./account.ts";
import { DATA_FOLDERS } from "./data-folder.ts";
import { TABLE_NAME } from "./environment.ts";
import { save } from "./sandbox/persistence.ts";
import { type Happening, seedHistory } from "./seed-history.ts";
import { createSeedTelephony } from "./seed-telephony.ts";
import { createStripeState, SANDBOX_SECRET_KEY, type SandboxEvent, type StripeState, sandboxFetch } from "./stripe/index.ts";
import type { Saved } from "./stripe/persistence.ts";
import { startTable } from "./table.ts";
import { createTwilioState } from "./twilio/index.ts";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Gives a data folder that holds no table yet some months of history, through the product's own operations with a clock of the past.
 * Answers whether it did. It does nothing where the table, Stripe or Twilio is the developer's own. Made beside the folder and moved in at the
 * end, so that an interrupted one leaves nothing.
 */
export async function seedDataFolder(dataDir: string, environment: Environment, now = Date.now()): Promise<boolean> {
  const own = (["AWS_ENDPOINT_URL_DYNAMODB", "STRIPE_SECRET_KEY", "TWILIO_ACCOUNT_SID"] as const).some(
    (name) => readVariable(name, environment) !== undefined,
  );
  const begun = ["table.db", "table-java", DATA_FOLDERS.stripe, DATA_FOLDERS.twilio].some((name) => existsSync(join(dataDir, name)));
  if (own || begun) return false;
  await mkdir(dirname(dataDir), { recursive: true });
  const folder = await mkdtemp(`${dataDir}-new-`);
  try {
    await fill(folder, environment, now);
    await mkdir(dataDir, { recursive: true });
    for (const name of await readdir(folder)) await rename(join(folder, name), join(dataDir, name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return true;
}

async function fill(folder: string, environment: Environment, now: number): Promise<void> {
  let time = now;
  const clock = () => time;
  const table = await startTable({ port: 0, tableName: TABLE_NAME, dataDir: folder });
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: table.endpoint, region: REGION, credentials: emulatorCredentials }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  const apiBase = `http://127.0.0.1:${readVariable("STRIPE_PORT", environment)}`;
  const stripe = createStripeState({ clock, sessionUrl: (id) => `${apiBase}/c/pay/${id}` });
  const events: SandboxEvent[] = [];
  stripe.onEvent((event) => events.push(event));
  const ports: PaymentPorts = {
    table: createTable(client, TABLE_NAME),
    clock,
    random: Math.random,
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    provider: createStripeProvider({ secretKey: SANDBOX_SECRET_KEY, apiBase, fetch: sandboxFetch(stripe) }),
    stage: readVariable("STAGE", environment) ?? "local",
    publicUrl: `http://127.0.0.1:${readVariable("PORT", environment)}`,
  };
  /** What Stripe has to say by now, as the queue's consumer hears it. */
  const hear = async () => {
    for (const event of events.splice(0)) await consumeEvents(ports, [{ id: event.id, body: JSON.stringify(event) }]);
  };
  const passTo = async (at: number) => {
    time = at;
    stripe.advance();
    await hear();
  };
  const later = (ms: number) => passTo(Math.min(time + ms, now - 1));
  const twilio = createTwilioState({ clock });
  const telephony = createSeedTelephony({ ports, twilio, environment, later });
  try {
    const sessions = new Map<string, string>();
    for (const [index, happening] of seedHistory().entries()) {
      const at = Math.round(now - happening.daysAgo * DAY_MS);
      for (let due = telephony.nextRenewal(at); due !== undefined; due = telephony.nextRenewal(at)) {
        await passTo(due);
        await telephony.renew();
      }
      await passTo(at);
      await play(happening, index, { ports, stripe, sessions, later, telephony });
      await hear();
    }
    await passTo(now);
    await telephony.renew();
    await countDays(ports);
    await reconcileDays(ports);
    save(join(folder, DATA_FOLDERS.stripe, "stripe.json"), { state: stripe.snapshot(), deliveries: [] } satisfies Saved);
    save(join(folder, DATA_FOLDERS.twilio, "twilio.json"), twilio.snapshot());
  } finally {
    client.destroy();
    await table.stop();
  }
}

interface Scene {
  readonly ports: PaymentPorts;
  readonly stripe: StripeState;
  /** Stripe's session of each top-up, by its key. */
  readonly sessions: Map<string, string>;
  readonly later: (ms: number) => Promise<void>;
  readonly telephony: ReturnType<typeof createSeedTelephony>;
}

async function play(happening: Happening, index: number, { ports, stripe, sessions, later, telephony }: Scene): Promise<void> {
  const { owner, what } = happening;
  const sessionOf = (key: string) => sessions.get(key) ?? "";
  switch (what) {
    case "top_up":
    case "declined": {
      const { key, currency, amountMinor } = happening;
      const { url } = await createCheckoutSession(ports, { owner, idempotencyKey: `seed-${key}`, currency, amountMinor });
      const sessionId = url.slice(url.lastIndexOf("/") + 1);
      sessions.set(key, sessionId);
      await later(2 * MINUTE_MS);
      if (what === "declined") stripe.decline(sessionId);
      else stripe.pay(sessionId, "card");
      return;
    }
    case "refund": {
      const paymentIntent = stripe.store.sessions.get(sessionOf(happening.key))?.payment_intent ?? "";
      stripe.refund({ paymentIntent }, { amountMinor: happening.amountMinor, reason: "requested_by_customer" });
      return;
    }
    case "pay_twice":
      stripe.tamper.paySecondSession(sessionOf(happening.key));
      return;
    case "charge":
    case "usage": {
      const { currency, amountMinor, description } = happening;
      const charge = {
        owner,
        id: `${/^Text/.test(description) ? "SM" : "CA"}${sha256(`seed ${index}`).slice(0, 32)}`,
        currency,
        amountMinor,
        description,
        actor: "system:demo",
      };
      await (what === "charge" ? debit(ports, charge) : chargeUsage(ports, charge));
      return;
    }
    case "hold": {
      const { currency, amountMinor, captureMinor, description } = happening;
      const hold = { owner, holdId: deriveId("hold", "seed", String(index)), currency, amountMinor, description, actor: "system:demo" };
      await authorize(ports, hold);
      if (captureMinor === undefined) return;
      await later(9 * MINUTE_MS);
      if (captureMinor === 0) await release(ports, { ...hold, description: `${description}: not answered` });
      else await capture(ports, { ...hold, captureMinor });
      return;
    }
    case "adjust":
    case "freeze": {
      const action = {
        owner,
        adjustmentId: deriveId("adjustment", "seed", String(index)),
        reason: happening.description,
        actor: "operator:operator",
      };
      if (what === "freeze") await freeze(ports, action);
      else await adjust(ports, { ...action, currency: happening.currency, amountMinor: happening.amountMinor });
      return;
    }
    case "number":
      await telephony.buy(happening);
      return;
    case "call":
    case "text":
    case "chat":
      await telephony.play(owner, happening);
      return;
    default:
      happening satisfies never;
  }
}
