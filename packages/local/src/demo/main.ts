import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { INTERRUPTED, listenForInterrupt } from "../interrupt.ts";
import { type Runtime, startRuntime } from "../runtime.ts";
import { projectTables, type Tables } from "../tables.ts";
import { createControl } from "./control.ts";
import { createCustomer } from "./customer.ts";
import { interfere } from "./interference.ts";
import { START_MS } from "./month-steps.ts";
import { installClock } from "./movable-clock.ts";
import { BrokenPromise } from "./promise.ts";
import { printFailure, printNote, printStatement, printStep, printSuccess } from "./report.ts";
import { STEPS } from "./steps.ts";
import type { Story } from "./story.ts";
import { createStripeTruth } from "./stripe-truth.ts";
import { createTwilioControl } from "./twilio-control.ts";
import { createTwilioTruth } from "./twilio-truth.ts";
import { verify } from "./verification.ts";

/** All of it takes some seconds. If something hangs, this ends it. */
const LIMIT_MS = 55_000;

const startedAt = performance.now();
const interrupt = listenForInterrupt();
const signal = AbortSignal.any([interrupt, AbortSignal.timeout(LIMIT_MS)]);
const clock = installClock(START_MS);
const failures: string[] = [];
let step = "Start the app";

const dataDir = mkdtempSync(join(tmpdir(), "aira-demo-"));
process.once("exit", () => rmSync(dataDir, { recursive: true, force: true }));
process.exit(await run());

async function run(): Promise<number> {
  try {
    await using parts = new AsyncDisposableStack();
    const log = (line: string) => void failures.push(line);
    const runtime = await startRuntime({ dataDir, tables: demoTables(), environment: { LOG_LEVEL: "ERROR" }, log });
    parts.defer(() => runtime.stop());
    await Promise.race([play(runtime, parts), runtime.failure.then((failure) => Promise.reject(failure))]);
    return 0;
  } catch (error) {
    if (interrupt.aborted) {
      printNote("Stopped before its end.");
      return INTERRUPTED;
    }
    const seen = `it was not through with this step after ${LIMIT_MS / 1_000} seconds`;
    printFailure(step, signal.aborted ? new BrokenPromise("The demo ends within a minute", seen) : error, failures);
    return 1;
  }
}

/**
 * The project's rows, but the messages of a killed consumer come back soon, and each message has an invocation of its own, so that the
 * copies of an event meet at the table and not in one batch.
 */
function demoTables(): Pick<Tables, "consumers"> {
  const { payments } = projectTables.consumers;
  if (!payments) throw new Error("the tables have a consumer of payments");
  return { consumers: { ...projectTables.consumers, payments: { ...payments, visibilitySeconds: 2, batchSize: 1 } } };
}

async function play({ url, stripe, twilio, tableName }: Runtime, parts: AsyncDisposableStack): Promise<void> {
  if (!stripe || !twilio) throw new Error("the demo runs on the sandboxes");
  // Only now: what it imports reads the environment that the runtime has set.
  const { documentClient } = await import("@aira/functions/edge/services");
  const client = documentClient();
  const interference = interfere(client);
  parts.defer(interference.remove);
  const customer = createCustomer("demo", url, signal);
  const story: Story = {
    customer,
    stranger: createCustomer("asha", url, signal),
    rival: createCustomer("ravi", url, signal),
    control: createControl(url, stripe.url, signal),
    twilio: createTwilioControl(twilio.url, signal),
    twilioTruth: createTwilioTruth(twilio.url, twilio.accountSid, twilio.authToken),
    interference,
    clock,
    signal,
  };
  printNote(`Aira on ${url}, with Stripe's sandbox on ${stripe.url} and Twilio's on ${twilio.url}\n`);
  for (const { done, run } of STEPS) {
    signal.throwIfAborted();
    step = done;
    const since = performance.now();
    printStep(done, await run(story), performance.now() - since);
  }
  step = "Verify the ledger";
  printStatement(await customer.statement());
  const verified = await verify(story, { client, name: tableName }, createStripeTruth(stripe.url, stripe.secretKey));
  printSuccess(verified, STEPS.length, performance.now() - startedAt);
}
