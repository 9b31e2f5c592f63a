import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

const main = join(import.meta.dirname, "fixtures/main.ts");
const ANY_PORTS = { PORT: "0", TABLE_PORT: "0", QUEUE_PORT: "0", IDENTITY_PORT: "0", STRIPE_PORT: "0", TWILIO_PORT: "0" };

let dataDir: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "aira-command-"));
});
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await rm(dataDir, { recursive: true });
});

function run(args: readonly string[] = [], environment: Record<string, string> = {}) {
  const env = { PATH: process.env.PATH ?? "", ...ANY_PORTS, DATA_DIR: dataDir, ...environment };
  const started = spawn(process.execPath, [main, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  child = started;
  let output = "";
  for (const stream of [started.stdout, started.stderr]) stream.on("data", (chunk) => (output += chunk));
  const ended = once(started, "close");
  return {
    output: () => output,
    pid: started.pid ?? 0,
    kill: (signal: NodeJS.Signals) => started.kill(signal),
    ready: () => vi.waitFor(() => expect(output).toContain("Aira is ready"), { timeout: 20_000 }),
    exitCode: async () => (await ended)[0] as number | null,
  };
}

/** The programs on this machine whose command line holds a text. */
async function processesWith(text: string): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const line = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
    if (line.includes(text)) found.push(Number(entry));
  }
  return found;
}

/** What the runtime has started: the table emulator and its guard know the data folder by their arguments. */
const emulators = () => processesWith(join(dataDir, "table.db"));
const noneLeft = () => vi.waitFor(async () => expect(await emulators()).toEqual([]), { timeout: 5_000 });

const onLinux = test.runIf(process.platform === "linux");

onLinux("it says where everything is; Ctrl-C ends it with code 0 and leaves no process and no port behind", async () => {
  const app = run();
  await app.ready();
  const urls = [...app.output().matchAll(/http:\/\/127\.0\.0\.1:\d+/g)].map(([url]) => url);
  expect(new Set(urls).size).toBeGreaterThanOrEqual(4);
  expect((await fetch(`${urls[0]}/api/public`)).status).toBe(200);
  expect((await emulators()).length).toBeGreaterThan(0);
  app.kill("SIGINT");
  expect(await app.exitCode()).toBe(0);
  await noneLeft();
  for (const url of new Set(urls)) await expect(fetch(url)).rejects.toThrow();
});

onLinux("the same keystroke, told twice by npm, still ends it in order", async () => {
  const app = run();
  await app.ready();
  app.kill("SIGINT");
  app.kill("SIGINT");
  expect(await app.exitCode()).toBe(0);
});

onLinux("a crash of the table ends everything with its reason and code 1", async () => {
  const app = run();
  await app.ready();
  // One that ends on the way was no emulator: the start's own helpers come and go.
  for (const pid of await emulators())
    if ((await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).startsWith("dynoxide")) process.kill(pid, "SIGKILL");
  expect(await app.exitCode()).toBe(1);
  expect(app.output()).toContain("The table emulator (dynoxide) ended by itself");
  await noneLeft();
});

onLinux("killed without a chance to clean up, it still leaves no process behind", async () => {
  const app = run();
  await app.ready();
  expect((await emulators()).length).toBeGreaterThan(0);
  app.kill("SIGKILL");
  await noneLeft();
});

test("a busy port is one sentence and code 1", async () => {
  const blocker = createServer().listen(0, "127.0.0.1");
  await once(blocker, "listening");
  const { port } = blocker.address() as { port: number };
  const app = run([], { PORT: String(port) });
  expect(await app.exitCode()).toBe(1);
  expect(app.output()).toBe(`PORT ${port} is in use: set PORT to another port\n`);
  blocker.close();
});

test.each([
  [["--frsh"], {}, /Unknown option '--frsh'.*npm start takes --fresh and --help/],
  [[], { TABLE_PORT: "70000" }, /^TABLE_PORT must be a port/],
  [[], { STRIPE_SECRET_KEY: "sk_test_1" }, /^STRIPE_WEBHOOK_SECRETS is not set: run `stripe listen/],
])("%j with %j is refused in a sentence", async (args, environment, sentence) => {
  const app = run(args, environment);
  expect(await app.exitCode()).toBe(1);
  expect(app.output().trim().split("\n")).toHaveLength(1);
  expect(app.output()).toMatch(sentence);
});

test("--help tells of the options", async () => {
  const app = run(["--help"]);
  expect(await app.exitCode()).toBe(0);
  expect(app.output()).toContain("--fresh");
});
