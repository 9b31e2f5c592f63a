/** How many findings one answer names: more, of a month of days that all differ, would outgrow Lambda's answer. */
const MAX_NAMED = 500;

/** What one answer has room for: the first of each list it is asked about, until the room is used up. */
export function roomForFindings(): <T>(findings: readonly T[]) => T[] {
  let left = MAX_NAMED;
  return (findings) => {
    const named = findings.slice(0, left);
    left -= named.length;
    return named;
  };
}
