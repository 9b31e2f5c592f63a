import { describe, expect, test } from "vitest";
import { type Entry, hashOf, netMinor } from "./entry.ts";
import { entryKeyOf } from "./ledger.store.ts";
import { Replay } from "./verify.ts";
import { decide, emptyWallet, GENESIS, type Movement, type Wallet } from "./wallet.ts";

const NOW_MS = Date.parse("2026-01-31T10:00:00.000Z");

const movement = (kind: Movement["kind"], amountMinor: number, heldMinor = 0, id = "one"): Movement => ({
  kind,
  currency: "USD",
  amountMinor,
  heldMinor,
  reference: { type: "hold", id },
  description: "test",
  actor: "test",
});

/** A wallet after these movements, and what has replayed it. */
function after(...movements: readonly Movement[]) {
  let wallet: Wallet = emptyWallet("asha");
  const replay = new Replay({ wallet, entryKey: "", openHolds: {} });
  for (const one of movements) {
    const decision = decide(wallet, one, NOW_MS);
    if (!decision.accepted) throw new Error(`refused: ${decision.refusal.code}`);
    ({ wallet } = decision);
    expect(replay.next(decision.entry)).toEqual([]);
  }
  const sealed = (entry: Omit<Entry, "hash">): Entry => ({ ...entry, hash: hashOf(entry) });
  /** The next entry as it would be, with something else in it and a hash that fits. */
  const next = (one: Movement, change: Partial<Entry> = {}): Entry => {
    const before = wallet.balances[one.currency] ?? { availableMinor: 0, heldMinor: 0 };
    const balance = { availableMinor: before.availableMinor + one.amountMinor, heldMinor: before.heldMinor + one.heldMinor };
    const { owner, seq, lastAt, head, balances } = wallet;
    return sealed({
      ...one,
      owner,
      seq: seq + 1,
      at: lastAt,
      balances: { ...balances, [one.currency]: balance },
      prevHash: head,
      ...change,
    });
  };
  const broken = (entry: Entry) =>
    replay.next(entry).map((violation) => {
      expect(violation.seq).toBe(entry.seq);
      return violation.broken;
    });
  return { wallet, replay, next, broken };
}

const CREDIT = movement("credit", 1_000);

test("an entry that keeps every rule is no violation", () => {
  const { broken, next } = after(CREDIT);
  expect(broken(next(movement("debit", -1_000)))).toEqual([]);
});

describe("each rule that an entry breaks is named, alone", () => {
  test("the count", () => {
    const { broken, next } = after(CREDIT);
    expect(broken(next(CREDIT, { seq: 3 }))).toEqual(["seq follows 1 without a gap"]);
  });

  test("the time", () => {
    const { broken, next } = after(CREDIT);
    expect(broken(next(CREDIT, { at: "2026-01-31T09:59:59.999Z" }))).toEqual(["time never runs backwards"]);
  });

  test("the chain", () => {
    const { broken, next } = after(CREDIT);
    expect(broken(next(CREDIT, { prevHash: GENESIS }))).toEqual(["the hash chains to the entry before it"]);
  });

  test("the hash", () => {
    const { broken, next } = after(CREDIT);
    expect(broken({ ...next(CREDIT), hash: GENESIS })).toEqual(["the hash matches the entry's fields"]);
  });

  test("the shape of its kind", () => {
    const { broken, next } = after(CREDIT);
    expect(broken(next(movement("credit", -1)))).toEqual(["the entry moves money as its kind allows"]);
  });

  test.each([
    ["of available money", { USD: { availableMinor: 2_001, heldMinor: 0 } }],
    ["of held money", { USD: { availableMinor: 2_000, heldMinor: 1 } }],
    ["of another currency", { USD: { availableMinor: 2_000, heldMinor: 0 }, INR: { availableMinor: 1, heldMinor: 0 } }],
    ["that is left out", {}],
  ])("a balance %s", (_, balances) => {
    const { broken, next } = after(CREDIT);
    expect(broken(next(CREDIT, { balances }))).toEqual(["the balances after it are those before it plus its amounts"]);
  });

  test("a balance of nothing may be left out, of another currency too", () => {
    const { broken, next } = after(CREDIT);
    const balances = { USD: { availableMinor: 2_000, heldMinor: 0 }, INR: { availableMinor: 0, heldMinor: 0 } };
    expect(broken(next(CREDIT, { balances }))).toEqual([]);
  });

  test.each<Movement>([movement("debit", -1), movement("authorization", -1, 1)])("a freeze, by a $kind", (spent) => {
    const { broken, next } = after(CREDIT, movement("freeze", 0));
    expect(broken(next(spent))).toEqual(["a frozen wallet spends nothing"]);
  });

  test("a restriction", () => {
    const { broken, next } = after(CREDIT, { ...movement("usage", -1), currency: "INR" });
    expect(broken(next(movement("debit", -1)))).toEqual(["a restricted wallet spends nothing"]);
  });

  test("the bottom", () => {
    const { broken, next } = after(CREDIT);
    expect(broken(next(movement("debit", -1_001)))).toEqual(["a debit or authorization never drives the balance below zero"]);
  });

  test("facts break none of these", () => {
    const { broken, next } = after(CREDIT, { ...movement("usage", -1), currency: "INR" }, movement("freeze", 0));
    expect(broken(next(movement("usage", -5_000)))).toEqual([]);
  });

  test("a hold that is authorized twice", () => {
    const { broken, next } = after(CREDIT, movement("authorization", -100, 100));
    expect(broken(next(movement("authorization", -100, 100)))).toEqual(["a hold is authorized once"]);
  });

  const CLOSED = "a capture or release closes one open hold of the same amount";
  test.each<[string, Movement]>([
    ["of another hold", movement("release", 100, -100, "another")],
    ["of another amount", movement("release", 99, -99)],
  ])("a release %s", (_, release) => {
    const { broken, next } = after(CREDIT, movement("authorization", -100, 100), movement("authorization", -100, 100, "beside"));
    expect(broken(next(release))).toEqual([CLOSED]);
  });

  test("a release in another currency", () => {
    const inr = (one: Movement): Movement => ({ ...one, currency: "INR" });
    const { broken, next } = after(
      CREDIT,
      inr(CREDIT),
      movement("authorization", -100, 100),
      inr(movement("authorization", -100, 100, "beside")),
    );
    expect(broken(next(inr(movement("release", 100, -100))))).toEqual([CLOSED]);
  });

  test.each<Movement>([movement("capture", 40, -100), movement("release", 100, -100)])(
    "a hold that is closed again, by a $kind",
    (again) => {
      const { broken, next } = after(
        CREDIT,
        movement("authorization", -100, 100),
        movement("authorization", -100, 100, "beside"),
        movement("release", 100, -100),
      );
      expect(broken(next(again))).toEqual([CLOSED]);
    },
  );

  test("all of them, when there are several", () => {
    const { broken, next } = after(CREDIT);
    expect(broken(next(CREDIT, { seq: 9, prevHash: GENESIS }))).toEqual([
      "seq follows 1 without a gap",
      "the hash chains to the entry before it",
    ]);
  });
});

test("a checkpoint is where the next replay starts: the wallet, its newest entry and the holds that are open", () => {
  const { replay, wallet, next } = after(
    CREDIT,
    movement("authorization", -100, 100),
    movement("authorization", -200, 200, "captured"),
    movement("authorization", -300, 300, "released"),
    movement("capture", 50, -200, "captured"),
    movement("release", 300, -300, "released"),
  );
  expect(replay.wallet).toEqual(wallet);
  expect(replay.checkpoint).toEqual({
    wallet,
    entryKey: "ENTRY#2026-01-31T10:00:00.000Z#000000000006",
    openHolds: { one: { currency: "USD", amountMinor: 100 } },
  });
  const release = next(movement("release", 100, -100));
  const again = new Replay(replay.checkpoint);
  expect(again.next(release)).toEqual([]);
  expect(again.checkpoint).toMatchObject({ entryKey: entryKeyOf(release), openHolds: {} });
});

test("what a wallet gains by an entry is what it can spend and what is held together", () => {
  expect(netMinor({ amountMinor: -100, heldMinor: 100 })).toBe(0);
  expect(netMinor({ amountMinor: 40, heldMinor: -100 })).toBe(-60);
});
