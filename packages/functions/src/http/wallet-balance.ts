import { getBalance } from "@aira/contract";
import { balancesAt, readBalances, sufficiency } from "@aira/core/ledger";
import { AiraError } from "@aira/core/lib";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";

/** The balances, now or as of a time, and whether they suffice for an amount. Whether the wallet is frozen is always as of now. */
export const handler = http(getBalance, async ({ query: { currency, amountMinor, at } }, { owner }) => {
  if (amountMinor !== undefined && currency === undefined) {
    const detail = "query.currency is required with query.amountMinor.";
    throw new AiraError("request.invalid", detail, { errors: [{ field: "query.currency", rule: "required with amountMinor", detail }] });
  }
  const [now, then] = await Promise.all([
    readBalances(ledgerPorts(), owner),
    at === undefined ? undefined : balancesAt(ledgerPorts(), owner, Date.parse(at)),
  ]);
  const view = then ? { ...now, ...then, restricted: then.balances.some(({ availableMinor }) => availableMinor < 0) } : now;
  return currency === undefined || amountMinor === undefined ? view : { ...view, ...sufficiency(view, currency, amountMinor) };
});
