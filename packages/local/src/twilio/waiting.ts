import { Dropped } from "../sandbox/server.ts";

/** Calls that wait: for a time, for being let go, or for ever. Ending it drops them all. */
export interface Waiting {
  forMs(ms: number): Promise<void>;
  untilReleased(): Promise<void>;
  /** Rejects when the sandbox ends, and when the caller has given up. */
  forEver(caller: AbortSignal): Promise<never>;
  /** Lets the held calls go on, and says how many those were. */
  release(): number;
  held(): number;
  end(): void;
}

export function createWaiting(): Waiting {
  const held = new Set<() => void>();
  const dropAll = new Set<() => void>();
  let ended = false;

  /** A promise that `begin` may resolve, and that the end of everything rejects. */
  const wait = <T>(begin: (resolve: (value: T) => void, drop: () => void) => () => void) =>
    new Promise<T>((resolve, reject) => {
      if (ended) return reject(new Dropped());
      let cleanUp = () => {};
      const drop = () => {
        settle();
        reject(new Dropped());
      };
      const settle = () => {
        dropAll.delete(drop);
        cleanUp();
      };
      dropAll.add(drop);
      cleanUp = begin((value) => {
        settle();
        resolve(value);
      }, drop);
    });

  return {
    forMs: (ms) =>
      ms === 0
        ? Promise.resolve()
        : wait<void>((resolve) => {
            const timer = setTimeout(resolve, ms);
            return () => clearTimeout(timer);
          }),
    untilReleased: () =>
      wait<void>((resolve) => {
        const go = () => resolve();
        held.add(go);
        return () => held.delete(go);
      }),
    forEver: (caller) =>
      wait<never>((_resolve, drop) => {
        if (caller.aborted) queueMicrotask(drop);
        caller.addEventListener("abort", drop, { once: true });
        return () => caller.removeEventListener("abort", drop);
      }),
    release: () => {
      const going = [...held];
      for (const go of going) go();
      return going.length;
    },
    held: () => held.size,
    end: () => {
      ended = true;
      for (const drop of [...dropAll]) drop();
    },
  };
}
