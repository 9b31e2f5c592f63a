/** One rule, broken as a plausible engineer would have written it. */
export interface Mutant {
  /** The rule that the change breaks. Its name in the test. */
  readonly rule: string;
  /** Below `packages/core/src`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The scenario that must break; without one, random histories must. */
  readonly scenario?: string | undefined;
}
