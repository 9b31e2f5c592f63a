/** What goes on behind an answer: posts under way and timers. It can be waited for, and ended. */
export interface Work {
  /** Aborted when everything ends. */
  readonly signal: AbortSignal;
  track<T>(promise: Promise<T>): Promise<T>;
  /** Runs later, in milliseconds of the machine; never after the end. */
  later(ms: number, run: () => void): void;
  /** Resolves when nothing is under way and no timer runs. */
  idle(): Promise<void>;
  /** Drops the timers, aborts the signal and waits for what is under way. */
  end(): Promise<void>;
}

export function createWork(): Work {
  const running = new Set<Promise<unknown>>();
  const timers = new Set<NodeJS.Timeout>();
  const waiters: (() => void)[] = [];
  const ending = new AbortController();

  const isIdle = () => running.size === 0 && timers.size === 0;
  const settle = () => {
    if (isIdle()) for (const resolve of waiters.splice(0)) resolve();
  };

  return {
    signal: ending.signal,
    track: (promise) => {
      running.add(promise);
      const ended = () => {
        running.delete(promise);
        settle();
      };
      promise.then(ended, ended);
      return promise;
    },
    later: (ms, run) => {
      if (ending.signal.aborted) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        run();
        settle();
      }, ms);
      timers.add(timer);
    },
    idle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    end: async () => {
      ending.abort();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await Promise.allSettled(running);
      settle();
    },
  };
}
