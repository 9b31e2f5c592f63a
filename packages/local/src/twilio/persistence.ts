import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Snapshot } from "./store.ts";

/** Reads a saved world, or undefined if there is none yet. Throws a sentence that names the file if it can't be read as one. */
export function load(file: string): Snapshot | undefined {
  if (!existsSync(file)) return undefined;
  let saved: Snapshot;
  try {
    saved = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`${file} is not readable as the Twilio sandbox's data. Delete it to begin anew.`, { cause });
  }
  if (saved?.version !== 1) throw new Error(`${file} was written by another version of the Twilio sandbox. Delete it to begin anew.`);
  return saved;
}

/** Writes beside the file and renames, so that a crash leaves the old world or the new one, never half of it. */
function save(file: string, saved: Snapshot): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.tmp`;
  writeFileSync(temporary, JSON.stringify(saved));
  renameSync(temporary, file);
}

const DEBOUNCE_MS = 100;

/** Saves soon after `touch`, many changes at once; `flush` saves what is still unsaved and ends. */
export function createSaver(file: string, current: () => Snapshot): { touch(): void; flush(): void } {
  let timer: NodeJS.Timeout | undefined;
  let lastTookMs = 0;
  const write = () => {
    clearTimeout(timer);
    timer = undefined;
    const begin = performance.now();
    save(file, current());
    lastTookMs = performance.now() - begin;
  };
  return {
    // A large world takes long to write: writing stays below a tenth of the time.
    touch: () => {
      timer ??= setTimeout(write, Math.max(DEBOUNCE_MS, lastTookMs * 10));
    },
    flush: () => {
      if (timer !== undefined) write();
    },
  };
}
