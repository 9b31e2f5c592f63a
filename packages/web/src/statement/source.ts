import type { StatementFilters, TransactionPage, TransactionView } from "../api/shapes.ts";

/** Where a statement comes from: one's own wallet, or the one that an operator looks at. */
export interface StatementSource {
  /** For the query cache. */
  readonly key: readonly string[];
  page(query: StatementFilters & { readonly limit: number; readonly cursor?: string }, signal: AbortSignal): Promise<TransactionPage>;
  /** The statement as a file, in parts. Undefined: there is none. */
  readonly csv?: (
    query: StatementFilters & { readonly cursor?: string },
  ) => Promise<{ readonly csv: string; readonly nextCursor: string | null }>;
  /** Who did it, as the reader may know it. */
  readonly actorOf: (transaction: TransactionView) => string;
}
