import type { NumberPrice } from "@aira/contract";
import type * as z from "zod/mini";

type PriceView = z.infer<typeof NumberPrice>;

/** A price as the wire has it. Where it comes from is the operator's business. */
export const toPrice = ({ currency, setUpMinor, monthlyMinor, dueNowMinor }: PriceView): PriceView => ({
  currency,
  setUpMinor,
  monthlyMinor,
  dueNowMinor,
});
