import { TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import { type Stack, Table } from "sst/constructs";
import { stagePolicy } from "./stage.ts";
import { table as shape } from "./table.ts";

/**
 * The single table of table.ts, encrypted with AWS's key of the account. SST's construct itself makes it on demand and
 * restorable to any second of the last 35 days; the stack's test holds it to that.
 */
export function createTable(stack: Stack): Table {
  const { protect, removalPolicy } = stagePolicy(stack.stage);
  const keys = [shape.primary, ...Object.values(shape.indexes)].flatMap((key) => [key.partitionKey, key.sortKey]);
  return new Table(stack, "Table", {
    fields: Object.fromEntries(keys.map((name) => [name, "string" as const])),
    primaryIndex: shape.primary,
    globalIndexes: shape.indexes,
    timeToLiveAttribute: shape.ttl,
    cdk: {
      table: {
        deletionProtection: protect,
        encryption: TableEncryption.AWS_MANAGED,
        removalPolicy,
      },
    },
  });
}
