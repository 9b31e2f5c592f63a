import { TwilioFault } from "./fault.ts";
import type { Form } from "./form.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

function momentOf(name: string, text: string): number {
  const ms = Date.parse(text);
  if (!/^\d{4}-\d{2}-\d{2}/.test(text) || Number.isNaN(ms))
    throw new TwilioFault(20001, `${name} is not a valid date: ${text.slice(0, 40)}`);
  return ms;
}

/**
 * Whether a time passes the filters of a list: `DateSent` (that day), `DateSent<` (at or before) and `DateSent>` (at or after),
 * which is how the 2010 API spells its comparisons. What has no time yet passes only if none is asked for.
 */
export function within(form: Form, name: string, time: string | null): boolean {
  const ms = time === null ? Number.NaN : Date.parse(time);
  const day = form.get(name);
  const before = form.get(`${name}<`);
  const after = form.get(`${name}>`);
  if (day !== null && Math.floor(momentOf(name, day) / DAY_MS) !== Math.floor(ms / DAY_MS)) return false;
  if (before !== null && !(ms <= momentOf(name, before))) return false;
  return after === null || ms >= momentOf(name, after);
}
