/** How far a call has got. It goes with the sandbox's clock, and ahead of it where nobody wants to wait. */
export interface CallClock {
  nowMs(): number;
  /** So much time passes at once: a silence, a pause. */
  skip(ms: number): void;
  /** Something takes so long to say. Whoever really waits meanwhile loses no time by it. */
  speak(text: string): void;
}

/** How fast people speak, near enough. */
const CHARACTERS_PER_SECOND = 15;

/** How long it takes to say a text. */
export const spokenMs = (text: string): number => Math.max(1000, Math.ceil((text.length * 1000) / CHARACTERS_PER_SECOND));

export function createCallClock(clock: () => number): CallClock {
  let aheadMs = 0;
  let atLeastMs = 0;
  const nowMs = () => Math.max(clock() + aheadMs, atLeastMs);
  return {
    nowMs,
    skip: (ms) => {
      aheadMs = nowMs() + ms - clock();
    },
    speak: (text) => {
      atLeastMs = nowMs() + spokenMs(text);
    },
  };
}
