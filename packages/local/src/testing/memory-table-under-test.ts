import type { Table, Write, WriteResult } from "@aira/core/table";
import { MemoryTable } from "../simulation/memory-table.ts";

/** The simulation's table behind the interface of core/table, without faults. */
export function memoryTable(memory = new MemoryTable()): Table {
  const transact = async (writes: readonly Write[]): Promise<WriteResult> => {
    const refused = memory.transact(writes);
    return refused ? { outcome: "refused", found: refused } : { outcome: "committed" };
  };
  return {
    get: async (key) => structuredClone(memory.get(key)),
    getMany: async (keys) => keys.map((key) => structuredClone(memory.get(key))),
    query: async (query) => memory.query(query),
    write: (write) => transact([write]),
    transact,
  };
}
