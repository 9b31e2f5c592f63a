/** The single table. Every attribute here is a string but `ttl`, which is in epoch seconds. */
export const table = {
  primary: { partitionKey: "pk", sortKey: "sk" },
  indexes: {
    /** Lists by owner. Entries and wallets never carry its keys, so a post never touches it. */
    gsi1: { partitionKey: "gsi1pk", sortKey: "gsi1sk", projection: "all" },
    /** Work that is due, and the list of wallets: sparse, sharded, keys only. */
    gsi2: { partitionKey: "gsi2pk", sortKey: "gsi2sk", projection: "keys_only" },
  },
  ttl: "ttl",
} as const;
