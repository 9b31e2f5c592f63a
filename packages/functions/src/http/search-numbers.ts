import { type Capability, searchNumbers as operation } from "@aira/contract";
import { searchNumbers } from "@aira/core/numbers";
import { http } from "../edge/http.ts";
import { numberMarket } from "../edge/services.ts";
import { toPrice } from "../views/price.ts";

/** Numbers to buy, with our price. */
export const handler = http(operation, async ({ query: { capabilities, ...query } }) => {
  const wanted = capabilities?.split(",") as Capability[] | undefined;
  const { numbers, types, reason, notes } = await searchNumbers(await numberMarket(), { ...query, capabilities: wanted });
  return {
    numbers: numbers.map(({ price, capabilities: able, ...number }) => ({ ...number, capabilities: [...able], price: toPrice(price) })),
    types: [...types],
    reason,
    notes: [...notes],
  };
});
