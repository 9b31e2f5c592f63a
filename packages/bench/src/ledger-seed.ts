import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { entryWrite, walletWrite } from "../../core/src/ledger/ledger.store.ts";
import { decide, emptyWallet } from "../../core/src/ledger/wallet.ts";
import type { Connection } from "./emulator.ts";

/** BatchWriteItem takes at most so many. */
const BATCH = 25;
const BATCHES_AT_ONCE = 8;

/**
 * Writes a wallet with so many entries, decided and hashed by the core itself, in big batches instead of one transaction each:
 * the same items that posting them would leave, without their guards.
 */
export async function seedLedger(
  { client, table }: Connection,
  tableName: string,
  owner: string,
  entries: number,
  progress: (written: number) => void,
): Promise<void> {
  const start = Date.now() - entries * 1000;
  const empty = emptyWallet(owner);
  let wallet = empty;
  let waiting: object[] = [];
  const running = new Set<Promise<void>>();
  const flush = async () => {
    if (running.size >= BATCHES_AT_ONCE) await Promise.race(running);
    const items = waiting;
    waiting = [];
    const write: Promise<void> = client
      .send(new BatchWriteCommand({ RequestItems: { [tableName]: items.map((Item) => ({ PutRequest: { Item } })) } }))
      .then(({ UnprocessedItems: left = {} }) => {
        if (Object.keys(left).length > 0) throw new Error("the emulator left items of a batch unwritten");
      })
      .finally(() => running.delete(write));
    running.add(write);
  };
  for (let n = 1; n <= entries; n++) {
    // Ids and balances of one width, as real ids are: otherwise a longer history would have longer entries.
    const kind = n % 2 === 0 ? "debit" : "credit";
    const amountMinor = kind === "debit" ? -250 : n === 1 ? 500_000 : 250;
    const reference = { type: kind === "debit" ? "charge" : "top_up", id: `seed-${String(n).padStart(25, "0")}` } as const;
    const decision = decide(
      wallet,
      { kind, currency: "USD", amountMinor, heldMinor: 0, reference, description: "Seeded", actor: "bench" },
      start + n * 1000,
    );
    if (!decision.accepted) throw new Error(`entry ${n} of the seed was refused: ${decision.refusal.code}`);
    wallet = decision.wallet;
    const write = entryWrite(decision.entry);
    if ("put" in write) waiting.push(write.put);
    if (waiting.length === BATCH) await flush();
    if (n % 5000 === 0) progress(n);
  }
  if (waiting.length > 0) await flush();
  await Promise.all(running);
  const result = await table.write(walletWrite(empty, wallet));
  if (result.outcome !== "committed") throw new Error(`the seeded wallet was not written: ${result.outcome}`);
}
