/**
 * The same day so many months after `anchor`, in UTC, at the same time of day. A month without that day ends with its last one, and the
 * one after it has the day again: counted from the anchor each time, 31 January is followed by 28 February and 31 March.
 */
export function monthsAfter(anchor: string, months: number): number {
  const from = new Date(anchor);
  const first = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1);
  const month = new Date(first);
  const lastDay = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate();
  const timeOfDay = from.getTime() - Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate());
  return first + (Math.min(from.getUTCDate(), lastDay) - 1) * 86_400_000 + timeOfDay;
}
