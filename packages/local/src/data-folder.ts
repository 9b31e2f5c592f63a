import { rm } from "node:fs/promises";
import { join } from "node:path";
import { IDENTITY_KEY_FILE } from "./identity-key.ts";

/** The folders of the parts below the data folder; the table and the identity provider name files of their own there. */
export const DATA_FOLDERS = { queues: "queues", stripe: "stripe", twilio: "twilio" } as const;

const OURS = ["table.db", "table.db-wal", "table.db-shm", "table-java", IDENTITY_KEY_FILE, ...Object.values(DATA_FOLDERS)];

/** Forgets what earlier runs kept. Only what the runtime itself wrote: DATA_DIR may name any folder. */
export async function forgetData(dataDir: string): Promise<void> {
  await Promise.all(OURS.map((name) => rm(join(dataDir, name), { recursive: true, force: true })));
}
