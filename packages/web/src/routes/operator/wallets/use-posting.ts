import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { TransactionView } from "../../../api/shapes.ts";
import { useOnceKey } from "../use-once-key.ts";

interface Posting<Terms> {
  readonly post: (terms: Terms, idempotencyKey: string) => Promise<TransactionView>;
  readonly onPosted: () => void;
  readonly sentenceOf: (transaction: TransactionView) => string;
}

/** Posts to a customer's wallet, once for the same terms, and shows what follows from it. */
export function usePosting<Terms>({ post, onPosted, sentenceOf }: Posting<Terms>) {
  const queries = useQueryClient();
  const keyFor = useOnceKey();
  return useMutation({
    mutationFn: (terms: Terms) => post(terms, keyFor(terms)),
    onSuccess: (transaction) => {
      notifications.show({ message: sentenceOf(transaction) });
      void queries.invalidateQueries({ queryKey: ["operator"] });
      void queries.invalidateQueries({ queryKey: ["statement"] });
      void queries.invalidateQueries({ queryKey: ["balances"] });
      onPosted();
    },
  });
}
