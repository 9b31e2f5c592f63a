import { dynamoDbLocal } from "../table-emulators.ts";
import { tableContract } from "./table-contract.ts";
import { startTableUnderTest } from "./table-under-test.ts";

// Amazon's own emulator, beside the embedded one. It takes seconds to start and needs Java, so it is asked for by name.
tableContract("DynamoDB Local", async () => {
  const { table, stop } = await startTableUnderTest([dynamoDbLocal()]);
  return { table, close: stop };
});
