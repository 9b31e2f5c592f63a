import { parseArgs } from "node:util";

/** The parts, in the order in which they run. */
export const PARTS = ["calls", "faults", "bundles", "latency", "growth", "money"] as const;
export type PartName = (typeof PARTS)[number];

export interface Arguments {
  readonly quick: boolean;
  readonly help: boolean;
  readonly parts: ReadonlySet<PartName>;
}

export const HELP = `npm run bench [-- options]

Measures what Aira costs, prints it as tables, and writes packages/bench/RESULTS.md and chart.svg.

  --quick      smaller samples, under a minute; writes nothing
  --only a,b   these parts alone (${PARTS.join(", ")}); writes nothing
  --help       this text

Ctrl-C ends it at any time and leaves nothing behind.`;

const isPart = (name: string): name is PartName => (PARTS as readonly string[]).includes(name);

/** Throws a sentence that names the option. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: "boolean" }, only: { type: "string" }, help: { type: "boolean", short: "h" } },
  });
  const names = values.only?.split(",").map((name) => name.trim()) ?? PARTS;
  const strange = names.find((name) => !isPart(name));
  if (strange !== undefined) throw new Error(`--only ${strange}: there is no such part. The parts are ${PARTS.join(", ")}`);
  return { quick: values.quick ?? false, help: values.help ?? false, parts: new Set(names.filter(isPart)) };
}
