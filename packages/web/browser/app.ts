import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { type Runtime, startRuntime } from "../../local/src/runtime.ts";

export interface App extends AsyncDisposable {
  readonly url: string;
  readonly runtime: Runtime;
}

/** What `npm start` runs, with its demo customers, over a data folder that is forgotten at the end. */
export async function startApp(): Promise<App> {
  const folder = await mkdtemp(join(tmpdir(), "aira-browser-"));
  const dataDir = join(folder, "data");
  await cp(inject("seeded"), dataDir, { recursive: true });
  const ports = { twilio: inject("twilioPort") };
  const runtime = await startRuntime({ ports, dataDir, log: () => {}, environment: { LOG_LEVEL: "ERROR" } });
  return {
    url: runtime.url,
    runtime,
    async [Symbol.asyncDispose]() {
      await runtime.stop();
      await rm(folder, { recursive: true });
    },
  };
}
