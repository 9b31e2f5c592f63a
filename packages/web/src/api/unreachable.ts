/** There is no answer: the network, or a service that took too long. An idempotent request is safe to repeat with its key. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
  readonly timedOut: boolean;

  constructor(timedOut: boolean, cause: unknown) {
    super(timedOut ? "No answer in time." : "There is no connection.", { cause });
    this.timedOut = timedOut;
  }
}
