import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ["*.test.ts"],
    globalSetup: ["seeded.ts"],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // One app and one browser at a time: the app sets variables of its process.
    fileParallelism: false,
    expect: { poll: { timeout: 30_000, interval: 50 } },
  },
});
