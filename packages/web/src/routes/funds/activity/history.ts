import type { Client } from "@aira/contract/client";
import type { TransactionView } from "../../../api/shapes.ts";
import type { Currency } from "../../../money/currency.ts";

const PAGE = 100;
const MOST_PAGES = 10;

export interface History {
  /** Oldest first. */
  readonly transactions: readonly TransactionView[];
  /** When the beginning did not fit. */
  readonly cutAt: string | undefined;
}

/** Every entry since a time, as far as a chart can hold. */
export async function loadHistory(api: Client, from: string, signal: AbortSignal): Promise<History> {
  const newestFirst: TransactionView[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const query = { from, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page = await api.listTransactions({ query }, { signal });
    newestFirst.push(...page.transactions);
    if (page.nextCursor === null) return { transactions: newestFirst.toReversed(), cutAt: undefined };
    cursor = page.nextCursor;
  }
  return { transactions: newestFirst.toReversed(), cutAt: newestFirst.at(-1)?.at };
}

export interface Point {
  /** Midnight of a day of this device, epoch milliseconds. */
  readonly day: number;
  readonly availableMinor: number;
}

const DAY_MS = 86_400_000;
const midnight = (at: Date): Date => new Date(at.getFullYear(), at.getMonth(), at.getDate());

/** The available balance at the end of each day, up to the balance of now. Before the first entry it is what that entry found. */
export function dailyBalances(
  history: readonly TransactionView[],
  currency: Currency,
  fromMs: number,
  nowMs: number,
  nowMinor: number,
): Point[] {
  const changes = history
    .filter((transaction) => transaction.currency === currency)
    .map(({ at, amountMinor, balanceAfter }) => ({
      day: midnight(new Date(at)).getTime(),
      amountMinor,
      afterMinor: balanceAfter.find((balance) => balance.currency === currency)?.availableMinor ?? 0,
    }));
  const [first] = changes;
  let availableMinor = first ? first.afterMinor - first.amountMinor : nowMinor;
  const points: Point[] = [];
  let next = 0;
  const last = midnight(new Date(nowMs)).getTime();
  // Half a day on, since the clock's change makes some days longer than others.
  for (let day = midnight(new Date(fromMs)).getTime(); day <= last; day = midnight(new Date(day + 1.5 * DAY_MS)).getTime()) {
    for (let change = changes[next]; change && change.day <= day; change = changes[++next]) availableMinor = change.afterMinor;
    points.push({ day, availableMinor: day === last ? nowMinor : availableMinor });
  }
  return points;
}

/** What counts as spent. Money that went back to a card was not spent here. */
const SPEND_KINDS = ["usage", "capture", "debit", "adjustment"] as const;
export type SpendKind = (typeof SPEND_KINDS)[number];

/** What the wallet as a whole lost to each kind, the most first. */
export function spendByKind(history: readonly TransactionView[], currency: Currency): { kind: SpendKind; spentMinor: number }[] {
  return SPEND_KINDS.map((kind) => ({
    kind,
    spentMinor: history
      .filter((transaction) => transaction.kind === kind && transaction.currency === currency)
      .reduce((sum, { amountMinor, heldMinor }) => sum + Math.max(0, -(amountMinor + heldMinor)), 0),
  }))
    .filter(({ spentMinor }) => spentMinor > 0)
    .sort((a, b) => b.spentMinor - a.spentMinor);
}
