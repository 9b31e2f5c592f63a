import { keys, type Table } from "../table/index.ts";

/** The provider's customer of an owner. Per realm, since a test customer means nothing to the live account. */
export async function loadCustomerId(table: Table, realm: string, owner: string): Promise<string | undefined> {
  const item = await table.get(keys.customer(realm, owner));
  return item?.customerId as string | undefined;
}

/** Keeps a customer for the next time. Best effort: the first one kept stays, and a missing one is made again. */
export async function keepCustomerId(table: Table, realm: string, owner: string, customerId: string): Promise<void> {
  await table.write({ put: { ...keys.customer(realm, owner), customerId }, if: { absent: true } });
}
