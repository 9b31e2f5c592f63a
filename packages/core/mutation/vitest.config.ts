import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** What is quick to fail runs first: a mutant ends at its first failure. */
const ORDER = ["/core/", "/scenarios.test.ts", "/model.test.ts"];
const rank = ({ moduleId }: TestSpecification): number => ORDER.findIndex((part) => moduleId.includes(part));

class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

/** The suites that run over every mutant: in memory, without sockets, emulators or chance. */
export default defineConfig({
  root: path("../../.."),
  resolve: {
    // By name, a workspace's package is found through node_modules, which leads out of the sandbox to the code without mutants.
    alias: [
      { find: /^(\.|@aira\/local\/testing)\/table-under-test(\.ts)?$/, replacement: path("table-under-test.ts") },
      { find: /^@aira\/local\/(.+)$/, replacement: path("../../local/src/$1.ts") },
      { find: /^@aira\/core\/(.+)$/, replacement: path("../src/$1/index.ts") },
      { find: /^@aira\/contract$/, replacement: path("../../contract/src/index.ts") },
    ],
  },
  test: {
    include: [
      "packages/core/src/{ledger,payments}/*.test.ts",
      "packages/local/src/simulation/scenarios.test.ts",
      "packages/local/src/simulation/model.test.ts",
    ],
    exclude: ["**/{budget,concurrency,fault-points}.test.ts"],
    env: { SEED: "1", HISTORIES: "20" },
    isolate: false,
    testTimeout: 5_000,
    sequence: { sequencer: QuickestFirst },
  },
});
