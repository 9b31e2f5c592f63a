/**
 * Attacks that the API does not yet answer as it should, each with the reason. The suite expects them to fail: one that passes
 * has been mended, and its row must go.
 */
interface KnownDefect {
  /** `operationId`, or `*`. */
  readonly target: string;
  readonly attack: RegExp;
  readonly reason: string;
}

const KNOWN_DEFECTS: readonly KnownDefect[] = [];

export const knownDefect = (target: string, attack: string): KnownDefect | undefined =>
  KNOWN_DEFECTS.find((defect) => (defect.target === "*" || defect.target === target) && defect.attack.test(attack));
