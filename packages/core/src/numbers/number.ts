import type { Capability, Currency, ErrorCode, NumberSettings, NumberState, NumberType } from "@aira/contract";
import type * as z from "zod/mini";
import type { Mark } from "../ledger/index.ts";
import { deriveId } from "../lib/index.ts";

export type Settings = Readonly<z.infer<typeof NumberSettings>>;

/**
 * One phone number as the table has it. The item of the number is the claim that keeps others away, the hold of the money that it
 * was bought with, and the guard of every renewal. Whoever has it, has it by `purchaseId`: each condition carries that, so that
 * nothing late can touch the next owner.
 */
export interface NumberRecord {
  /** E.164. */
  readonly phoneNumber: string;
  readonly numberId: string;
  readonly purchaseId: string;
  readonly owner: string;
  readonly state: NumberState;
  /** Of the one execution that may ask the provider to buy. */
  readonly attempt: string;
  /** Epoch milliseconds. */
  readonly attemptedAtMs: number;
  readonly country: string;
  readonly type: NumberType;
  readonly region: string | null;
  readonly locality: string | null;
  readonly capabilities: readonly Capability[];
  readonly currency: Currency;
  readonly setUpMinor: number;
  /** The price of each month, as agreed when it was bought. */
  readonly monthlyMinor: number;
  /** At the provider; undefined before it was bought. */
  readonly sid: string | undefined;
  /** Months charged so far: the first is 1, charged by the purchase. */
  readonly periods: number;
  /** The month up to which a reminder was sent. */
  readonly reminded: number;
  /** ISO 8601. Since when a month could not be paid. */
  readonly unpaidSince: string | undefined;
  /** ISO 8601. Since when callers hear a notice. Of an active one: since when they did; its owner is not told yet that it works again. */
  readonly suspendedAt: string | undefined;
  /** Of a `failed` one. */
  readonly failure: ErrorCode | undefined;
  /** Of a `released` one: from when on anybody may buy it again. */
  readonly availableFrom: string | undefined;
  readonly settings: Settings;
  /** When it was claimed: the day on which each later month begins. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The hold. */
  readonly authorized: Mark | undefined;
  /** Its capture or release. */
  readonly settled: Mark | undefined;
  /** The newest month's charge. */
  readonly renewed: Mark | undefined;
}

/** What the purchase holds and then charges, in minor units. */
export const dueNowMinor = ({ setUpMinor, monthlyMinor }: Pick<NumberRecord, "setUpMinor" | "monthlyMinor">): number =>
  setUpMinor + monthlyMinor;

/** The same request always means the same purchase, whatever crashed in between. */
export const purchaseIdOf = (owner: string, route: string, idempotencyKey: string): string =>
  deriveId("purchase", owner, route, idempotencyKey);

const IN_USE: ReadonlySet<unknown> = new Set<NumberState>(["active", "suspended"]);

/** Does somebody have a number in this state? A claim that is not settled, and what is given back, are nobody's. */
export const isInUse = (state: unknown): boolean => IN_USE.has(state);

/** What the provider is told that a number is called. */
export const tagOf = (stage: string, purchaseId: string): string => `aira:${stage}:${purchaseId}`;

/** Whose number is it? Undefined: not of this stage. */
export function purchaseOfTag(tag: string, stage: string): string | undefined {
  const prefix = `aira:${stage}:`;
  return tag.startsWith(prefix) ? tag.slice(prefix.length) : undefined;
}
