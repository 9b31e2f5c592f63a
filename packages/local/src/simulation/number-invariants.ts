import { checkWallet, type EntryItem, promise, type WalletItems, walletsOf } from "./invariants.ts";
import type { LoggedOrder } from "./number-provider.ts";
import { DAY, HOUR, MINUTE, type NumberWorld, STAGE, type Transition } from "./number-world.ts";

/** A number's item as it lies in the table. */
export interface NumberItem {
  readonly pk: string;
  readonly numberId: string;
  readonly purchaseId: string;
  readonly owner: string;
  readonly state: string;
  readonly attempt: string;
  readonly sid: string | undefined;
  readonly currency: string;
  readonly setUpMinor: number;
  readonly monthlyMinor: number;
  readonly periods: number;
  readonly unpaidSince: string | undefined;
  readonly suspendedAt: string | undefined;
  readonly availableFrom: string | undefined;
  readonly createdAt: string;
  readonly gsi2pk: string | undefined;
  readonly gsi2sk: string | undefined;
}

export const phoneNumberOf = ({ pk }: NumberItem): string => pk.slice("NUMBER#".length);

export const numbersOf = ({ memory }: NumberWorld): NumberItem[] =>
  memory.items().filter(({ sk }) => sk === "NUMBER") as unknown as NumberItem[];

const itemOf = (found: Transition["before"]): NumberItem | undefined => found as NumberItem | undefined;

/** Machines' clocks differ by less. */
const SKEW = 2 * MINUTE;

/** What the books say of one purchase. */
interface Book {
  readonly owners: ReadonlySet<string>;
  readonly of: (kind: string) => readonly EntryItem[];
}

function booksOf(wallets: readonly WalletItems[]): Map<string, Book> {
  const entries = wallets.flatMap((wallet) => wallet.entries.filter(({ refType }) => refType === "purchase"));
  return new Map(
    [...Map.groupBy(entries, ({ refId }) => refId)].map(([purchaseId, all]) => [
      purchaseId,
      { owners: new Set(all.map(({ owner }) => owner)), of: (kind) => all.filter((entry) => entry.kind === kind) },
    ]),
  );
}

/** The last day of a month that is too short, written down a second time on purpose. */
export function monthAfter(anchor: string, months: number): number {
  const wanted = new Date(anchor);
  const day = wanted.getUTCDate();
  wanted.setUTCDate(1);
  wanted.setUTCMonth(wanted.getUTCMonth() + months);
  const next = new Date(wanted);
  next.setUTCMonth(next.getUTCMonth() + 1);
  const days = Math.round((next.getTime() - wanted.getTime()) / DAY);
  return wanted.getTime() + (Math.min(day, days) - 1) * DAY;
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** What the statement says of the month that begins after so many. */
export const monthOf = (number: NumberItem, periods: number): string =>
  `Number ${phoneNumberOf(number)}, ${dayOf(monthAfter(number.createdAt, periods))} to ${dayOf(monthAfter(number.createdAt, periods + 1))}`;

/** Judges a world of numbers by its raw items alone, as often as it is asked. */
export class NumberAuditor {
  readonly #world: NumberWorld;
  /** Purchases whose owner has asked for the number's release. */
  readonly releaseAsked = new Set<string>();
  #seen = 0;
  readonly #asked = new Map<string, LoggedOrder>();
  /** The last state that each purchase was seen in. */
  readonly #last = new Map<string, NumberItem>();

  constructor(world: NumberWorld) {
    this.#world = world;
    world.twilio.onOrder = (order) => this.#checkOrder(order);
  }

  /** Only the holder of the claim asks, and once. */
  #checkOrder(order: LoggedOrder): void {
    const item = numbersOf(this.#world).find((number) => phoneNumberOf(number) === order.phoneNumber);
    const stands = item?.state === "pending" && order.tag === `aira:${STAGE}:${item.purchaseId}`;
    promise(stands, `${order.phoneNumber}: Twilio is asked only while the claim stands`);
    promise(!this.#asked.has(item.attempt), `${order.phoneNumber}: Twilio is asked once for each attempt`);
    this.#asked.set(item.attempt, order);
  }

  /** What holds at every moment. */
  check(): void {
    const { memory, warnings } = this.#world;
    const wallets = walletsOf(memory);
    for (const wallet of wallets) checkWallet(wallet);
    this.#checkTransitions();
    const books = booksOf(wallets);
    const numbers = numbersOf(this.#world);
    for (const number of numbers) this.#checkNumber(number, books.get(number.purchaseId));
    this.#checkBooks(books, new Map(numbers.map((number) => [number.purchaseId, number])));
    for (const warning of warnings) promise(codeOf(warning) === "number_provider.refused", `nothing fails for good: ${String(warning)}`);
  }

  #checkTransitions(): void {
    const { transitions } = this.#world.memory;
    for (; this.#seen < transitions.length; this.#seen++) this.#checkTransition(transitions[this.#seen]!);
  }

  #checkTransition({ atMs, before: old, after: now }: Transition): void {
    const [before, after] = [itemOf(old), itemOf(now)!];
    const at = `${phoneNumberOf(after)}, ${before?.state ?? "nothing"} to ${after.state}`;
    this.#last.set(after.purchaseId, after);
    if (before?.purchaseId !== after.purchaseId || before.attempt !== after.attempt) {
      const free = before === undefined || before.state === "failed" || before.state === "released";
      promise(free, `${at}: a number has one owner at a time`);
      const cool = after.state === "releasing" || before?.availableFrom === undefined || before.availableFrom < after.createdAt;
      promise(cool, `${at}: nobody gets a number before its cool-down is over`);
      return;
    }
    promise(MOVES[before.state]?.includes(after.state) ?? false, `${at}: no such move`);
    promise([0, 1].includes(after.periods - before.periods), `${at}: months are counted one by one`);
    const { graceDays, suspendedDays } = this.#world.policy;
    if (before.state === "active" && after.state === "suspended")
      promise(
        atMs >= monthAfter(before.createdAt, before.periods) + graceDays * DAY - SKEW,
        `${at}: nothing is suspended before its grace is over`,
      );
    if (after.state !== "releasing" || before.state === "releasing" || this.releaseAsked.has(after.purchaseId)) return;
    if (before.state === "failed" || before.state === "released") return;
    promise(before.state === "suspended", `${at}: only what was suspended is taken away`);
    promise(
      atMs >= Date.parse(before.suspendedAt ?? "") + suspendedDays * DAY - SKEW,
      `${at}: nothing is taken away before it was suspended for long enough`,
    );
  }

  #checkNumber(number: NumberItem, book: Book | undefined): void {
    const at = `${phoneNumberOf(number)} (${number.state})`;
    const count = (kind: string): number => book?.of(kind).length ?? 0;
    const open = count("authorization") - count("capture") - count("release");
    const bought = number.periods > 0;
    promise(open === (number.state === "pending" ? 1 : 0), `${at}: money is held while the purchase is pending, and only then`);
    promise(count("capture") === (bought ? 1 : 0), `${at}: an owner's number was paid, once`);
    promise(count("debit") === Math.max(0, number.periods - 1), `${at}: each month that the number claims was charged`);
    promise(bought || !["active", "suspended"].includes(number.state), `${at}: nobody has a number that was not paid`);
    for (const owner of book?.owners ?? []) promise(owner === number.owner, `${at}: its owner pays, and nobody else`);
    for (const { amountMinor, heldMinor, currency } of book?.of("capture") ?? [])
      promise(
        amountMinor + heldMinor === -(number.setUpMinor + number.monthlyMinor) && currency === number.currency,
        `${at}: the purchase cost what was agreed`,
      );
    const debits = book?.of("debit") ?? [];
    for (const [n, debit] of debits.entries()) {
      promise(debit.amountMinor === -number.monthlyMinor && debit.currency === number.currency, `${at}: a month costs what was agreed`);
      promise(debit.description === monthOf(number, n + 1), `${at}: the statement explains each month: ${debit.description}`);
      promise(
        Date.parse(debit.at) >= monthAfter(number.createdAt, n + 1) - DAY - SKEW,
        `${at}: no month is charged more than a day before it begins`,
      );
    }
    this.#checkDue(number, at);
    this.#checkProvider(number, at);
  }

  /** Nothing that goes on is ever forgotten. */
  #checkDue(number: NumberItem, at: string): void {
    const over = number.state === "failed" || number.state === "released";
    promise((number.gsi2sk === undefined) === over, `${at}: it is due for something as long as it is not over`);
    if (number.gsi2sk === undefined || over) return;
    const dueMs = Date.parse(number.gsi2sk.slice(0, 24));
    const renewsMs = monthAfter(number.createdAt, number.periods) - DAY;
    const soonMs = this.#world.nowMs + 7 * HOUR;
    const live = number.state === "active" || number.state === "suspended";
    promise(dueMs <= (live ? Math.max(renewsMs, soonMs) : soonMs), `${at}: it is looked at in time`);
  }

  #checkProvider(number: NumberItem, at: string): void {
    const there = number.sid !== undefined && this.#world.twilio.bySid(number.sid) !== undefined;
    if (number.state === "active" || number.state === "suspended") promise(there, `${at}: Twilio has what an owner has`);
    if (number.state === "released") promise(!there, `${at}: a released number is gone at Twilio`);
  }

  #checkBooks(books: ReadonlyMap<string, Book>, current: ReadonlyMap<string, NumberItem>): void {
    for (const [purchaseId, book] of books) {
      const [captures, releases, authorizations] = ["capture", "release", "authorization"].map((kind) => book.of(kind).length);
      promise((captures ?? 0) <= 1, `${purchaseId}: bought once`);
      promise(book.owners.size === 1, `${purchaseId}: one purchase has one owner`);
      const open = (authorizations ?? 0) - (captures ?? 0) - (releases ?? 0);
      const number = current.get(purchaseId);
      promise(open === (number?.state === "pending" ? 1 : 0), `${purchaseId}: no money is held without a purchase`);
      const months = book.of("debit").map(({ description }) => description);
      promise(new Set(months).size === months.length, `${purchaseId}: each month is charged once`);
      const last = number ?? this.#last.get(purchaseId);
      if (captures === 1)
        promise(
          last !== undefined && HAD.has(last.state) && (number !== undefined || last.state === "released"),
          `${purchaseId}: no money without its number`,
        );
    }
  }

  /** What holds once everything has arrived, and the schedule has had its time. */
  checkQuiet(): void {
    this.check();
    const { memory, twilio, nowMs } = this.#world;
    for (const { owner, wallet } of walletsOf(memory))
      for (const { heldMinor } of Object.values((wallet?.balances ?? {}) as Record<string, { heldMinor: number }>))
        promise(heldMinor === 0, `${owner}: nothing stays held`);
    const numbers = numbersOf(this.#world);
    for (const number of numbers) {
      const at = `${phoneNumberOf(number)} (${number.state})`;
      promise(number.state !== "pending" && number.state !== "releasing", `${at}: everything comes to its end`);
      promise(number.gsi2sk === undefined || Date.parse(number.gsi2sk.slice(0, 24)) > nowMs - MINUTE, `${at}: nothing due is left`);
    }
    const used = new Set(numbers.filter(({ state }) => state === "active" || state === "suspended").map(({ sid }) => sid));
    for (const { sid, phoneNumber } of twilio.list())
      promise(used.has(sid), `${phoneNumber}: nobody pays Twilio for a number that no owner has`);
  }
}

const HAD: ReadonlySet<string> = new Set(["active", "suspended", "releasing", "released"]);

const MOVES: Readonly<Record<string, readonly string[]>> = {
  pending: ["pending", "active", "failed"],
  active: ["active", "suspended", "releasing"],
  suspended: ["suspended", "active", "releasing"],
  releasing: ["releasing", "released"],
  released: ["releasing"],
  failed: ["releasing"],
};

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;
