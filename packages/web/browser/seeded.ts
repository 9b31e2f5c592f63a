import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { seedDataFolder } from "../../local/src/seed.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A data folder with the demo customers, to copy. */
    readonly seeded: string;
  }
}

/** Plays the demo customers' months once, for every file. */
export default async function seed({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "aira-seeded-"));
  const data = join(folder, "data");
  await seedDataFolder(data, {});
  provide("seeded", data);
  return () => rm(folder, { recursive: true });
}
