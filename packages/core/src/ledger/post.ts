import { AiraError, invariant } from "../lib/index.ts";
import type { Item, Write } from "../table/index.ts";
import type { Entry } from "./entry.ts";
import type { Guard, Mark } from "./guard.ts";
import { entryKeyOf, entryWrite, loadWallet, parseWallet, walletWrite } from "./ledger.store.ts";
import type { LedgerPorts } from "./ports.ts";
import { type Decision, decide, type Movement, type Refusal, type Wallet } from "./wallet.ts";

/** A movement with the guard that makes it happen once. */
export interface Operation {
  readonly movement: Movement;
  readonly guard: Guard;
}

/** What became of one operation. Only the first two mean that the money has moved. */
export type Posted =
  | { readonly outcome: "posted"; readonly entryKey: string; readonly entry: Entry; readonly wallet: Wallet }
  /** It had been done before, on the same terms, by this entry. */
  | { readonly outcome: "already"; readonly entryKey: string }
  /** The guard stands against it; `found` is what it looks like now (undefined: there is no such item). */
  | { readonly outcome: "guarded"; readonly found: Item | undefined }
  | { readonly outcome: "declined"; readonly refusal: Refusal }
  /** Others were faster, again and again. Nothing was posted. */
  | { readonly outcome: "busy" }
  /** It may have been posted. Ask again with the same guard. */
  | { readonly outcome: "unknown" };

/** A transaction has at most 100 items: the wallet, and an entry and a guard for each operation. */
export const MAX_OPERATIONS = 49;

/**
 * How often one group is tried before it is `busy`. Each loss means that somebody else's post went through, so a crowd of
 * n on one wallet needs up to n tries.
 */
const MAX_TRIES = 150;

/**
 * Posts one operation: two round trips, six write units, half a read unit when nobody is in the way. `from` is the wallet as it was just
 * before, which saves the read: it is good enough to try, like any read that is not consistent.
 */
export async function post(ports: LedgerPorts, owner: string, operation: Operation, from?: Wallet): Promise<Posted> {
  const [posted] = await postAll(ports, owner, [operation], from);
  invariant(posted, "every operation has a result");
  return posted;
}

/** Posts what was probably posted before: one read when it was, else one more than `post`. */
export async function postAgain(ports: LedgerPorts, owner: string, operation: Operation): Promise<Posted> {
  const found = await ports.table.get(operation.guard.key, { consistent: true });
  const verdict = found && operation.guard.judge(found);
  return verdict?.done ? { outcome: "already", entryKey: verdict.entryKey } : post(ports, owner, operation);
}

/**
 * Posts operations of one wallet, in as few transactions as they fit, with a result for each, by position. A transaction may
 * touch an item once, so operations that share a guard go in different rounds: the later one then finds the earlier's mark.
 */
export async function postAll(ports: LedgerPorts, owner: string, operations: readonly Operation[], from?: Wallet): Promise<Posted[]> {
  const results: Posted[] = [];
  let waiting = operations.map((operation, at) => ({ operation, at }));
  while (waiting.length > 0) {
    const round = new Map<string, (typeof waiting)[number]>();
    const later: typeof waiting = [];
    for (const one of waiting) {
      const { pk, sk } = one.operation.guard.key;
      const name = JSON.stringify([pk, sk]);
      if (round.size < MAX_OPERATIONS && !round.has(name)) round.set(name, one);
      else later.push(one);
    }
    const group = new Group(ports, owner, [...round.values()], from);
    for (const [at, posted] of await group.run()) results[at] = posted;
    waiting = later;
  }
  return results;
}

interface Pending {
  readonly operation: Operation;
  readonly at: number;
}

interface Planned extends Pending {
  readonly entry: Entry;
  /** The wallet once it is posted. */
  readonly wallet: Wallet;
}

/** One round: operations of one wallet with distinct guards, at most 49. */
class Group {
  readonly #ports: LedgerPorts;
  readonly #owner: string;
  readonly #results = new Map<number, Posted>();
  readonly #from: Wallet | undefined;
  #pending: readonly Pending[];
  /** An earlier try of ours that may still be carried out, by the `seq` it was conditional on. */
  #inDoubt: number | undefined;
  /** The guards as of the last consistent read, by position. */
  readonly #found = new Map<number, Item | undefined>();

  constructor(ports: LedgerPorts, owner: string, pending: readonly Pending[], from: Wallet | undefined) {
    this.#ports = ports;
    this.#owner = owner;
    this.#pending = pending;
    this.#from = from;
  }

  async run(): Promise<Map<number, Posted>> {
    try {
      await this.#tryUntilDone();
    } catch (error) {
      // A read that failed after a try of ours went unanswered must not hide that the try may have gone through.
      if (!(error instanceof AiraError && error.retry && this.#inDoubt !== undefined)) throw error;
    }
    for (const { at } of this.#pending) this.#results.set(at, { outcome: this.#inDoubt === undefined ? "busy" : "unknown" });
    return this.#results;
  }

  async #tryUntilDone(): Promise<void> {
    const { table } = this.#ports;
    // Eventually consistent: good enough to try, since the transaction is conditional on `seq`; never good enough to refuse.
    let wallet = this.#from ?? (await loadWallet(table, this.#owner));
    let confirmed: Wallet | undefined;

    for (let tries = 0; tries < MAX_TRIES && this.#pending.length > 0; tries++) {
      const waited = await this.#backOff(tries);
      if (waited && wallet !== confirmed) wallet = newer(wallet, await loadWallet(table, this.#owner));
      const { accepted, declined, after } = this.#plan(wallet);
      if (accepted.length === 0) {
        if (confirmed === wallet) {
          for (const { at, refusal } of declined)
            this.#finish(
              at,
              refusal.code === "nothing_held" ? { outcome: "guarded", found: this.#found.get(at) } : { outcome: "declined", refusal },
            );
          return;
        }
        wallet = confirmed = await this.#confirm();
        continue;
      }

      const result = await table.transact(this.#writes(wallet, after, accepted));
      switch (result.outcome) {
        case "committed":
          for (const { at, entry, wallet: left } of accepted)
            this.#finish(at, { outcome: "posted", entryKey: entryKeyOf(entry), entry, wallet: left });
          // Whatever was in doubt was conditional on a seq that has now passed.
          this.#inDoubt = undefined;
          wallet = after;
          break;
        case "refused": {
          const { found } = result;
          for (const [n, { operation, at }] of accepted.entries()) {
            const place = 1 + accepted.length + n;
            if (found.has(place)) this.#finish(at, judged(operation.guard, found.get(place)));
          }
          if (found.has(0)) {
            // Decided again from what the wallet was at that moment, without another read.
            wallet = newer(wallet, parseWallet(this.#owner, found.get(0)));
            if (this.#inDoubt !== undefined && wallet.seq > this.#inDoubt) wallet = await this.#confirm();
          } else
            invariant(
              [...found.keys()].every((place) => place > accepted.length),
              "an entry exists beyond the wallet's seq",
            );
          break;
        }
        case "contended":
          break;
        case "unknown":
          this.#inDoubt = wallet.seq;
          wallet = confirmed = await this.#confirm();
          break;
        default:
          result satisfies never;
      }
    }
  }

  /** Decides every pending operation, each on top of those before it. */
  #plan(wallet: Wallet) {
    const now = this.#ports.clock();
    const accepted: Planned[] = [];
    const declined: { at: number; refusal: (Decision & { accepted: false })["refusal"] }[] = [];
    let after = wallet;
    for (const { operation, at } of this.#pending) {
      const decision = decide(after, operation.movement, now);
      if (decision.accepted) {
        accepted.push({ operation, at, entry: decision.entry, wallet: decision.wallet });
        after = decision.wallet;
      } else declined.push({ at, refusal: decision.refusal });
    }
    return { accepted, declined, after };
  }

  /** One transaction: the wallet, the entries, the guards. */
  #writes(from: Wallet, to: Wallet, accepted: readonly Planned[]): Write[] {
    return [
      walletWrite(from, to),
      ...accepted.map(({ entry }) => entryWrite(entry)),
      ...accepted.map(({ operation, entry }) => {
        const mark: Mark = { entryKey: entryKeyOf(entry), fingerprint: operation.guard.fingerprint, at: entry.at };
        return operation.guard.write(mark);
      }),
    ];
  }

  /**
   * Consistent reads of the wallet and then of every pending guard, in this order: an operation whose guard is absent after
   * the wallet was read is not in that wallet. Otherwise the retry of a debit that committed would read an empty wallet and
   * call itself refused.
   */
  async #confirm(): Promise<Wallet> {
    const { table } = this.#ports;
    const wallet = await loadWallet(table, this.#owner, { consistent: true });
    const items = await Promise.all(this.#pending.map(({ operation }) => table.get(operation.guard.key, { consistent: true })));
    for (const [n, { operation, at }] of [...this.#pending.entries()]) {
      const found = items[n];
      this.#found.set(at, found);
      const verdict = found && operation.guard.judge(found);
      if (verdict?.done) this.#finish(at, { outcome: "already", entryKey: verdict.entryKey });
    }
    // A try that was conditional on an older seq can never be carried out any more.
    if (this.#inDoubt !== undefined && wallet.seq > this.#inDoubt) this.#inDoubt = undefined;
    return wallet;
  }

  #finish(at: number, posted: Posted): void {
    this.#results.set(at, posted);
    this.#pending = this.#pending.filter((pending) => pending.at !== at);
  }

  /**
   * Full jitter, so that a crowd spreads out instead of meeting again. Whoever has waited reads the wallet again: with what it looked like before
   * the wait, it would lose to every newcomer. (A batch once lost 150 times in 20 seconds on a busy machine, while others got through at once.)
   */
  async #backOff(tries: number): Promise<boolean> {
    if (tries < 2) return false;
    await this.#ports.wait(this.#ports.random() * Math.min(5 * 2 ** (tries - 1), 100));
    return true;
  }
}

/** An eventually consistent read may be of before. */
const newer = (known: Wallet, seen: Wallet): Wallet => (seen.seq > known.seq ? seen : known);

function judged(guard: Guard, found: Item | undefined): Posted {
  const verdict = found && guard.judge(found);
  return verdict?.done ? { outcome: "already", entryKey: verdict.entryKey } : { outcome: "guarded", found };
}
