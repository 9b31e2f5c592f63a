import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { AiraError, InvariantError } from "@aira/core/lib";
import Stripe from "stripe";
import { INTERRUPTED, listenForInterrupt } from "../interrupt.ts";
import { PROJECT } from "../project.ts";
import { StartFailure } from "../start-failure.ts";

/** What an operator's tool ends with. */
export const EXIT = {
  ok: 0,
  /** Something is wrong with the money, and was named. */
  found: 1,
  /** The tool could not do its work. */
  failed: 2,
  /** Ctrl-C. */
  interrupted: INTERRUPTED,
} as const;
type Exit = (typeof EXIT)[keyof typeof EXIT];

/** What a tool has of its surroundings. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A line of the result, for standard output. */
  readonly out: (line: string) => void;
  /** A line beside the result, for standard error. */
  readonly note: (line: string) => void;
  /** Replaces the last progress line on a terminal; elsewhere a line now and then. */
  readonly progress: (text: string) => void;
  /** Aborted by the first Ctrl-C: the tool ends behind what it is at. */
  readonly interrupted: AbortSignal;
}

export type Tool = (args: readonly string[], surroundings: Surroundings) => Promise<Exit>;

/** Parses the arguments of a tool. Throws a sentence that points to its help. */
export function readArguments<Options extends ParseArgsOptionsConfig>(
  name: string,
  args: readonly string[],
  options: Options,
  positionals = 0,
) {
  try {
    const parsed = parseArgs({ args: [...args], options, allowPositionals: positionals > 0 });
    if (parsed.positionals.length > positionals)
      throw new StartFailure(`too many arguments: ${parsed.positionals.slice(positionals).join(" ")}`);
    return parsed;
  } catch (error) {
    throw new StartFailure(`${error instanceof Error ? error.message : String(error)}. \`npm run ${name} -- --help\` tells what it takes.`);
  }
}

/**
 * Runs a tool as a command. What its user can change is told as a sentence, anything else with its stack. `.env` is read for a laptop only:
 * a cloud's table is not to be met with a laptop's settings.
 */
export async function runTool(tool: Tool): Promise<never> {
  const args = process.argv.slice(2);
  const envFile = join(PROJECT, ".env");
  if (!args.some((arg) => arg.startsWith("--table")) && existsSync(envFile)) process.loadEnvFile(envFile);
  const progress = createProgress(process.stderr);
  const surroundings: Surroundings = {
    environment: process.env,
    out: (line) => {
      progress.clear();
      console.log(line);
    },
    note: (line) => {
      progress.clear();
      console.error(line);
    },
    progress: progress.show,
    interrupted: listenForInterrupt(),
  };
  try {
    process.exitCode = await tool(args, surroundings);
  } catch (error) {
    progress.clear();
    process.exitCode = EXIT.failed;
    console.error(sentenceOf(error) ?? error);
  }
  progress.clear();
  process.exit();
}

/** What its user can change, or undefined for a mistake of ours. */
function sentenceOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof StartFailure || error instanceof InvariantError) return error.message;
  if (error instanceof AiraError) return error.cause instanceof Error ? `${error.message} (${describe(error.cause)})` : error.message;
  // A right that the credentials or the key lack: AWS and Stripe say which.
  const refused = "$metadata" in error || error instanceof Stripe.errors.StripeError;
  return refused ? describe(error) : undefined;
}

const describe = ({ name, message }: Error): string => `${name}: ${message}`;

const ON_TERMINAL_MS = 100;
const ELSEWHERE_MS = 10_000;

/** One line that is written over on a terminal, and a line every ten seconds in a file. */
function createProgress(stream: NodeJS.WriteStream) {
  let shownAt = performance.now();
  let width = 0;
  return {
    show(text: string) {
      if (performance.now() - shownAt < (stream.isTTY ? ON_TERMINAL_MS : ELSEWHERE_MS)) return;
      shownAt = performance.now();
      stream.write(stream.isTTY ? `\r${text.padEnd(width)}` : `${text}\n`);
      width = text.length;
    },
    clear() {
      if (stream.isTTY && width > 0) stream.write(`\r${" ".repeat(width)}\r`);
      width = 0;
    },
  };
}
