import * as z from "zod/mini";

const DAY_MS = 86_400_000;

/** Days in UTC, both ends included, at most so many. */
export const days = (most: number) =>
  z.strictObject({ from: z.iso.date(), to: z.iso.date() }).check((c) => {
    const { from, to } = c.value;
    const span = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    const wrong = (message: string, rule: string) => c.issues.push({ code: "custom", input: to, path: ["to"], message, params: { rule } });
    if (span < 1) wrong("must not be before query.from", "from or later");
    if (span > most) wrong(`must be less than ${most} days after query.from`, `at most ${most} days`);
  });
