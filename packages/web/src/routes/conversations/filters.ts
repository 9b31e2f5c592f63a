import { CONVERSATION_KINDS, type ConversationKind } from "@aira/contract";
import { formatPhone } from "../numbers/phone-number.ts";
import type { ConversationView } from "./shapes.ts";

/** Filters as the address keeps them: days of this person's calendar, both included. */
export interface ConversationFilters {
  readonly kind: ConversationKind | null;
  readonly number: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** Looked for among what is loaded. */
  readonly q: string | null;
}

const NAMES = ["kind", "number", "from", "to", "q"] as const;
const isDay = (value: string) => /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));

const VALID: Readonly<Record<(typeof NAMES)[number], (value: string) => boolean>> = {
  kind: (value) => (CONVERSATION_KINDS as readonly string[]).includes(value),
  number: (value) => /^num_[0-9a-hjkmnp-tv-z]{26}$/.test(value),
  from: isDay,
  to: isDay,
  q: (value) => value.trim() !== "" && value.length <= 100,
};

export const NO_FILTERS: ConversationFilters = { kind: null, number: null, from: null, to: null, q: null };

/** What the address asks for. What it cannot mean is left out. */
export const readFilters = (query: URLSearchParams): ConversationFilters =>
  Object.fromEntries(
    NAMES.map((name) => {
      const value = query.get(name);
      return [name, value !== null && VALID[name](value) ? value : null];
    }),
  ) as unknown as ConversationFilters;

export function writeFilters(query: URLSearchParams, change: Partial<ConversationFilters>): URLSearchParams {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === "") next.delete(name);
    else next.set(name, value);
  }
  return next;
}

export const countFilters = ({ kind, number, from, to, q }: ConversationFilters): number =>
  [kind, number, from ?? to, q].filter((value) => value !== null).length;

/** The same as the API takes it, without the search. `to` is excluded there, so it is the next day's beginning. */
export const toQuery = ({ kind, number, from, to }: ConversationFilters) => ({
  ...(kind === null ? {} : { kind }),
  ...(number === null ? {} : { numberId: number }),
  ...(from === null ? {} : { from: beginningOf(from, 0) }),
  ...(to === null ? {} : { to: beginningOf(to, 1) }),
});

function beginningOf(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

/** Whether a conversation has these words, or these digits however they are grouped. */
export function hasWords({ peer, phoneNumber, preview, voicemail }: ConversationView, words: string): boolean {
  const wanted = words.trim().toLocaleLowerCase();
  const texts = [preview, voicemail?.transcript, peer, phoneNumber, formatPhone(peer ?? ""), formatPhone(phoneNumber ?? "")];
  if (texts.some((text) => text?.toLocaleLowerCase().includes(wanted))) return true;
  const digits = /^[\d\s()+.-]+$/.test(wanted) ? wanted.replace(/\D/g, "") : "";
  return digits.length > 1 && [peer, phoneNumber].some((number) => number?.includes(digits));
}
