import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OAuth2Issuer } from "oauth2-mock-server";
import { StartFailure } from "./start-failure.ts";

/** Where the key that signs tokens is kept, below the data folder. */
export const IDENTITY_KEY_FILE = "identity-key.json";

/** Gives the issuer the kept key, or a new one that is kept, so that tokens stay good over a restart. No folder: a new one each time. */
export async function loadKey({ keys }: OAuth2Issuer, dataDir: string | undefined): Promise<void> {
  const file = dataDir === undefined ? undefined : join(dataDir, IDENTITY_KEY_FILE);
  const kept = file === undefined ? undefined : await read(file);
  if (kept !== undefined) {
    try {
      await keys.add(JSON.parse(kept));
      return;
    } catch (error) {
      throw new StartFailure(`${file} is damaged: delete it, or start once with --fresh`, { cause: error });
    }
  }
  const key = await keys.generate("RS256", { kid: randomUUID() });
  if (dataDir === undefined || file === undefined) return;
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, JSON.stringify(key), { mode: 0o600 });
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
