import * as z from "zod/mini";

/**
 * The currencies a wallet can hold. `floorMinor` and `ceilingMinor` bound one top-up: Stripe enforces its own minimum in
 * the account's settlement currency after conversion (INR 11.80 was refused on a USD account), so ours stand above it.
 */
export const CURRENCIES = {
  USD: { name: "US dollar", decimals: 2, floorMinor: 100, ceilingMinor: 1_000_000 },
  INR: { name: "Indian rupee", decimals: 2, floorMinor: 10_000, ceilingMinor: 50_000_000 },
} as const;

export type Currency = keyof typeof CURRENCIES;
export const currencies = Object.keys(CURRENCIES) as Currency[];

export const Currency = z.enum(currencies as [Currency, ...Currency[]]);

/** A positive amount in minor units (cents, paise). At most 8 digits, as at Stripe. */
export const AmountMinor = z.int().check(z.gte(1), z.lte(99_999_999));

/** A signed amount in minor units. */
export const SignedMinor = z.int();

/**
 * A whole number in a query. Digits only: coercion alone would take `0x10`, `1e2` and ` 7 ` too, and the document says integer.
 */
export const QueryInteger = (minimum: number, maximum: number) =>
  z.pipe(
    z.pipe(
      z.string().check((c) => {
        if (!/^(0|[1-9]\d{0,15})$/.test(c.value)) c.issues.push({ code: "invalid_type", expected: "int", input: c.value });
      }),
      z.transform((text: string) => Number(text)),
    ),
    z.int().check(z.gte(minimum), z.lte(maximum)),
  );
