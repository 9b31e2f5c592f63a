import { type Checkpoint, type LedgerPorts, nextOwners, type Violation, verifyWallet, type WalletReport } from "../ledger/index.ts";
import { AiraError, iso } from "../lib/index.ts";
import type { WriteResult } from "../table/index.ts";
import { type Anchor, anchoredPoint, anchorOf, ownerHashOf } from "./anchor.ts";
import { loadCheckpoint, MAX_OPEN_HOLDS, markSuspect, type StoredCheckpoint, saveCheckpoint } from "./checkpoint.store.ts";
import { inParallel } from "./in-parallel.ts";
import { loadPosition, savePosition } from "./verification.store.ts";

type Ports = Pick<LedgerPorts, "table" | "clock">;

/** Wallets verified side by side: most of the time goes into waiting for the table. */
const WIDTH = 8;

/**
 * A checkpoint vouches for the entries before it only as far as the table can be trusted, so each wallet is verified from its first
 * entry again after so long.
 */
const FULL_EVERY_MS = 7 * 86_400_000;

export interface VerificationOptions {
  /** From the first entry on, whatever the checkpoint says. */
  readonly full?: boolean;
  /** Keep no checkpoints: nothing is written at all. */
  readonly readOnly?: boolean;
  /** Heads that are kept outside the table: the newest of each wallet, by the hash of its owner. */
  readonly anchors?: ReadonlyMap<string, Anchor>;
}

/** What the verification of one wallet came to. */
export interface VerifiedWallet {
  readonly owner: string;
  readonly ownerHash: string;
  /** Entries read. */
  readonly entries: number;
  /** From the first entry on, or from a checkpoint. */
  readonly full: boolean;
  readonly violations: readonly Violation[];
  /** The head that was verified; undefined when something is wrong or there is no entry. */
  readonly anchor: Anchor | undefined;
  /** Whether it says more than an anchor of the run before it: entries were added, or all of them were verified. */
  readonly anchorIsNews: boolean;
}

/**
 * Verifies one wallet from its checkpoint, or from its first entry when it has none, when its last full verification is a week old, or
 * when a violation was found before; then moves the checkpoint. Errors: `service.busy`.
 */
export async function verifyOwner(ports: Ports, owner: string, options: VerificationOptions = {}): Promise<VerifiedWallet> {
  const stored = await loadCheckpoint(ports.table, owner);
  const nowMs = ports.clock();
  const { checkpoint } = stored;
  const full =
    options.full === true || checkpoint === undefined || stored.suspect || stored.fullAt <= iso(Math.max(0, nowMs - FULL_EVERY_MS));
  const ownerHash = ownerHashOf(owner);
  const report = await examine(ports, owner, full, checkpoint, options.anchors?.get(ownerHash));
  if (!options.readOnly) await remember(ports, owner, stored, report, full ? iso(nowMs) : stored.fullAt);
  const anchor = report.checkpoint && anchorOf(report.checkpoint);
  return {
    owner,
    ownerHash,
    entries: report.entries,
    full,
    violations: report.violations,
    anchor,
    anchorIsNews: anchor !== undefined && (full || anchor.seq > (checkpoint?.wallet.seq ?? 0)),
  };
}

async function examine(
  ports: Ports,
  owner: string,
  full: boolean,
  checkpoint: Checkpoint | undefined,
  kept: Anchor | undefined,
): Promise<WalletReport> {
  const outside = kept && anchoredPoint(owner, kept);
  try {
    if (!full) return await verifyWallet(ports, owner, { from: checkpoint, anchor: outside });
    const report = await verifyWallet(ports, owner, { anchor: outside ?? checkpoint });
    // The verifier takes one anchor; of two, the other one is the checkpoint.
    if (!outside || !checkpoint) return report;
    const inside = await verifyWallet(ports, owner, { from: checkpoint });
    const violations = [...report.violations, ...inside.violations.filter((one) => !report.violations.some((two) => same(one, two)))];
    return { ...report, violations, checkpoint: violations.length === 0 ? report.checkpoint : undefined };
  } catch (error) {
    // Items that are no longer what the ledger writes: the one wallet is broken, and must not keep the others from being looked at.
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    return {
      owner,
      entries: 0,
      violations: [{ seq: 0, broken: "its items can be read as a wallet, entries and holds" }],
      checkpoint: undefined,
    };
  }
}

const same = (one: Violation, two: Violation): boolean => one.seq === two.seq && one.broken === two.broken;

async function remember(ports: Ports, owner: string, stored: StoredCheckpoint, report: WalletReport, fullAt: string): Promise<void> {
  if (report.violations.length > 0) return kept(await markSuspect(ports.table, owner, stored));
  const { checkpoint } = report;
  if (!checkpoint || checkpoint.wallet.seq === 0 || Object.keys(checkpoint.openHolds).length > MAX_OPEN_HOLDS) return;
  const unchanged = checkpoint.wallet.seq === stored.checkpoint?.wallet.seq && fullAt === stored.fullAt;
  if (!unchanged) kept(await saveCheckpoint(ports.table, owner, stored, { checkpoint, fullAt }));
}

/** A refused checkpoint means that another run has just written its own. */
function kept(result: WriteResult): void {
  if (result.outcome === "contended" || result.outcome === "unknown")
    throw new AiraError("service.busy", "The verification could not be kept.", { cause: result.cause, retryAfterSeconds: 1 });
}

/** Verifies every wallet from the first one on, several at a time, and yields each: whoever has seen enough just stops. */
export async function* verifyEvery(ports: Ports, options: VerificationOptions = {}): AsyncGenerator<VerifiedWallet> {
  for await (const wallets of verifyFrom(ports, undefined, options)) yield* wallets;
}

/**
 * The schedule's run: goes on where the last one stopped, and begins no wallet after `deadlineMs`. Behind the last wallet the next run
 * starts anew. Late, repeated and overlapping runs only verify something twice.
 */
export async function* verifyLedger(
  ports: Ports,
  deadlineMs: number,
  options: VerificationOptions = {},
): AsyncGenerator<VerifiedWallet, { readonly complete: boolean }> {
  for await (const wallets of verifyFrom(ports, await loadPosition(ports.table), options)) {
    yield* wallets;
    // Behind the work: a crash before this verifies the same wallets again.
    await savePosition(ports.table, wallets.at(-1)?.owner);
    if (ports.clock() >= deadlineMs) return { complete: false };
  }
  await savePosition(ports.table, undefined);
  return { complete: true };
}

/**
 * Verifies every wallet behind the owner `from` (undefined: every wallet), and yields those that were verified side by side: the last of
 * them is where another run would go on.
 */
export async function* verifyFrom(
  ports: Ports,
  from: string | undefined,
  options: VerificationOptions = {},
): AsyncGenerator<readonly VerifiedWallet[]> {
  let after = from;
  for (;;) {
    const owners = await nextOwners(ports.table, after, WIDTH);
    if (owners.length === 0) return;
    yield await inParallel(owners, WIDTH, (owner) => verifyOwner(ports, owner, options));
    after = owners.at(-1);
  }
}
