/** Counts what changed, so that a page can wait for the next change instead of asking again and again. */
export interface Changes {
  readonly version: () => number;
  mark(): void;
  /** Resolves when something has changed since `version`, or after a while, or when the asker has gone. */
  after(version: number, ms: number, gone: AbortSignal): Promise<void>;
  end(): void;
}

export function createChanges(): Changes {
  let version = 1;
  let ended = false;
  const waiters = new Set<() => void>();
  const wakeAll = () => {
    for (const wake of [...waiters]) wake();
  };
  return {
    version: () => version,
    mark: () => {
      version += 1;
      wakeAll();
    },
    after: (known, ms, gone) =>
      new Promise((resolve) => {
        if (ended || known !== version || gone.aborted) return resolve();
        const wake = () => {
          clearTimeout(timer);
          waiters.delete(wake);
          gone.removeEventListener("abort", wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        waiters.add(wake);
        gone.addEventListener("abort", wake, { once: true });
      }),
    end: () => {
      ended = true;
      wakeAll();
    },
  };
}
