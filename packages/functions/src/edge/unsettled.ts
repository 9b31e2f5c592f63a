/** An output that tells of something whose outcome is not known yet. It is answered with the operation's `unsettled` status and kept for nobody. */
export class Unsettled<T> {
  readonly output: T;

  constructor(output: T) {
    this.output = output;
  }
}
