import type { Machine } from "../machine.ts";
import { markdownSection, markdownTable, verdictTable } from "./layout.ts";
import type { Section } from "./section.ts";

/** RESULTS.md of a full run. */
export function resultsDocument(machine: Machine, sections: readonly Section[], startedAt: Date, minutes: number): string {
  const { cores, cpu, memoryGb, node, system, load } = machine;
  const busy =
    load > cores / 2
      ? `The machine was not idle when the run began (load ${load.toFixed(1)} on ${cores} cores): it was shared with other work, so times here are worse than the code's own and differ from run to run. Calls, units, sizes and faults do not depend on that.`
      : "The machine had nothing else to do when the run began.";
  return `${[
    "# What Aira costs",
    `Written by \`npm run bench\` on ${startedAt.toISOString().slice(0, 10)}; the run took ${minutes.toFixed(0)} minutes. ${cores} cores (${cpu}), ${memoryGb} GB of memory, Node ${node}, ${system}. ${busy}`,
    "![Aira beside the alternatives](chart.svg)",
    "## Promises",
    markdownTable(verdictTable(sections.flatMap(({ verdicts }) => verdicts))),
    ...sections.map((section) => markdownSection({ ...section, verdicts: [] })),
  ].join("\n\n")}\n`;
}
