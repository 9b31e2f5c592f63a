import { setImmediate } from "node:timers/promises";
import type { LedgerPorts } from "@aira/core/ledger";
import { systemClock } from "@aira/core/lib";
import type { Table } from "@aira/core/table";
import { seededRandom } from "@aira/local/random";
import { memoryTable } from "@aira/local/testing/memory-table-under-test";

// In place of the tests' module of this name: a table in memory, which the table's contract suite holds equal to the emulator's,
// so that no mutant waits for a process, a socket or the AWS SDK.

export async function startTableUnderTest() {
  return { table: memoryTable(), stop: async () => {} };
}

/** Waits are turns of the event loop: a mutant that tries for ever is found out at once. */
export const ledgerPorts = (table: Table, seed = 1): LedgerPorts => ({
  table,
  clock: systemClock,
  random: seededRandom(seed),
  wait: async () => setImmediate(),
});

let owners = 0;

export const freshOwner = (name = "owner"): string => `${name}-${++owners}`;
