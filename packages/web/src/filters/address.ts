/** Which values of a filter the address may hold, by the filter's name. */
export type Rules<Name extends string> = Readonly<Record<Name, (value: string) => boolean>>;

/** What the address asks for. What it cannot mean is left out. */
export function readAddress<Name extends string>(query: URLSearchParams, rules: Rules<Name>): Record<Name, string | null> {
  const asked = (Object.keys(rules) as Name[]).map((name) => {
    const value = query.get(name);
    return [name, value !== null && rules[name](value) ? value : null] as const;
  });
  return Object.fromEntries(asked) as Record<Name, string | null>;
}

/** The address with other filters; null and nothing take one away. */
export function writeAddress(query: URLSearchParams, change: Readonly<Record<string, string | null>>): URLSearchParams {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === "") next.delete(name);
    else next.set(name, value);
  }
  return next;
}

export const isDay = (value: string): boolean => /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));

/** Days of this person's calendar, both included. */
export interface Period {
  readonly from: string | null;
  readonly to: string | null;
}

/** The same as the API takes it. A day begins and ends by this device's clock; `to` is excluded there, so it is the next day's beginning. */
export const toSpan = ({ from, to }: Period): { from?: string; to?: string } => ({
  ...(from === null ? {} : { from: beginningOf(from, 0) }),
  ...(to === null ? {} : { to: beginningOf(to, 1) }),
});

function beginningOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
