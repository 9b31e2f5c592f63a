import { listNumberCountries } from "@aira/contract";
import { http } from "../edge/http.ts";
import { numberMarket } from "../edge/services.ts";

/** The countries that numbers are sold in. */
export const handler = http(listNumberCountries, async () => {
  const { provider } = await numberMarket();
  const countries = await provider.countries();
  return { countries: countries.map(({ types, ...country }) => ({ ...country, types: [...types] })) };
});
