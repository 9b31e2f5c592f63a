import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "stacks/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // A copy of the core with a mistake in it is JavaScript already.
    server: { deps: { external: [/\/packages\/core\/\.mutants\//] } },
    // Templates are synthesised with these in place of the built dashboard.
    env: { WEB_FILES: "stacks/fixtures/web" },
  },
});
