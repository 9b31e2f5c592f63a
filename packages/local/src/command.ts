import { once } from "node:events";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { InvariantError, readVariable } from "@aira/core/lib";
import { forgetData } from "./data-folder.ts";
import { listenForInterrupt } from "./interrupt.ts";
import { DEMO_USERS } from "./login-page.ts";
import { PORT_VARIABLES, type Ports, requireFreePort } from "./ports.ts";
import { PROJECT } from "./project.ts";
import { type Runtime, type RuntimeOptions, startRuntime } from "./runtime.ts";
import { StartFailure } from "./start-failure.ts";

const HELP = `npm start [-- options]

Runs the whole of Aira on this machine: no AWS account, no keys, no Docker.

  --fresh   forget the data of earlier runs
  --help    this text

Variables are read from .env and from the shell, which wins. .env.example tells of each.`;

/** What is made ready around the start of the project's own app. */
export interface Preparations {
  /** The dashboard's files; beside the start, which does not need them. */
  readonly build?: (note: (line: string) => void) => Promise<unknown>;
  /** What a new data folder begins with, before anything else opens it. Answers whether it was new. */
  readonly seed?: (dataDir: string, environment: NodeJS.ProcessEnv) => Promise<boolean>;
}

/**
 * The command: starts the app, says where it is, and ends it on Ctrl-C (code 0) or when a part dies (code 1). `overrides`
 * replace what the project and the environment say.
 */
export async function runCommand(
  args: readonly string[],
  overrides: RuntimeOptions = {},
  { build, seed }: Preparations = {},
): Promise<void> {
  const { help, fresh } = readArguments(args);
  if (help) return console.log(HELP);
  const interrupt = listenForInterrupt();
  const interrupted = once(interrupt, "abort");
  interrupt.addEventListener("abort", () => console.error("\nStopping. Ctrl-C once more forces it."));
  let runtime: Runtime;
  try {
    const envFile = join(PROJECT, ".env");
    if (existsSync(envFile)) process.loadEnvFile(envFile);
    const dataDir = resolve(PROJECT, readVariable("DATA_DIR") ?? ".aira");
    // A line for each invocation is what a person wants to see; the functions' own logs are there for the asking.
    const environment = { ...process.env, LOG_LEVEL: process.env.LOG_LEVEL || "WARN" };
    const built = build?.(console.log);
    // Its failure is told in its turn, not as an unhandled one.
    built?.catch(() => {});
    const ports = readPorts();
    const seeded = seed ? await beginWith(seed, { dataDir, fresh, ports, environment }) : false;
    runtime = await startRuntime({ ports, dataDir, fresh: fresh && !seeded, environment, activity: console.log, ...overrides });
    await built;
    // A signal during the start has waited for it, since only what has started can be stopped in order.
    if (!interrupt.aborted) report(runtime, dataDir);
  } catch (error) {
    // A sentence for what the developer can change, a stack for what they cannot.
    console.error(error instanceof StartFailure || error instanceof InvariantError ? error.message : error);
    process.exit(1);
  }
  const crash = new Promise<unknown>((resolve) => {
    process.once("uncaughtException", resolve);
    process.once("unhandledRejection", resolve);
  });
  const end = await Promise.race([
    interrupted.then(() => ({ code: 0 })),
    runtime.failure.then((failure) => ({ code: 1, reason: failure.message })),
    // Nobody foresaw this one, so its stack is told.
    crash.then((reason) => ({ code: 1, reason })),
  ]);
  if ("reason" in end) console.error(end.reason);
  await runtime.stop().catch((error) => console.error(error));
  process.exit(end.code);
}

/** Seeds a new data folder. Not under the feet of an app that is running already: its port would be taken. */
async function beginWith(
  seed: NonNullable<Preparations["seed"]>,
  { dataDir, fresh, ports, environment }: { dataDir: string; fresh: boolean; ports: Ports; environment: NodeJS.ProcessEnv },
): Promise<boolean> {
  for (const part of ["app", "table"] as const) if (ports[part] !== 0) await requireFreePort(part, ports[part]);
  if (fresh) await forgetData(dataDir);
  return seed(dataDir, environment);
}

function readArguments(args: readonly string[]): { fresh: boolean; help: boolean } {
  try {
    const { values } = parseArgs({ args: [...args], options: { fresh: { type: "boolean" }, help: { type: "boolean", short: "h" } } });
    return { fresh: values.fresh ?? false, help: values.help ?? false };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}. npm start takes --fresh and --help.`);
    process.exit(1);
  }
}

function readPorts(): Ports {
  const entries = Object.entries(PORT_VARIABLES).map(([part, variable]) => [part, Number(readVariable(variable))]);
  return Object.fromEntries(entries) as Ports;
}

function report(runtime: Runtime, dataDir: string): void {
  const names = new Intl.ListFormat("en-GB", { type: "disjunction" }).format(DEMO_USERS.map((user) => user.name));
  const lines: (readonly [string, string])[] = [
    ["App", runtime.url],
    ["API", `${runtime.url}/api/health`],
    ["Sign in", runtime.identity ? `as ${names}, or by any other name; there are no passwords` : "at the issuer that OIDC_ISSUER names"],
    ["Identity", runtime.identity?.issuer ?? process.env.OIDC_ISSUER ?? ""],
    ["Stripe", runtime.stripe ? `${runtime.stripe.url} (the sandbox)` : "the real one, in test mode"],
    ["Twilio", runtime.twilio ? `${runtime.twilio.url} (the sandbox)` : "the real one, which charges for each number"],
    ["Table", `${runtime.tableEndpoint} (${runtime.tableName})`],
    ["Data", `${dataDir} (npm start -- --fresh forgets it)`],
  ];
  console.log(`Aira is ready on ${runtime.url} after ${(performance.now() / 1_000).toFixed(1)} s\n`);
  for (const [name, value] of lines) console.log(`  ${name.padEnd(10)}${value}`);
  console.log("\nCtrl-C ends everything. LOG_LEVEL=INFO shows the functions' own logs.\n");
}
