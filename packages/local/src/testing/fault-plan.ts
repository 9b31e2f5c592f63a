/** Decides, call by call, what goes wrong; undefined: nothing. `n` counts the calls of one layer from 0. */
export type FaultPlan<Call, Fault> = (call: Call & { readonly n: number }) => Fault | undefined;

/** This fault at the call number `n`; nothing else goes wrong. `fired` tells whether that call was reached. */
export function faultAt<Fault>(n: number, fault: Fault): FaultPlan<unknown, Fault> & { readonly fired: () => boolean } {
  let fired = false;
  const plan: FaultPlan<unknown, Fault> = (call) => {
    if (call.n !== n) return undefined;
    fired = true;
    return fault;
  };
  return Object.assign(plan, { fired: () => fired });
}

/** Any of the faults that the call can meet, with this probability. The same numbers make the same faults. */
export function randomFaults<Call, Fault>(
  random: () => number,
  rate: number,
  faultsOf: (call: Call) => readonly Fault[],
): FaultPlan<Call, Fault> {
  return (call) => {
    if (random() >= rate) return undefined;
    const faults = faultsOf(call);
    return faults[Math.floor(random() * faults.length)];
  };
}

/** The death of a container: whatever it waited for never comes. */
export type Crash = () => Promise<never>;

export type Ended<T> =
  | { readonly end: "result"; readonly value: T }
  | { readonly end: "error"; readonly error: unknown }
  | { readonly end: "crash" };

/** Runs a task in a container of its own, which may crash. */
export function runInContainer<T>(task: (crash: Crash) => Promise<T>): Promise<Ended<T>> {
  const { promise: crashed, resolve: die } = Promise.withResolvers<Ended<T>>();
  const crash: Crash = () => {
    die({ end: "crash" });
    return new Promise<never>(() => {});
  };
  const ended = task(crash).then(
    (value): Ended<T> => ({ end: "result", value }),
    (error: unknown): Ended<T> => ({ end: "error", error }),
  );
  return Promise.race([ended, crashed]);
}
