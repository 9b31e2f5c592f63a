import type { Checkpoint, Wallet } from "../ledger/index.ts";
import { keys, type Table, type WriteResult } from "../table/index.ts";

/** What is remembered of a wallet's verifications. */
export interface StoredCheckpoint {
  readonly checkpoint: Checkpoint | undefined;
  /** When every entry was last verified from the first one on, in ISO 8601; empty: never. */
  readonly fullAt: string;
  /** A violation was found, so the checkpoint vouches for nothing until a full verification finds none. */
  readonly suspect: boolean;
  /** Moves with every change, so that of two runs side by side one never wipes out what the other found. */
  readonly v: number;
}

const NEVER: StoredCheckpoint = { checkpoint: undefined, fullAt: "", suspect: false, v: 0 };

/** A checkpoint with more open holds would grow towards the limit of an item (400 KB); such a wallet is verified from the checkpoint before. */
export const MAX_OPEN_HOLDS = 2_000;

export async function loadCheckpoint(table: Table, owner: string): Promise<StoredCheckpoint> {
  const item = await table.get(keys.checkpoint(owner), { consistent: true });
  if (!item) return NEVER;
  const wallet = item.wallet as Omit<Wallet, "owner"> | undefined;
  return {
    checkpoint: wallet && {
      wallet: { owner, ...wallet },
      entryKey: item.entryKey as string,
      openHolds: item.openHolds as Checkpoint["openHolds"],
    },
    fullAt: (item.fullAt as string | undefined) ?? "",
    suspect: item.suspect === true,
    v: item.v as number,
  };
}

/** Refused when another run has changed it since it was read: what that one found stands. */
export function saveCheckpoint(
  table: Table,
  owner: string,
  read: StoredCheckpoint,
  { checkpoint, fullAt }: { readonly checkpoint: Checkpoint; readonly fullAt: string },
): Promise<WriteResult> {
  const { owner: _, ...wallet } = checkpoint.wallet;
  return table.write({
    put: {
      ...keys.checkpoint(owner),
      wallet,
      entryKey: checkpoint.entryKey,
      openHolds: checkpoint.openHolds,
      ...(fullAt ? { fullAt } : {}),
      v: read.v + 1,
    },
    if: read.v === 0 ? { absent: true } : { equals: { v: read.v, suspect: read.suspect ? true : undefined } },
  });
}

/** Unconditional: a violation that was found is never forgotten. */
export const markSuspect = (table: Table, owner: string, read: StoredCheckpoint): Promise<WriteResult> =>
  table.write({ update: keys.checkpoint(owner), set: { suspect: true, v: read.v + 1 } });
