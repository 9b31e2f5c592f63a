import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { HELP, type PartName, readArguments } from "./arguments.ts";
import type { Bench } from "./bench.ts";
import { drawChart } from "./comparison-chart.ts";
import { PROJECT } from "./deployment-bundle.ts";
import { describeMachine, pinnedNode } from "./machine.ts";
import { bundleSection, measureBundles } from "./parts/bundles.ts";
import { callSection, measureCalls } from "./parts/calls.ts";
import { faultSection, measureFaults } from "./parts/faults.ts";
import { growthSection, measureGrowth } from "./parts/growth.ts";
import { latencySection, measureLatency } from "./parts/latency.ts";
import { addUpMoney, moneySection } from "./parts/money.ts";
import { createProgress } from "./progress.ts";
import { textSection } from "./report/layout.ts";
import { resultsDocument } from "./report/results.ts";
import type { Section } from "./report/section.ts";

const FOLDER = join(PROJECT, "packages/bench");

function readOrExplain() {
  try {
    return readArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return process.exit(2);
  }
}

const { quick, help, parts } = readOrExplain();
if (help) {
  console.log(HELP);
  process.exit(0);
}

const progress = createProgress();
const resources = new AsyncDisposableStack();
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    // npm passes on a Ctrl-C that the terminal has already sent to everybody.
    if (interrupted) return;
    interrupted = true;
    progress.clear();
    console.error("Interrupted. Nothing was written.");
    void resources.disposeAsync().finally(() => process.exit(130));
  });

const bench: Bench = { quick, resources, progress: progress.say };
const machine = describeMachine();
const startedAt = new Date();
const sections: Section[] = [];
const show = (section: Section) => {
  progress.clear();
  sections.push(section);
  console.log(textSection(section));
};
const wanted = (part: PartName) => parts.has(part);

try {
  console.log(`${quick ? "A quick look, with small samples. " : ""}${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}.`);
  const pinned = pinnedNode(PROJECT);
  if (machine.node !== pinned) console.log(`The pinned Node is ${pinned}: \`npm run bench\` takes that one.`);

  // The price adds up what the calls and faults cost, so it needs both.
  const calls = wanted("calls") || wanted("money") ? await measureCalls(bench) : undefined;
  if (calls && wanted("calls")) show(callSection(calls));
  const faults = wanted("faults") || wanted("money") ? await measureFaults(bench) : undefined;
  if (faults && wanted("faults")) show(faultSection(faults));
  if (calls && faults && wanted("money")) show(moneySection(addUpMoney(calls, faults)));
  const bundles = wanted("bundles") ? await measureBundles(bench) : undefined;
  if (bundles) show(bundleSection(bundles));
  const growth = wanted("growth") ? await measureGrowth(bench) : undefined;
  if (growth) show(growthSection(growth));
  const latency = wanted("latency") ? await measureLatency(bench) : undefined;
  if (latency) show(latencySection(latency));

  const minutes = (Date.now() - startedAt.getTime()) / 60_000;
  if (!quick && faults && bundles && latency && sections.length === parts.size && calls && growth) {
    await writeFile(join(FOLDER, "RESULTS.md"), resultsDocument(machine, sections, startedAt, minutes));
    await writeFile(join(FOLDER, "chart.svg"), drawChart({ faults, bundles, latency }, machine));
    console.log(`\nWritten: packages/bench/RESULTS.md and packages/bench/chart.svg, after ${minutes.toFixed(1)} minutes.`);
  } else
    console.log(`\n${quick ? "Quick figures" : "Some parts only"}: RESULTS.md stays as it is. It took ${(minutes * 60).toFixed(0)} s.`);
} catch (error) {
  // What broke because its part was taken away by Ctrl-C is no failure.
  if (!interrupted) {
    console.error(error);
    process.exitCode = 1;
  }
} finally {
  if (!interrupted) await resources.disposeAsync();
}
