import { setTimeout as sleep } from "node:timers/promises";

/** How long something that happens by itself may take. On an idle machine each takes well under a second. */
const WAIT_MS = 10_000;
const FIRST_PAUSE_MS = 10;
const LAST_PAUSE_MS = 100;

/** One of Aira's promises did not hold. The message is the promise, `seen` what was found instead. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";
  readonly seen: string;

  constructor(promise: string, seen: string) {
    super(promise);
    this.seen = seen;
  }
}

/** Holds `actual` against a promise. Compared by their JSON, so the order of fields counts. */
export function promise(sentence: string, actual: unknown, expected: unknown): void {
  const [seen, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (seen !== wanted) throw new BrokenPromise(sentence, `expected ${wanted}, found ${seen}`);
}

/** Reads until what is read passes, and answers it. Past the bound, the promise counts as broken. */
export async function eventually<Value>(
  sentence: string,
  signal: AbortSignal,
  read: () => Promise<Value>,
  passes: (value: Value) => boolean,
): Promise<Value> {
  const givesUpAt = performance.now() + WAIT_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_PAUSE_MS)) {
    const value = await read();
    if (passes(value)) return value;
    if (performance.now() > givesUpAt)
      throw new BrokenPromise(sentence, `after ${WAIT_MS / 1_000} seconds it still was ${JSON.stringify(value)}`);
    await sleep(pauseMs, undefined, { signal });
  }
}
