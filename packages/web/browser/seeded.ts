import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { seedDataFolder } from "../../local/src/seed.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A data folder with the demo customers, to copy. */
    readonly seeded: string;
    /** Where the addresses in it say that Twilio is. */
    readonly twilioPort: number;
  }
}

/** Plays the demo customers' months once, for every file. */
export default async function seed({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "aira-seeded-"));
  const data = join(folder, "data");
  const twilioPort = await findPort();
  await seedDataFolder(data, { TWILIO_PORT: String(twilioPort) });
  provide("seeded", data);
  provide("twilioPort", twilioPort);
  return () => rm(folder, { recursive: true });
}

/** Below the ports that connections take for themselves: it stays free from file to file. */
const LOWEST = 20_000;
const HIGHEST = 30_000;

async function findPort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    const server = createServer().listen(port, "127.0.0.1");
    const free = await once(server, "listening").then(
      () => true,
      () => false,
    );
    server.close();
    if (free) return port;
  }
}
