import * as z from "zod/mini";
import { Currency, SignedMinor } from "../money.ts";
import type { Operation } from "../operation.ts";
import { days } from "./days.ts";
import { operator } from "./group.ts";

const CurrencyMargin = z.object({
  currency: Currency,
  chargedMinor: SignedMinor,
  /** What the provider asks, by the operator's exchange rates, rounded up once. */
  askedMinor: SignedMinor,
  marginMinor: SignedMinor,
  /** Of what was charged, like `61.5`. Null when nothing was. */
  marginPercent: z.nullable(z.string()),
});

/** A call or text that the provider charged us for, and we nobody. */
export const UnchargedUsage = z.object({
  sid: z.string(),
  kind: z.enum(["call", "sms"]),
  /** As the provider has it: signed, below zero is what we pay. */
  price: z.nullable(z.string()),
  priceUnit: z.string(),
});

/** What the calls and texts of one day were charged, and what the provider asks for them. */
export const Margin = z.object({
  day: z.iso.date(),
  /** When it was made. */
  at: z.iso.datetime(),
  /** Calls and the legs that they were connected on. */
  calls: z.int(),
  texts: z.int(),
  /** Of other applications on the provider's account: not counted in. */
  foreign: z.int(),
  /** Turned away: the provider charges for them, and their owners pay nothing. */
  free: z.int(),
  /** Without a price so far: the day is looked at again. */
  unpriced: z.int(),
  unchargedCount: z.int(),
  /** The first hundred. */
  uncharged: z.array(UnchargedUsage),
  currencies: z.array(CurrencyMargin),
});

export const MarginsOutput = z.object({ days: z.array(Margin) });

export const listMargins = {
  ...operator,
  method: "GET",
  path: "/api/operator/margins",
  summary: "Calls and texts against the provider's prices, by day",
  description:
    "Oldest first. A day that was not looked at yet is absent. One answer names at most 500 uncharged calls and texts, those of the first days: `unchargedCount` tells how many a day has. Transcripts of voicemails are in neither side.",
  query: days(31),
  output: MarginsOutput,
  status: 200,
  errors: [],
} as const satisfies Operation;
