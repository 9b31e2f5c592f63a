import { BrokenPromise } from "./invariants.ts";

/**
 * Runs concurrent tasks one step at a time, in an order that a seed decides. Every call that leaves a task (to the table, to
 * Stripe) first passes `point()`; only one task goes on until it comes to its next point. So a history repeats exactly.
 */
export class Scheduler {
  readonly #random: () => number;
  readonly #exhausted = Promise.withResolvers<never>();
  #left: number;
  #waiting: (() => void)[] = [];
  #scheduled = false;

  /** `budget`: how many points may be passed before the run counts as one that never ends. */
  constructor(random: () => number, budget: number) {
    this.#random = random;
    this.#left = budget;
    this.#exhausted.promise.catch(() => {});
  }

  /** Rejects when the budget is used up; from then on nobody gets past a point. */
  get exhausted(): Promise<never> {
    return this.#exhausted.promise;
  }

  point(): Promise<void> {
    if (this.#left-- <= 0) this.#exhausted.reject(new BrokenPromise("everything settles down, and doesn't go on for ever"));
    if (this.#left < 0) return new Promise(() => {});
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  /** Behind all that is ready now, so that everybody who is about to wait does wait when the dice fall. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const [next] = this.#waiting.splice(Math.floor(this.#random() * this.#waiting.length), 1);
      next?.();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }
}
