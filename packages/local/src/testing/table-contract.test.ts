import { dynamoDbLocal } from "../table-emulators.ts";
import { memoryTable } from "./memory-table-under-test.ts";
import { tableContract } from "./table-contract.ts";
import { startTableUnderTest } from "./table-under-test.ts";

/** Amazon's own emulator takes seconds to start and needs Java, so it is asked for: `TABLE_EMULATOR=dynamodb-local`. */
const asked = process.env.TABLE_EMULATOR;
if (asked !== undefined && asked !== "dynamodb-local") throw new Error(`TABLE_EMULATOR is ${asked}, and must be dynamodb-local or unset`);

if (asked === undefined) {
  tableContract("the embedded emulator", async () => {
    const { table, stop } = await startTableUnderTest();
    return { table, close: stop };
  });
  tableContract("memory", async () => ({ table: memoryTable(), close: () => {} }));
} else
  tableContract("DynamoDB Local", async () => {
    const { table, stop } = await startTableUnderTest([dynamoDbLocal()]);
    return { table, close: stop };
  });
