import { CONVERSATION_KINDS, type ConversationKind } from "@aira/contract";
import { isDay, type Period, type Rules, readAddress, toSpan } from "../../filters/address.ts";
import { formatPhone } from "../numbers/phone-number.ts";
import type { ConversationView } from "./shapes.ts";

/** Filters as the address keeps them. */
export interface ConversationFilters extends Period {
  readonly kind: ConversationKind | null;
  readonly number: string | null;
  /** Looked for among what is loaded. */
  readonly q: string | null;
}

const RULES: Rules<keyof ConversationFilters> = {
  kind: (value) => (CONVERSATION_KINDS as readonly string[]).includes(value),
  number: (value) => /^num_[0-9a-hjkmnp-tv-z]{26}$/.test(value),
  from: isDay,
  to: isDay,
  q: (value) => value.trim() !== "" && value.length <= 100,
};

export const NO_FILTERS: ConversationFilters = { kind: null, number: null, from: null, to: null, q: null };

export const readFilters = (query: URLSearchParams): ConversationFilters => readAddress(query, RULES) as ConversationFilters;

export const countFilters = ({ kind, number, from, to, q }: ConversationFilters): number =>
  [kind, number, from ?? to, q].filter((value) => value !== null).length;

/** The same as the API takes it, without the search. */
export const toQuery = ({ kind, number, from, to }: ConversationFilters) => ({
  ...(kind === null ? {} : { kind }),
  ...(number === null ? {} : { numberId: number }),
  ...toSpan({ from, to }),
});

/** Whether a conversation has these words, or these digits however they are grouped. */
export function hasWords({ peer, phoneNumber, preview, voicemail }: ConversationView, words: string): boolean {
  const wanted = words.trim().toLocaleLowerCase();
  const texts = [preview, voicemail?.transcript, peer, phoneNumber, formatPhone(peer ?? ""), formatPhone(phoneNumber ?? "")];
  if (texts.some((text) => text?.toLocaleLowerCase().includes(wanted))) return true;
  const digits = /^[\d\s()+.-]+$/.test(wanted) ? wanted.replace(/\D/g, "") : "";
  return digits.length > 1 && [peer, phoneNumber].some((number) => number?.includes(digits));
}
