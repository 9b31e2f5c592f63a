import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { BalancesView } from "../../../api/shapes.ts";
import { useApi } from "../../../api/use-api.ts";
import type { Currency } from "../../../money/currency.ts";

export interface AlertChange {
  readonly currency: Currency;
  /** Null: the default again. */
  readonly lowBalanceMinor: number | null;
}

/** Changes one threshold, and the wallet that is shown with it. */
export function useAlertChange(onChanged: () => void) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: AlertChange) => api.changeAlert({ body }),
    onSuccess: ({ alerts }) => {
      queries.setQueryData<BalancesView>(["balances"], (wallet) => wallet && { ...wallet, alerts });
      onChanged();
    },
  });
}
