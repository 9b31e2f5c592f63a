import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { type Anchor, anchorLine, ownerHashOf, readAnchors, type VerifiedWallet, verifyEvery, verifyOwner } from "@aira/core/audit";
import { loadWallet } from "@aira/core/ledger";
import { StartFailure } from "../start-failure.ts";
import { counted } from "./money.ts";
import { type OpenTable, openTable, TABLE_HELP, TABLE_OPTIONS } from "./open-table.ts";
import { EXIT, readArguments, runTool, type Surroundings, type Tool } from "./tool.ts";

const HELP = `npm run verify-ledger [-- options]

Checks every rule of the ledger, wallet by wallet: what is new since the wallet's checkpoint, and once a week all of it.
Interrupt it at any time: it changes no balance and no entry, and only keeps how far each wallet is verified.

${TABLE_HELP}
  --owner X      this wallet only
  --full         every entry from the first one on, whatever the checkpoints say
  --anchors F    a file of heads outside the table: each wallet must lead through its newest one there, and what was verified
                 is added to it. Lines of the function's log will do as well
  --read-only    keep no checkpoints: needs no more than the right to read
  --json         the result as JSON
  --help         this text

Exit code: 0 all is well, 1 violations were found, 2 it could not run, 130 it was interrupted.`;

interface Finding {
  /** Undefined: the wallet is gone, and its anchor knows the owner by hash only. */
  readonly owner: string | undefined;
  readonly ownerHash: string;
  readonly seq: number;
  readonly broken: string;
}

interface Summary {
  wallets: number;
  full: number;
  entries: number;
  readonly violations: Finding[];
  complete: boolean;
}

/** The command `npm run verify-ledger`. */
export const verifyLedgerTool: Tool = async (args, surroundings) => {
  const { values } = readArguments("verify-ledger", args, {
    ...TABLE_OPTIONS,
    owner: { type: "string" },
    full: { type: "boolean" },
    anchors: { type: "string" },
    "read-only": { type: "boolean" },
    json: { type: "boolean" },
  });
  const { out, note, progress, interrupted } = surroundings;
  if (values.help) {
    out(HELP);
    return EXIT.ok;
  }
  const anchors = values.anchors === undefined ? undefined : openAnchors(values.anchors);
  await using target = await openTable(values, surroundings);
  note(`Table: ${target.where}`);

  const summary: Summary = { wallets: 0, full: 0, entries: 0, violations: [], complete: true };
  const find = (finding: Finding) => {
    summary.violations.push(finding);
    if (!values.json) out(sentenceOf(finding));
  };
  for (const { ownerHash, seq } of anchors?.contradictions ?? [])
    find({ owner: undefined, ownerHash, seq, broken: "the anchors name one head for it" });
  for await (const wallet of walletsOf(target, values.owner, {
    full: values.full ?? false,
    readOnly: values["read-only"] ?? false,
    anchors: anchors?.newest ?? new Map(),
  })) {
    summary.wallets++;
    summary.full += wallet.full ? 1 : 0;
    summary.entries += wallet.entries;
    for (const violation of wallet.violations) find({ owner: wallet.owner, ownerHash: wallet.ownerHash, ...violation });
    anchors?.verified(wallet.ownerHash, wallet.anchor);
    progress(`${counted(summary.wallets, "wallet")}, ${counted(summary.entries, "entry", "entries")} …`);
    if (interrupted.aborted) {
      summary.complete = false;
      break;
    }
  }
  if (values.owner === undefined && summary.complete)
    for (const { ownerHash, seq } of anchors?.missing() ?? [])
      find({ owner: undefined, ownerHash, seq, broken: "the anchored wallet is still there" });
  report(summary, values.json ?? false, target, anchors, surroundings);
  if (summary.violations.length > 0) return EXIT.found;
  return summary.complete ? EXIT.ok : EXIT.interrupted;
};

async function* walletsOf(
  target: OpenTable,
  owner: string | undefined,
  options: Parameters<typeof verifyEvery>[1],
): AsyncGenerator<VerifiedWallet> {
  if (owner === undefined) {
    yield* verifyEvery(target, options);
    return;
  }
  const { seq } = await loadWallet(target.table, owner, { consistent: true });
  // A wallet that is gone while its anchor is there is a finding, not a mistyped name.
  if (seq === 0 && !options?.anchors?.has(ownerHashOf(owner))) throw new StartFailure(`There is no wallet of ${owner} in ${target.where}`);
  yield await verifyOwner(target, owner, options);
}

/** The heads in a file. New ones are added as they are verified, so that an interruption loses none. */
function openAnchors(file: string) {
  const { newest, contradictions } = readAnchors(existsSync(file) ? readFileSync(file, "utf8") : "");
  const seen = new Set<string>();
  let added = 0;
  return {
    file,
    newest,
    contradictions,
    verified(ownerHash: string, anchor: Anchor | undefined) {
      seen.add(ownerHash);
      if (!anchor || (newest.get(ownerHash)?.seq ?? 0) >= anchor.seq) return;
      appendFileSync(file, `${anchorLine(anchor)}\n`);
      added++;
    },
    missing: (): Anchor[] => [...newest.values()].filter(({ ownerHash }) => !seen.has(ownerHash)),
    counts: () => ({ checked: [...newest.keys()].filter((ownerHash) => seen.has(ownerHash)).length, added }),
  };
}

const sentenceOf = ({ owner, ownerHash, seq, broken }: Finding): string =>
  `VIOLATION  ${owner === undefined ? `wallet with the owner hash ${ownerHash}` : `wallet of ${owner}`}, ${seq === 0 ? "as a whole" : `entry ${seq}`}: it does not hold that ${broken}`;

function report(
  { wallets, full, entries, violations, complete }: Summary,
  json: boolean,
  target: OpenTable,
  anchors: ReturnType<typeof openAnchors> | undefined,
  { out }: Surroundings,
): void {
  const counts = anchors?.counts();
  if (json) {
    out(
      JSON.stringify(
        { table: target.where, wallets, full, entries, violations, complete, ...(counts ? { anchors: counts } : {}) },
        null,
        2,
      ),
    );
    return;
  }
  const extent = complete ? "" : "Interrupted. ";
  out(
    `${extent}Verified ${counted(wallets, "wallet")} (${full.toLocaleString("en-US")} from the first entry on), ${counted(entries, "entry", "entries")} read.`,
  );
  if (anchors && counts)
    out(`Anchors in ${anchors.file}: ${counted(counts.checked, "wallet")} checked against them, ${counts.added} added.`);
  const broken = new Set(violations.map(({ ownerHash }) => ownerHash)).size;
  out(violations.length === 0 ? "No violation." : `${counted(violations.length, "violation")} in ${counted(broken, "wallet")}.`);
}

if (import.meta.main) await runTool(verifyLedgerTool);
