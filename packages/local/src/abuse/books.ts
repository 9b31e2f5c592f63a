import { isDeepStrictEqual } from "node:util";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { emulatorCredentials, REGION } from "../account.ts";
import type { Runtime } from "../runtime.ts";

/** Everything that is kept anywhere: the table's items, the messages in each queue, the objects at Stripe, the numbers at Twilio. */
export type Books = Readonly<Record<string, unknown>>;

export interface Bookkeeper {
  read(): Promise<Books>;
  close(): void;
}

export function createBookkeeper({ tableEndpoint, tableName, queueUrls, depth, stripe, twilio }: Runtime): Bookkeeper {
  const client = new DynamoDBClient({ endpoint: tableEndpoint, region: REGION, credentials: emulatorCredentials });
  return {
    async read() {
      const books: Record<string, unknown> = { stripe: stripe?.state.snapshot(), twilio: twilio?.state.snapshot() };
      for (const queue of Object.keys(queueUrls)) books[`queue ${queue}`] = depth(queue);
      for await (const page of paginateScan({ client }, { TableName: tableName, ConsistentRead: true }))
        for (const item of page.Items ?? []) books[`item ${item.pk?.S} ${item.sk?.S}`] = item;
      return books;
    },
    close: () => client.destroy(),
  };
}

/** The names of what is not as it was. */
export function changes(before: Books, after: Books): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !isDeepStrictEqual(before[name], after[name]));
}
