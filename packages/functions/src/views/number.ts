import type { OwnedNumber } from "@aira/contract";
import { iso } from "@aira/core/lib";
import { isInUse, type NumberPolicy, type NumberRecord, paidThrough, renewsAt, unpaidNext } from "@aira/core/numbers";
import type * as z from "zod/mini";

type OwnedNumberView = z.infer<typeof OwnedNumber>;

/** A number as its owner sees it. */
export function toOwnedNumber(number: NumberRecord, policy: NumberPolicy): OwnedNumberView {
  const { numberId, purchaseId, phoneNumber, country, type, region, locality, state, failure, unpaidSince, createdAt, updatedAt } = number;
  const { currency, setUpMinor, monthlyMinor } = number;
  const next = unpaidNext(number, policy);
  return {
    numberId,
    purchaseId,
    phoneNumber,
    country,
    type,
    region,
    locality,
    capabilities: [...number.capabilities],
    state,
    failure: failure ?? null,
    price: { currency, setUpMinor, monthlyMinor, dueNowMinor: setUpMinor + monthlyMinor },
    paidThrough: number.periods === 0 ? null : iso(paidThrough(number)),
    renewsAt: isInUse(state) ? iso(renewsAt(number)) : null,
    unpaidSince: unpaidSince ?? null,
    unpaidNext: next ? { action: next.action, at: iso(next.atMs) } : null,
    settings: { ...number.settings },
    createdAt,
    updatedAt,
  };
}
