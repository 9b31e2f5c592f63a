/**
 * Mutation testing of the ledger and of payments: `npm run test:mutation`, or one file with `-- --mutate packages/core/src/ledger/post.ts`.
 * What it said last, and why each survivor survives: packages/core/MUTATION.md.
 *
 * @type {import("@stryker-mutator/api/core").PartialStrykerOptions}
 */
export default {
  mutate: ["packages/core/src/{ledger,payments}/*.ts", "!**/*.test.ts", "!**/index.ts"],
  testRunner: "vitest",
  vitest: { configFile: "packages/core/mutation/vitest.config.ts", related: false },
  plugins: ["@stryker-mutator/vitest-runner", "./packages/core/mutation/sentences.mjs"],
  // Sentences for people are not behaviour: no caller reads them, and a test that repeats them word for word holds no promise.
  ignorers: ["sentences"],
  // Each mutant meets only the tests that reach it, and the first one that fails ends it.
  coverageAnalysis: "perTest",
  disableBail: false,
  // What runs once, at import, meets every test instead of those that reach it: slow, and mostly whole functions emptied.
  ignoreStatic: true,
  concurrency: 2,
  timeoutMS: 4_000,
  timeoutFactor: 1.25,
  dryRunTimeoutMinutes: 5,
  // Stryker reads tsconfig.json through the compiler's API, which TypeScript 7 has not.
  tsconfigFile: "none",
  // The sandbox holds what the tests import, and nothing else.
  ignorePatterns: [
    "**",
    "!package.json",
    "!packages/{core,contract,local}/package.json",
    "!packages/{core,contract,local}/**/*.ts",
    "!stacks/*.ts",
    "!packages/functions/src/edge/builtins/*",
  ],
  cleanTempDir: "always",
  incremental: true,
  incrementalFile: "reports/mutation/incremental.json",
  reporters: ["progress-append-only", "clear-text", "json", "html"],
  jsonReporter: { fileName: "reports/mutation/mutation.json" },
  htmlReporter: { fileName: "reports/mutation/mutation.html" },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
};
