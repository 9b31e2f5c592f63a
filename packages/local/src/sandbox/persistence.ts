import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

interface Format<Saved> {
  /** Whose sandbox wrote it. */
  readonly vendor: string;
  readonly version: number;
  /** The version that a file says it is of. The file may be anything that is JSON. */
  readonly versionOf: (saved: Partial<Saved> | null) => unknown;
}

/**
 * Makes the reader of a saved world. It answers undefined if there is none yet, and throws a sentence that names the file if it can't be read
 * as one.
 */
export const createLoader =
  <Saved>({ vendor, version, versionOf }: Format<Saved>) =>
  (file: string): Saved | undefined => {
    if (!existsSync(file)) return undefined;
    let saved: Saved;
    try {
      saved = JSON.parse(readFileSync(file, "utf8"));
    } catch (cause) {
      throw new Error(`${file} is not readable as the ${vendor} sandbox's data. Delete it to begin anew.`, { cause });
    }
    if (versionOf(saved) !== version)
      throw new Error(`${file} was written by another version of the ${vendor} sandbox. Delete it to begin anew.`);
    return saved;
  };

/** Writes beside the file and renames, so that a crash leaves the old world or the new one, never half of it. */
export function save(file: string, saved: object): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.tmp`;
  writeFileSync(temporary, JSON.stringify(saved));
  renameSync(temporary, file);
}

const DEBOUNCE_MS = 100;

/** Saves soon after `touch`, many changes at once; `flush` saves what is still unsaved and ends. */
export function createSaver(file: string, current: () => object): { touch(): void; flush(): void } {
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
