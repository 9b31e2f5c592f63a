import { type Currency, currencies, ENTRY_KINDS, type EntryKind } from "@aira/contract";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Replay } from "./verify.ts";
import { balanceOf, decide, emptyWallet, hasShapeOfKind, isPermission, isRestricted, type Movement, type Wallet } from "./wallet.ts";

const START_MS = Date.parse("2026-01-31T10:00:00.000Z");
const kinds = Object.keys(ENTRY_KINDS) as EntryKind[];

/** A movement that its kind allows, for hold number `hold`. */
function movementOf(kind: EntryKind, currency: Currency, amountMinor: number, partMinor: number, hold: number): Movement {
  const amounts: Record<EntryKind, [amountMinor: number, heldMinor: number]> = {
    credit: [amountMinor, 0],
    reinstatement: [amountMinor, 0],
    clawback: [-amountMinor, 0],
    debit: [-amountMinor, 0],
    usage: [-amountMinor, 0],
    adjustment: [partMinor % 2 === 0 ? amountMinor : -amountMinor, 0],
    authorization: [-amountMinor, amountMinor],
    capture: [partMinor % amountMinor, -amountMinor],
    release: [amountMinor, -amountMinor],
    freeze: [0, 0],
    unfreeze: [0, 0],
  };
  const [moved, held] = amounts[kind];
  const reference = { type: "hold", id: `hold-${hold}` } as const;
  return { kind, currency, amountMinor: moved, heldMinor: held, reference, description: "", actor: "test" };
}

const movements = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    currency: fc.constantFrom(...currencies),
    amountMinor: fc.integer({ min: 1, max: 2_000 }),
    partMinor: fc.nat(2_000),
    stepMs: fc.integer({ min: -5_000, max: 5_000 }),
  }),
  { maxLength: 60 },
);

/** Plays a history as callers would: a capture or release names an open hold, or there is none to name. */
function play(history: readonly { kind: EntryKind; currency: Currency; amountMinor: number; partMinor: number; stepMs: number }[]) {
  let wallet = emptyWallet("owner");
  let nowMs = START_MS;
  let holds = 0;
  const open: { id: number; currency: Currency; amountMinor: number }[] = [];
  const steps: { before: Wallet; movement: Movement; decision: ReturnType<typeof decide>; after: Wallet }[] = [];
  for (const { kind, currency, amountMinor, partMinor, stepMs } of history) {
    nowMs += stepMs;
    const closes = kind === "capture" || kind === "release";
    const hold = closes ? open[partMinor % open.length] : undefined;
    if (closes && !hold) continue;
    const movement = movementOf(kind, hold?.currency ?? currency, hold?.amountMinor ?? amountMinor, partMinor, hold?.id ?? ++holds);
    const decision = decide(wallet, movement, nowMs);
    const before = wallet;
    if (decision.accepted) {
      wallet = decision.wallet;
      if (kind === "authorization") open.push({ id: holds, currency, amountMinor });
      if (hold) open.splice(open.indexOf(hold), 1);
    }
    steps.push({ before, movement, decision, after: wallet });
  }
  return { wallet, steps, open };
}

test("replaying the entries of any history gives the wallet, and finds nothing wrong with it", () => {
  fc.assert(
    fc.property(movements, (history) => {
      const { wallet, steps } = play(history);
      const replay = new Replay({ wallet: emptyWallet("owner"), entryKey: "", openHolds: {} });
      for (const { decision } of steps) if (decision.accepted) expect(replay.next(decision.entry)).toEqual([]);
      expect(replay.wallet).toEqual(wallet);
    }),
  );
});

test("a permission never drives a balance below zero, and none is given to a frozen or restricted wallet", () => {
  fc.assert(
    fc.property(movements, (history) => {
      for (const { before, movement, decision } of play(history).steps) {
        if (!isPermission(movement.kind)) continue;
        const left = balanceOf(before.balances, movement.currency).availableMinor + movement.amountMinor;
        expect(decision.accepted).toBe(!before.frozen && !isRestricted(before) && left >= 0);
      }
    }),
  );
});

test("a fact always posts", () => {
  fc.assert(
    fc.property(movements, (history) => {
      for (const { movement, decision } of play(history).steps) if (!isPermission(movement.kind)) expect(decision.accepted).toBe(true);
    }),
  );
});

test("a refusal changes nothing, and says how much is missing", () => {
  fc.assert(
    fc.property(movements, (history) => {
      for (const { before, movement, decision, after } of play(history).steps) {
        if (decision.accepted) continue;
        expect(after).toBe(before);
        if (decision.refusal.code !== "wallet.insufficient_funds") continue;
        const { availableMinor } = balanceOf(before.balances, movement.currency);
        expect(decision.refusal.missingMinor).toBe(-movement.amountMinor - availableMinor);
      }
    }),
  );
});

test("held money is the sum of the open holds; seq has no gap; time never runs backwards", () => {
  fc.assert(
    fc.property(movements, (history) => {
      const { wallet, steps, open } = play(history);
      for (const currency of currencies) {
        const held = open.filter((hold) => hold.currency === currency).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
        expect(balanceOf(wallet.balances, currency).heldMinor).toBe(held);
      }
      const entries = steps.flatMap(({ decision }) => (decision.accepted ? [decision.entry] : []));
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, n) => n + 1));
      expect(entries.map(({ at }) => at).toSorted()).toEqual(entries.map(({ at }) => at));
    }),
  );
});

test("a currency's movement leaves every other currency alone", () => {
  fc.assert(
    fc.property(movements, (history) => {
      for (const { before, movement, after } of play(history).steps)
        for (const other of currencies)
          if (other !== movement.currency) expect(balanceOf(after.balances, other)).toEqual(balanceOf(before.balances, other));
    }),
  );
});

test("amounts that a kind can't have are a mistake of ours", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.integer({ min: -50, max: 50 }),
      fc.integer({ min: -50, max: 50 }),
      (kind, amountMinor, heldMinor) => {
        const movement = { ...movementOf(kind, "USD", 1, 0, 1), amountMinor, heldMinor };
        fc.pre(!hasShapeOfKind(movement));
        expect(() => decide(emptyWallet("owner"), movement, START_MS)).toThrow(/cannot move/);
      },
    ),
  );
});

test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("%s is no amount of minor units", (amountMinor) => {
  const movement = { ...movementOf("credit", "USD", 1, 0, 1), amountMinor };
  expect(() => decide(emptyWallet("owner"), movement, START_MS)).toThrow("amounts are integers of minor units");
});

test("closing a hold that the wallet does not hold is left to the hold's own state", () => {
  const release = movementOf("release", "USD", 100, 0, 1);
  expect(decide(emptyWallet("owner"), release, START_MS)).toEqual({ accepted: false, refusal: { code: "nothing_held" } });
});
