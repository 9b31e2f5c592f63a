import type { EntryKind } from "@aira/contract";
import { describe, expect, test } from "vitest";
import { type Balance, decide, emptyWallet, hasShapeOfKind, type Movement, type Wallet } from "./wallet.ts";

type Pair = readonly [amountMinor: number, heldMinor: number];

const IN: readonly Pair[] = [
  [1, 0],
  [2, 0],
];
const OUT: readonly Pair[] = [
  [-1, 0],
  [-2, 0],
];

/** Every way from -2 to 2 in which a kind may move money. */
const WAYS: Record<EntryKind, readonly Pair[]> = {
  credit: IN,
  reinstatement: IN,
  clawback: OUT,
  debit: OUT,
  usage: OUT,
  adjustment: [...IN, ...OUT],
  authorization: [
    [-1, 1],
    [-2, 2],
  ],
  capture: [
    [0, -1],
    [0, -2],
    [1, -2],
  ],
  release: [
    [1, -1],
    [2, -2],
  ],
  freeze: [[0, 0]],
  unfreeze: [[0, 0]],
};

const STEPS = [-2, -1, 0, 1, 2];

test.each(Object.keys(WAYS) as EntryKind[])("a %s moves money in its own way only", (kind) => {
  const allowed = STEPS.flatMap((amountMinor) =>
    STEPS.filter((heldMinor) => hasShapeOfKind({ kind, amountMinor, heldMinor })).map((heldMinor) => [amountMinor, heldMinor] as const),
  );
  expect(allowed.map(String).sort()).toEqual(WAYS[kind].map(String).sort());
});

describe("a balance beyond what a number can count is refused, not rounded", () => {
  const wallet = (USD: Balance): Wallet => ({ ...emptyWallet("owner"), balances: { USD } });
  const movement = (kind: EntryKind, amountMinor: number, heldMinor: number): Movement => ({
    kind,
    currency: "USD",
    amountMinor,
    heldMinor,
    reference: { type: "hold", id: "one" },
    description: "",
    actor: "test",
  });

  test("of available money", () => {
    const full = wallet({ availableMinor: Number.MAX_SAFE_INTEGER, heldMinor: 0 });
    expect(() => decide(full, movement("credit", 1, 0), 0)).toThrow("the balance stays a safe integer");
  });

  test("of held money", () => {
    const full = wallet({ availableMinor: 10, heldMinor: Number.MAX_SAFE_INTEGER });
    expect(() => decide(full, movement("authorization", -1, 1), 0)).toThrow("the balance stays a safe integer");
  });
});

test.each([{ arrears: "token" }, { alerts: { USD: 500 } }, { arrears: "token", alerts: {} }])(
  "an entry leaves what a wallet carries besides its history: %o",
  (settings) => {
    const decision = decide(
      { ...emptyWallet("owner"), ...settings },
      {
        kind: "credit",
        currency: "USD",
        amountMinor: 1,
        heldMinor: 0,
        reference: { type: "top_up", id: "one" },
        description: "",
        actor: "test",
      },
      0,
    );
    expect(decision).toMatchObject({ accepted: true, wallet: { seq: 1, ...settings } });
  },
);
