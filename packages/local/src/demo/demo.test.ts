import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

/** The demo ends itself within a minute. */
const TIMEOUT_MS = 70_000;

let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "aira-demo-test-"));
});
afterEach(async () => {
  if (child && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  await rm(folder, { recursive: true });
});

/** Runs a file of this folder. Its temporary folders are made below `folder`. */
function run(file: string) {
  const env = { PATH: process.env.PATH ?? "", TMPDIR: folder };
  const started = spawn(process.execPath, [join(import.meta.dirname, file)], { env, stdio: ["ignore", "pipe", "pipe"] });
  child = started;
  const output = { out: "", err: "" };
  started.stdout.on("data", (chunk) => (output.out += chunk));
  started.stderr.on("data", (chunk) => (output.err += chunk));
  const ended = once(started, "close");
  return { output, kill: (signal: NodeJS.Signals) => started.kill(signal), exitCode: async () => (await ended)[0] as number | null };
}

/** Neither a file nor a program that works on one. */
async function expectNothingLeft(): Promise<void> {
  expect(await readdir(folder)).toEqual([]);
  if (process.platform !== "linux") return;
  const processes = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
  const lines = await Promise.all(processes.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  expect(lines.filter((line) => line.includes(folder))).toEqual([]);
}

const lastLines = (text: string, count: number): string[] => text.trimEnd().split("\n").slice(-count);

test("the demo keeps every promise, ends with the statement and the verification, and leaves nothing behind", {
  timeout: TIMEOUT_MS,
}, async () => {
  const demo = run("main.ts");
  const code = await demo.exitCode();
  expect([code, demo.output.err]).toEqual([0, ""]);
  expect(lastLines(demo.output.out, 2)).toEqual([
    expect.stringMatching(/^Verified: wallets 3, entries \d+, violations 0; top-ups 17, each as Stripe says; numbers as Twilio says\.$/),
    expect.stringMatching(/^Every promise held: 37 steps in \d+\.\d\d s\.$/),
  ]);
  expect(demo.output.out.match(/^✓ /gm)).toHaveLength(37);
  const table = demo.output.out.split("\n").filter((line) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}/.test(line));
  const rows = table.map((line) => line.split(/ {2,}/).slice(1));
  expect(rows.slice(0, 17)).toEqual([
    ["Top-up", "+25.00 USD", "25.00", "0.00"],
    ["Top-up", "+1,500.00 INR", "25.00", "1,500.00"],
    ["Top-up", "+40.00 USD", "65.00", "1,500.00"],
    ["Top-up", "+500.00 INR", "65.00", "2,000.00"],
    ["Top-up", "+7.00 USD", "72.00", "2,000.00"],
    ["Top-up", "+9.00 USD", "81.00", "2,000.00"],
    ["Top-up", "+30.00 USD", "111.00", "2,000.00"],
    ["Refund of a top-up", "-10.00 USD", "101.00", "2,000.00"],
    ["Refund of a top-up", "-20.00 USD", "81.00", "2,000.00"],
    ["Top-up", "+18.00 USD", "99.00", "2,000.00"],
    ["Dispute of a top-up", "-18.00 USD", "81.00", "2,000.00"],
    ["Top-up", "+800.00 INR", "81.00", "2,800.00"],
    ["Dispute of a top-up", "-800.00 INR", "81.00", "2,000.00"],
    ["Top-up reinstated: dispute won", "+800.00 INR", "81.00", "2,800.00"],
    ["Top-up", "+6.00 USD", "87.00", "2,800.00"],
    ["Top-up", "+10.00 USD", "97.00", "2,800.00"],
    ["Top-up", "+10.00 USD", "107.00", "2,800.00"],
  ]);
  const numberRows = rows.filter(([what = ""]) => what.startsWith("Number")).map(([what = "", amount]) => [what.slice(20).trim(), amount]);
  const bought = Array(3).fill([
    ["", "-3.00 USD"],
    ["", "0.00 USD"],
  ]);
  expect(numberRows.slice(0, 6)).toEqual(bought.flat());
  // Two numbers, and four months of each.
  const year = new Date().getUTCFullYear() + 1;
  const ends = ["02", "03", "04", "05", "06"].map(
    (month) => `${year}-${month}-${String(new Date(Date.UTC(year, Number(month), 0)).getUTCDate())}`,
  );
  const months = ends.slice(1).flatMap((to, n) => Array(2).fill([`${ends[n]} to ${to}`, "-2.00 USD"]));
  expect(numberRows.slice(6)).toEqual(months);
  expect(rows.at(-1)?.slice(2)).toEqual(["81.75", "2,800.00"]);
  // Not a terminal, so no colours.
  expect(demo.output.out).not.toContain("\u001b");
  await expectNothingLeft();
});

test("with the guard's condition taken out, it ends with code 1 and names the broken promise", { timeout: TIMEOUT_MS }, async () => {
  const demo = run("fixtures/without-guard.ts");
  expect(await demo.exitCode()).toBe(1);
  const [step, broken, seen] = lastLines(demo.output.err, 3);
  expect([step, broken]).toEqual([
    "✗ One event delivered 20 times at once",
    "Broken promise: A duplicate event credits once, however many copies are consumed at the same time.",
  ]);
  expect(seen).toMatch(/^expected \[4000\], found \[4000(,4000)+\]$/);
  expect(demo.output.out).not.toContain("Every promise held");
  await expectNothingLeft();
});

test("Ctrl-C in the middle of it ends everything and leaves nothing behind", { timeout: TIMEOUT_MS }, async () => {
  const demo = run("main.ts");
  await vi.waitFor(() => expect(demo.output.out).toContain("✓"), { timeout: 30_000 });
  demo.kill("SIGINT");
  expect(await demo.exitCode()).toBe(130);
  expect(lastLines(demo.output.out, 1)).toEqual(["Stopped before its end."]);
  await expectNothingLeft();
});
