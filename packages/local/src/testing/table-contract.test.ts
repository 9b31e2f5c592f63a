import { memoryTable } from "./memory-table-under-test.ts";
import { tableContract } from "./table-contract.ts";
import { startTableUnderTest } from "./table-under-test.ts";

tableContract("the embedded emulator", async () => {
  const { table, stop } = await startTableUnderTest();
  return { table, close: stop };
});
tableContract("memory", async () => ({ table: memoryTable(), close: () => {} }));
