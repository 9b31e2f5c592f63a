import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PROJECT } from "./project.ts";
import { StartFailure } from "./start-failure.ts";

const WEB = join(PROJECT, "packages/web");

/** Where the dashboard's built files are. */
export const WEB_DIST = join(WEB, "dist");
/** What the last build was made from. Beside the built files, since those are uploaded whole. */
const STAMP = join(WEB, ".build/sources");

/** What the build reads: the dashboard, the contract that it shares with the API, and the versions of everything else. */
const SOURCES = ["packages/web/src", "packages/web/build", "packages/web/public", "packages/contract/src"];
const FILES = ["packages/web/index.html", "packages/web/vite.config.ts", "package-lock.json"];
const IGNORED = /\.test\.tsx?$/;

interface Options {
  /** A line for whoever waits. */
  readonly note?: (line: string) => void;
  readonly force?: boolean;
}

/**
 * Builds the dashboard if its sources differ from those of the last build, by content and not by time: a checkout can make files
 * older. Throws `StartFailure` with the builder's words when it can't be built.
 */
export async function buildWeb({ note = () => {}, force = false }: Options = {}): Promise<"built" | "fresh"> {
  const fingerprint = await fingerprintOf(PROJECT);
  const last = force ? undefined : await readFile(STAMP, "utf8").catch(() => undefined);
  if (last === fingerprint && existsSync(join(WEB_DIST, "index.html"))) return "fresh";
  note("Building the dashboard, which happens once and after its sources have changed …");
  const begin = performance.now();
  await runVite();
  await mkdir(join(WEB, ".build"), { recursive: true });
  await writeFile(STAMP, fingerprint);
  note(`The dashboard is built after ${((performance.now() - begin) / 1_000).toFixed(1)} s.`);
  return "built";
}

/** A hash over the names and contents of every source. */
export async function fingerprintOf(project: string): Promise<string> {
  const hash = createHash("sha256");
  const below = await Promise.all(
    SOURCES.map(async (folder) =>
      (await readdir(join(project, folder), { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && !IGNORED.test(entry.name))
        .map((entry) => join(entry.parentPath, entry.name)),
    ),
  );
  for (const file of [...below.flat().sort(), ...FILES.map((name) => join(project, name))])
    hash
      .update(file.slice(project.length))
      .update("\0")
      .update(await readFile(file))
      .update("\0");
  return hash.digest("hex");
}

async function runVite(): Promise<void> {
  const vite = join(createRequire(join(WEB, "package.json")).resolve("vite/package.json"), "../bin/vite.js");
  const child = spawn(process.execPath, [vite, "build", "--logLevel", "warn"], { cwd: WEB, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const [code] = await once(child, "close");
  if (code !== 0) throw new StartFailure(`The dashboard can't be built:\n${output.trim()}`);
}

// As a command of its own, for `npm run build:web` and before a deployment.
if (import.meta.main) await buildWeb({ note: console.log, force: process.argv.includes("--force") });
