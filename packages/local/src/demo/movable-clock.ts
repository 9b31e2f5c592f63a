/** The clock of this process. It goes on by itself, and can be put forward. */
export interface MovableClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Puts it forward to a time. Never back: an entry is never before the one before it. */
  to(epochMs: number): void;
  /** Gives the process its own clock again. */
  remove(): void;
}

/**
 * Lets the whole process live at another time: the app with its functions and schedules, the sandboxes, the tokens, the demo. Functions
 * take the time from the machine, so this puts the machine's clock forward and leaves them as they are. Timers and time limits are not touched.
 */
export function installClock(startMs: number): MovableClock {
  const MachineDate = globalThis.Date;
  const machineNow = MachineDate.now;
  let aheadMs = startMs - machineNow();
  const now = () => machineNow() + aheadMs;
  MachineDate.now = now;
  globalThis.Date = new Proxy(MachineDate, {
    construct: (target, given, as) => Reflect.construct(target, given.length === 0 ? [now()] : given, as),
  });
  return {
    now,
    to(epochMs) {
      aheadMs = Math.max(aheadMs, epochMs - machineNow());
    },
    remove() {
      globalThis.Date = MachineDate;
      MachineDate.now = machineNow;
    },
  };
}
