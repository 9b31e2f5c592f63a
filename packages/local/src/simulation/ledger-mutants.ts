// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are source code, with its templates.

import type { Mutant } from "./mutant.ts";

const ADJUSTMENT = "ledger/adjustment.ts";
const ENTRY = "ledger/entry.ts";
const GUARD = "ledger/guard.ts";
const HOLD = "ledger/hold.ts";
const HOLD_STORE = "ledger/hold.store.ts";
const LEDGER_STORE = "ledger/ledger.store.ts";
const POST = "ledger/post.ts";
const VERIFY = "ledger/verify.ts";
const WALLET = "ledger/wallet.ts";

const UNANSWERED = `          this.#inDoubt = wallet.seq;
          wallet = confirmed = await this.#confirm();
          break;
        default:`;

const CONTENDED = `        case "contended":
          break;`;

/** The ledger. */
export const ledgerMutants: readonly Mutant[] = [
  // The wallet.
  {
    rule: "a wallet is written only if its seq still stands",
    file: LEDGER_STORE,
    find: "    if: { equals: { seq: from.seq === 0 ? undefined : from.seq } },\n",
    replace: "",
  },
  {
    rule: "a wallet is updated field by field, never put",
    file: LEDGER_STORE,
    find: "    update: keys.wallet(from.owner),\n    set: {",
    replace: "    put: {\n      ...keys.wallet(from.owner),\n      gsi2pk: lists.wallets(shardOf(from.owner)),\n      gsi2sk: from.owner,",
  },
  {
    rule: "the first post puts the wallet on the list of wallets",
    file: LEDGER_STORE,
    find: "      ...(from.seq === 0 ? { gsi2pk: lists.wallets(shardOf(from.owner)), gsi2sk: from.owner } : {}),\n",
    replace: "",
  },
  {
    rule: "a wallet's item may stand before its first entry",
    file: LEDGER_STORE,
    find: "if: { equals: { seq: from.seq === 0 ? undefined : from.seq } },",
    replace: "if: from.seq === 0 ? { absent: true } : { equals: { seq: from.seq } },",
  },
  {
    rule: "a debit or authorization never drives available below zero",
    file: WALLET,
    find: `  return after < 0 ? { code: "wallet.insufficient_funds", missingMinor: -after } : undefined;`,
    replace: "  return undefined;",
  },
  {
    rule: "held money can't be spent",
    file: WALLET,
    find: "const after = balanceOf(wallet.balances, movement.currency).availableMinor + movement.amountMinor;",
    replace:
      "const { availableMinor, heldMinor } = balanceOf(wallet.balances, movement.currency);\n  const after = availableMinor + heldMinor + movement.amountMinor;",
  },
  {
    rule: "the last unit may be spent",
    scenario: "the last unit may be spent, and not one more",
    file: WALLET,
    find: "return after < 0 ?",
    replace: "return after <= 0 ?",
  },
  {
    rule: "a restricted wallet can receive, not spend",
    file: WALLET,
    find: `  if (isRestricted(wallet)) return { code: "wallet.restricted" };\n`,
    replace: "",
  },
  {
    rule: "any currency below zero restricts the whole wallet",
    file: WALLET,
    find: "if (isRestricted(wallet)) return",
    replace: "if (balanceOf(wallet.balances, movement.currency).availableMinor < 0) return",
  },
  {
    rule: "a frozen wallet spends nothing",
    file: WALLET,
    find: `  if (wallet.frozen) return { code: "wallet.frozen" };\n`,
    replace: "",
  },
  {
    rule: "a freeze lasts until it is ended",
    file: WALLET,
    find: `entry.kind === "freeze" || (entry.kind !== "unfreeze" && wallet.frozen)`,
    replace: `entry.kind === "freeze"`,
  },
  {
    rule: "a freeze is an entry, so that it moves seq",
    file: ADJUSTMENT,
    find: `  return act(ports, "freeze", action, firstCurrency(), 0);`,
    replace: `  return ports.table
    .write({ update: keys.wallet(action.owner), set: { frozen: true } })
    .then(() => ({ entryKey: "", repeated: false }));`,
  },
  ...(["usage", "clawback", "adjustment", "capture"] as const).map((kind) => ({
    rule: `a fact always posts: ${kind}`,
    file: WALLET,
    find: `kind === "debit" || kind === "authorization"`,
    replace: `kind === "debit" || kind === "authorization" || kind === "${kind}"`,
  })),
  {
    rule: "authorizations are permissions too",
    file: WALLET,
    find: `kind === "debit" || kind === "authorization"`,
    replace: `kind === "debit"`,
  },

  // Entries.
  {
    rule: "an entry's time is never before the one before it",
    file: WALLET,
    find: "at: now > wallet.lastAt ? now : wallet.lastAt,",
    replace: "at: now,",
  },
  { rule: "every entry chains to the one before it", file: WALLET, find: "prevHash: wallet.head,", replace: "prevHash: GENESIS," },
  {
    rule: "an entry has the balances of every currency",
    file: WALLET,
    find: "balances: { ...wallet.balances, [movement.currency]: after },",
    replace: "balances: { [movement.currency]: after },",
  },
  ...(["owner", "at", "kind", "currency", "amountMinor", "heldMinor", "reference.id", "description", "actor", "prevHash"] as const).map(
    (field) => ({ rule: `the hash covers ${field}`, file: ENTRY, find: `      entry.${field},\n`, replace: "" }),
  ),
  { rule: "the hash covers the balances", file: ENTRY, find: "      balances,\n", replace: "" },

  // Refusing, and what happens when there is no answer.
  {
    rule: "an eventually consistent read never refuses",
    file: POST,
    find: "        if (confirmed === wallet) {",
    replace: "        if (declined.length > 0) {",
  },
  {
    rule: "the guard is read before an operation is refused",
    file: POST,
    find: "const items = await Promise.all(this.#pending.map(({ operation }) => table.get(operation.guard.key, { consistent: true })));",
    replace: "const items: (Item | undefined)[] = [];",
  },
  {
    rule: "the guard is read consistently before an operation is refused",
    scenario: "a debit whose commit was not answered is not refused when the wallet is empty then",
    file: POST,
    find: "=> table.get(operation.guard.key, { consistent: true })",
    replace: "=> table.get(operation.guard.key)",
  },
  {
    rule: "the wallet is read consistently before an operation is refused",
    file: POST,
    find: "const wallet = await loadWallet(table, this.#owner, { consistent: true });",
    replace: "const wallet = await loadWallet(table, this.#owner);",
  },
  {
    rule: "the guard is read after the wallet",
    scenario: "of two attempts at one debit neither is refused for what the other took",
    file: POST,
    find: `    const wallet = await loadWallet(table, this.#owner, { consistent: true });
    const items = await Promise.all(this.#pending.map(({ operation }) => table.get(operation.guard.key, { consistent: true })));`,
    replace: `    const items = await Promise.all(this.#pending.map(({ operation }) => table.get(operation.guard.key, { consistent: true })));
    const wallet = await loadWallet(table, this.#owner, { consistent: true });`,
  },
  {
    rule: "an unanswered transaction is not taken for committed",
    file: POST,
    find: UNANSWERED,
    replace: `          for (const { at, entry } of accepted) this.#finish(at, { outcome: "posted", entryKey: entryKeyOf(entry), entry });
          break;
        default:`,
  },
  {
    rule: "an unanswered transaction is not taken for refused",
    file: POST,
    find: UNANSWERED,
    replace: `          for (const { at } of accepted) this.#finish(at, { outcome: "busy" });
          break;
        default:`,
  },
  {
    rule: "contention is not taken for declined",
    file: POST,
    find: CONTENDED,
    replace: `        case "contended":
          for (const { at } of accepted)
            this.#finish(at, { outcome: "declined", refusal: { code: "wallet.insufficient_funds", missingMinor: 0 } });
          break;`,
  },
  {
    rule: "contention is not taken for done",
    file: POST,
    find: CONTENDED,
    replace: `        case "contended":
          for (const { at, entry } of accepted) this.#finish(at, { outcome: "already", entryKey: entryKeyOf(entry) });
          break;`,
  },
  {
    rule: "a moved seq is decided again from what the wallet is now",
    scenario: "a crowd on one wallet gets through",
    file: POST,
    find: "seen.seq > known.seq ? seen : known",
    replace: "known",
  },
  {
    rule: "retries come to an end",
    scenario: "a wallet that stays contended is busy, and nothing was posted",
    file: POST,
    find: "tries < MAX_TRIES && this.#pending.length > 0",
    replace: "this.#pending.length > 0",
  },
  {
    rule: "retries used up are busy, never declined",
    file: POST,
    find: `{ outcome: this.#inDoubt === undefined ? "busy" : "unknown" }`,
    replace: `{ outcome: "declined", refusal: { code: "wallet.insufficient_funds", missingMinor: 0 } }`,
  },
  {
    rule: "retries used up while a try is in doubt are unknown, not busy",
    file: POST,
    find: `{ outcome: this.#inDoubt === undefined ? "busy" : "unknown" }`,
    replace: `{ outcome: "busy" }`,
  },
  {
    rule: "a failed read doesn't hide that a try may have gone through",
    scenario: "a try that may still arrive makes the outcome unknown, whatever fails behind it",
    file: POST,
    find: "      if (!(error instanceof AiraError && error.retry && this.#inDoubt !== undefined)) throw error;",
    replace: "      throw error;",
  },

  // Guards.
  {
    rule: "done means on the same terms: fingerprints are compared",
    file: GUARD,
    find: "return mark && mark.fingerprint === fingerprint ?",
    replace: "return mark ?",
  },
  ...["kind", "owner", "currency", "amountMinor"].map((field) => ({
    rule: `a fingerprint covers the ${field}`,
    file: GUARD,
    find: "[terms.kind, terms.id, terms.owner, terms.currency, terms.amountMinor]",
    replace: `[${["kind", "id", "owner", "currency", "amountMinor"]
      .filter((name) => name !== field)
      .map((name) => `terms.${name}`)
      .join(", ")}]`,
    scenario: "an id on other terms is a conflict",
  })),
  {
    rule: "a guard is conditional, so that its operation happens once",
    file: GUARD,
    find: "write: (mark) => ({ put: { ...fields, ...key, posted: mark }, if: { absent: true } }),",
    replace: "write: (mark) => ({ put: { ...fields, ...key, posted: mark } }),",
  },

  // Batches.
  {
    rule: "operations with one guard go in different rounds",
    scenario: "one event that comes 20 times in one batch, beside fresh ones, credits once",
    file: POST,
    find: "if (round.size < MAX_OPERATIONS && !round.has(name)) round.set(name, one);",
    replace: "if (round.size < MAX_OPERATIONS) round.set(`${name}${one.at}`, one);",
  },
  {
    rule: "a transaction has at most 49 posts",
    scenario: "60 credits of one wallet in one batch are credited, each once",
    file: POST,
    find: "MAX_OPERATIONS = 49;",
    replace: "MAX_OPERATIONS = 50;",
  },
  {
    rule: "only the guard that failed falls out of a batch",
    file: POST,
    find: "if (found.has(place)) this.#finish(at, judged(operation.guard, found.get(place)));",
    replace: "this.#finish(at, judged(operation.guard, found.get(place)));",
  },
  {
    rule: "each operation of a batch is decided on top of those before it",
    scenario: "60 credits of one wallet in one batch are credited, each once",
    file: POST,
    find: "        after = decision.wallet;\n",
    replace: "",
  },
  {
    rule: "the rest of a batch is decided again after a guard fell out",
    file: POST,
    find: "          break;\n        }\n        case",
    replace: `          for (const { at } of this.#pending) this.#finish(at, { outcome: "busy" });
          break;
        }
        case`,
  },

  // Holds.
  {
    rule: "what is not captured returns",
    scenario: "what is not captured returns, and a hold is closed once",
    file: HOLD,
    find: "    amountMinor: amountMinor - captureMinor,\n",
    replace: "    amountMinor: 0,\n",
  },
  {
    rule: "a partial capture closes the whole hold",
    scenario: "what is not captured returns, and a hold is closed once",
    file: HOLD,
    find: "    amountMinor: amountMinor - captureMinor,\n    heldMinor: -amountMinor,",
    replace: "    amountMinor: 0,\n    heldMinor: -captureMinor,",
  },
  {
    rule: "a capture takes at most what is held",
    scenario: "what is not captured returns, and a hold is closed once",
    file: HOLD,
    find: " || captureMinor > hold.amountMinor)",
    replace: ")",
  },
  {
    rule: "only an open hold is captured",
    scenario: "what is not captured returns, and a hold is closed once",
    file: HOLD_STORE,
    find: `{ capturedMinor }, standsAs(hold, "open"));`,
    replace: "{ capturedMinor }, { equals: { currency: hold.currency, amountMinor: hold.amountMinor } });",
  },
  {
    rule: "only an open hold is released",
    scenario: "what is not captured returns, and a hold is closed once",
    file: HOLD_STORE,
    find: "dueMs === undefined ? open :",
    replace: "dueMs === undefined ? { equals: { currency: hold.currency, amountMinor: hold.amountMinor } } :",
  },
  {
    rule: "the hold's state decides its expiry, not the clock",
    scenario: "a hold that is closed does not expire, and one without expiry never does",
    file: HOLD_STORE,
    find: "{ all: [open, { below: { expiresAtMs: dueMs + 1 } }] }",
    replace: "{ below: { expiresAtMs: dueMs + 1 } }",
  },
  {
    rule: "a capture after expiry is charged as finished usage",
    scenario: "a capture after expiry is charged as finished usage, once",
    file: HOLD,
    find: "if (!expired(captured)) return receiptOf(captured);",
    replace: "if (captured) return receiptOf(captured);",
  },
  {
    rule: "a capture after expiry is charged once",
    scenario: "of two late captures of one hold one is charged",
    file: HOLD_STORE,
    find: `      if: standsAs(hold, "expired"),`,
    replace: "      if: { equals: { currency: hold.currency, amountMinor: hold.amountMinor } },",
  },
  {
    rule: "a late capture asked for again is the same one",
    scenario: "a capture after expiry is charged as finished usage, once",
    file: HOLD_STORE,
    find: "return verdict.done ? verdict : late.judge(found);",
    replace: "return verdict;",
  },
  {
    rule: "a hold without expiry never expires",
    file: HOLD,
    find: `holdGuard(hold, fingerprint("authorization", hold), hold.expiresAtMs);`,
    replace: `holdGuard(hold, fingerprint("authorization", hold), hold.expiresAtMs ?? ports.clock() + 60_000);`,
  },
  {
    rule: "a hold with expiry is given back when its time has passed",
    scenario: "a capture after expiry is charged as finished usage, once",
    file: HOLD_STORE,
    find: "{ expiresAtMs, gsi2pk: lists.holds(shardOf(hold.holdId)), gsi2sk: `${iso(expiresAtMs)}#${hold.holdId}` };",
    replace: "{ expiresAtMs };",
  },
  {
    rule: "the terms of a hold are compared when it is closed",
    scenario: "what is not captured returns, and a hold is closed once",
    file: HOLD_STORE,
    find: "  equals: { state, currency: hold.currency, amountMinor: hold.amountMinor },",
    replace: "  equals: { state },",
  },

  // Verifying.
  {
    rule: "the verifier reads entries up to the wallet's seq only",
    scenario: "the verifier raises no false alarm while writes go on",
    file: VERIFY,
    find: "      if (entry.seq > wallet.seq) break pages;\n",
    replace: "",
  },
  {
    rule: "the verifier looks at holds as of the wallet's seq: opened since",
    scenario: "the verifier raises no false alarm while writes go on",
    file: VERIFY,
    find: "    if (seqOfEntryKey(hold.authorized.entryKey) > seq) continue;\n",
    replace: "",
  },
  {
    rule: "the verifier looks at holds as of the wallet's seq: closed since",
    scenario: "the verifier raises no false alarm while writes go on",
    file: VERIFY,
    find: "const openThen = hold.closed === undefined || seqOfEntryKey(hold.closed.entryKey) > seq;",
    replace: "const openThen = hold.closed === undefined;",
  },
  {
    rule: "the verifier reads entries consistently",
    scenario: "the verifier raises no false alarm over stale reads",
    file: VERIFY,
    find: "limit: PAGE, consistent: true });",
    replace: "limit: PAGE });",
  },
  {
    rule: "the verifier compares balances",
    scenario: "the verifier finds an entry that was changed, also by someone who can compute hashes",
    file: VERIFY,
    find: `    must(sameBalances(entry.balances, sum), "the balances after it are those before it plus its amounts");\n`,
    replace: "",
  },
  {
    rule: "the verifier compares hashes",
    scenario: "the verifier finds an entry that was changed, also by someone who can compute hashes",
    file: VERIFY,
    find: `    must(entry.hash === hashOf(entry), "the hash matches the entry's fields");\n`,
    replace: "",
  },
];
