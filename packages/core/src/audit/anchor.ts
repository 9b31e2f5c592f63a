import type { Checkpoint } from "../ledger/index.ts";
import { InvariantError, sha256 } from "../lib/index.ts";
import { keys } from "../table/index.ts";

/**
 * A head of one wallet, kept where a writer of the table cannot reach. Entries chain by their hashes, so whoever rewrites one
 * that lies before an anchor can't make the history lead through it again. Names no customer.
 */
export interface Anchor {
  /** SHA-256 of the owner. */
  readonly ownerHash: string;
  readonly seq: number;
  /** Time of the entry `seq`, which with `seq` makes its key. */
  readonly at: string;
  /** Hash of the entry `seq`. */
  readonly head: string;
}

export const ownerHashOf = (owner: string): string => sha256(owner);

/** The anchor of a checkpoint; undefined for a wallet without entries. */
export function anchorOf({ wallet }: Pick<Checkpoint, "wallet">): Anchor | undefined {
  if (wallet.seq === 0) return undefined;
  return { ownerHash: ownerHashOf(wallet.owner), seq: wallet.seq, at: wallet.lastAt, head: wallet.head };
}

/** What the verifier of the ledger wants of an anchor. */
export const anchoredPoint = (owner: string, { seq, at, head }: Anchor): Pick<Checkpoint, "wallet" | "entryKey"> => ({
  wallet: { owner, seq, head, lastAt: at, frozen: false, balances: {} },
  entryKey: keys.entry(owner, at, seq).sk,
});

export interface Anchors {
  /** The newest of each wallet, by the hash of its owner. Each was verified against the one before it, so the newest stands for all. */
  readonly newest: ReadonlyMap<string, Anchor>;
  /** Two anchors that can't both be true: the same wallet and `seq`, another head. */
  readonly contradictions: readonly Anchor[];
}

const SHAPE = { ownerHash: /^[0-9a-f]{64}$/, at: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, head: /^[0-9a-f]{64}$/ };

/**
 * Reads anchors, a JSON object per line: a file that the command line tool keeps, or lines of the function's log, whose other fields
 * and other lines are passed over. Throws a sentence with the line's number when a line has an anchor's fields and breaks their rules.
 */
export function readAnchors(text: string): Anchors {
  const newest = new Map<string, Anchor>();
  const heads = new Map<string, string>();
  const contradictions: Anchor[] = [];
  for (const [at, line] of text.split("\n").entries()) {
    const anchor = readAnchor(line, at + 1);
    if (!anchor) continue;
    const place = `${anchor.ownerHash}#${anchor.seq}`;
    const head = heads.get(place);
    if (head !== undefined && head !== anchor.head) contradictions.push(anchor);
    heads.set(place, head ?? anchor.head);
    const known = newest.get(anchor.ownerHash);
    if (!known || known.seq < anchor.seq) newest.set(anchor.ownerHash, anchor);
  }
  return { newest, contradictions };
}

function readAnchor(line: string, number: number): Anchor | undefined {
  if (!line.includes('"ownerHash"') || !line.includes('"head"')) return undefined;
  let found: Partial<Anchor>;
  try {
    // CloudWatch's own exports put a time before the line.
    found = JSON.parse(line.slice(line.indexOf("{")));
  } catch (cause) {
    throw new InvariantError(`line ${number} of the anchors is not JSON`, { cause });
  }
  const { ownerHash, seq, at, head } = found;
  const matches = (value: unknown, shape: RegExp): value is string => typeof value === "string" && shape.test(value);
  if (matches(ownerHash, SHAPE.ownerHash) && matches(at, SHAPE.at) && matches(head, SHAPE.head) && Number.isSafeInteger(seq) && seq! > 0)
    return { ownerHash, seq: seq!, at, head };
  throw new InvariantError(`line ${number} of the anchors must have ownerHash and head (64 hex digits), seq (from 1) and at (ISO 8601)`);
}

/** The anchor as a line of a file. */
export const anchorLine = ({ ownerHash, seq, at, head }: Anchor): string => JSON.stringify({ ownerHash, seq, at, head });
