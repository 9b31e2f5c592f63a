/**
 * Runs concurrent tasks one step at a time, in an order that a seed decides. Every call that leaves a task (to the table, to
 * Stripe) first passes `point()`; only one task goes on until it comes to its next point. So a history repeats exactly.
 */
export class Scheduler {
  readonly #random: () => number;
  #waiting: (() => void)[] = [];
  #scheduled = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  point(): Promise<void> {
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
