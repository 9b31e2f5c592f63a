import type { Clock } from "../lib/index.ts";
import type { Table } from "../table/index.ts";

/** What the ledger needs from outside. */
export interface LedgerPorts {
  readonly table: Table;
  readonly clock: Clock;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
  readonly wait: (ms: number) => Promise<void>;
}
