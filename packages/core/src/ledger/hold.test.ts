import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { freshOwner, ledgerPorts } from "@aira/local/testing/table-under-test";
import { describe, expect, test } from "vitest";
import {
  adjust,
  authorize,
  capture,
  chargeUsage,
  expireHolds,
  freeze,
  type LedgerPorts,
  listEntries,
  loadWallet,
  release,
  verifyWallet,
} from "./index.ts";

const HOUR = 3_600_000;
let nowMs = Date.parse("2026-01-31T10:00:00.000Z");
const ports: LedgerPorts = { ...ledgerPorts(memoryTable()), clock: () => nowMs };
const why = { description: "test", actor: "test" };

async function funded() {
  const owner = freshOwner();
  await adjust(ports, { owner, adjustmentId: owner, currency: "USD", amountMinor: 1_000, reason: "test", actor: "operator" });
  const hold = { owner, holdId: `hold-of-${owner}`, currency: "USD", amountMinor: 400, ...why } as const;
  return { owner, hold };
}

async function open(expiresAtMs?: number) {
  const made = await funded();
  await authorize(ports, { ...made.hold, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) });
  return made;
}

async function expectWallet(owner: string, availableMinor: number, heldMinor: number): Promise<void> {
  expect((await loadWallet(ports.table, owner)).balances.USD).toEqual({ availableMinor, heldMinor });
  expect((await verifyWallet(ports, owner)).violations).toEqual([]);
}

const kinds = async (owner: string) => (await listEntries(ports, owner, { limit: 50 })).entries.map(({ kind }) => kind).toReversed();

test("an authorization sets money aside; what is held can't be spent", async () => {
  const { owner, hold } = await open();
  await expectWallet(owner, 600, 400);
  await expect(authorize(ports, { ...hold, holdId: `${hold.holdId}-2`, amountMinor: 601 })).rejects.toMatchObject({
    code: "wallet.insufficient_funds",
  });
  await expectWallet(owner, 600, 400);
});

test.each([
  [400, 600],
  [1, 999],
  [150, 850],
])("a capture of %i gives the rest back", async (captureMinor, availableMinor) => {
  const { owner, hold } = await open();
  await capture(ports, { ...hold, captureMinor });
  await expectWallet(owner, availableMinor, 0);
});

test.each([0, -1, 401, 1.5, Number.NaN])("a capture of %s out of 400 is refused and changes nothing", async (captureMinor) => {
  const { owner, hold } = await open();
  await expect(capture(ports, { ...hold, captureMinor })).rejects.toMatchObject({ code: "operation.conflict" });
  await expectWallet(owner, 600, 400);
});

describe("a repeat on the same terms is the same answer", () => {
  test("of an authorization, a capture, a release", async () => {
    const { owner, hold } = await open();
    expect(await authorize(ports, hold)).toMatchObject({ repeated: true });
    const first = await capture(ports, { ...hold, captureMinor: 150 });
    expect(await capture(ports, { ...hold, captureMinor: 150 })).toEqual({ entryKey: first.entryKey, repeated: true });
    await expectWallet(owner, 850, 0);
    const other = await open();
    const released = await release(ports, other.hold);
    expect(await release(ports, other.hold)).toEqual({ entryKey: released.entryKey, repeated: true });
    await expectWallet(other.owner, 1_000, 0);
  });

  test("of a capture that is known to be one: looked at first, for one read, and charged if it was not", async () => {
    let calls: string[] = [];
    const counting: LedgerPorts = {
      ...ports,
      table: {
        ...ports.table,
        get: (key, options) => {
          calls.push(key.sk);
          return ports.table.get(key, options);
        },
        transact: (writes) => {
          calls.push("post");
          return ports.table.transact(writes);
        },
      },
    };
    const callsOf = async (hold: Parameters<typeof capture>[1]) => {
      calls = [];
      return [await capture(counting, hold), calls] as const;
    };
    const { owner, hold } = await open();
    const mark = `HOLD#${hold.holdId}`;
    const [{ entryKey, repeated }, first] = await callsOf({ ...hold, captureMinor: 150, again: true });
    expect([repeated, first]).toEqual([false, [mark, "WALLET", "post"]]);
    expect(await callsOf({ ...hold, captureMinor: 150, again: true })).toEqual([{ entryKey, repeated: true }, [mark]]);
    await expect(capture(ports, { ...hold, captureMinor: 151, again: true })).rejects.toMatchObject({ code: "operation.conflict" });
    await expectWallet(owner, 850, 0);
    // Where nothing says so, nothing is looked at first.
    const other = await open();
    expect((await callsOf({ ...other.hold, captureMinor: 150 }))[1]).toEqual(["WALLET", "post"]);
  });
});

describe("a conflict changes nothing", () => {
  test("a second capture of another amount", async () => {
    const { owner, hold } = await open();
    await capture(ports, { ...hold, captureMinor: 150 });
    await expect(capture(ports, { ...hold, captureMinor: 151 })).rejects.toMatchObject({ code: "operation.conflict" });
    await expectWallet(owner, 850, 0);
  });
  test("a release of what was captured, a capture of what was released", async () => {
    const captured = await open();
    await capture(ports, { ...captured.hold, captureMinor: 400 });
    await expect(release(ports, captured.hold)).rejects.toMatchObject({ code: "operation.conflict" });
    await expectWallet(captured.owner, 600, 0);
    const released = await open();
    await release(ports, released.hold);
    await expect(capture(ports, { ...released.hold, captureMinor: 400 })).rejects.toMatchObject({ code: "operation.conflict" });
    await expectWallet(released.owner, 1_000, 0);
  });
  test("a hold that is remembered with other terms", async () => {
    const { owner, hold } = await open();
    for (const terms of [
      { ...hold, amountMinor: 300 },
      { ...hold, currency: "INR" as const },
    ]) {
      await expect(authorize(ports, terms)).rejects.toMatchObject({ code: expect.stringMatching(/operation\.conflict|insufficient/) });
      await expect(release(ports, terms)).rejects.toMatchObject({ code: "operation.conflict" });
      await expect(capture(ports, { ...terms, captureMinor: 1 })).rejects.toMatchObject({ code: "operation.conflict" });
    }
    await expectWallet(owner, 600, 400);
  });
  test("a hold that there never was", async () => {
    const { owner, hold } = await funded();
    await expect(release(ports, hold)).rejects.toMatchObject({ code: "operation.conflict" });
    await expect(capture(ports, { ...hold, captureMinor: 1 })).rejects.toMatchObject({ code: "operation.conflict" });
    await expectWallet(owner, 1_000, 0);
  });
});

describe("time", () => {
  test("expires a hold once it has passed, not before, and once for ever", async () => {
    const { owner } = await open(nowMs + HOUR);
    expect(await expireHolds(ports)).toEqual({ expired: 0, left: 0 });
    nowMs += HOUR;
    expect(await expireHolds(ports)).toEqual({ expired: 1, left: 0 });
    expect(await expireHolds(ports)).toEqual({ expired: 0, left: 0 });
    await expectWallet(owner, 1_000, 0);
    expect(await kinds(owner)).toEqual(["adjustment", "authorization", "release"]);
  });

  test("never expires the hold of a purchase, which has none", async () => {
    const { owner } = await open();
    nowMs += 1_000 * HOUR;
    expect(await expireHolds(ports)).toEqual({ expired: 0, left: 0 });
    await expectWallet(owner, 600, 400);
  });

  test("does not decide: a hold past its time that is still open is captured as any other", async () => {
    const { owner, hold } = await open(nowMs + HOUR);
    nowMs += 2 * HOUR;
    await capture(ports, { ...hold, captureMinor: 400 });
    expect(await expireHolds(ports)).toEqual({ expired: 0, left: 0 });
    await expectWallet(owner, 600, 0);
    expect(await kinds(owner)).toEqual(["adjustment", "authorization", "capture"]);
  });

  test("a capture after expiry is a charge for finished usage, once, below zero and on a frozen wallet too", async () => {
    const { owner, hold } = await open(nowMs + HOUR);
    nowMs += HOUR;
    await expireHolds(ports);
    await chargeUsage(ports, { owner, id: `u-${owner}`, currency: "USD", amountMinor: 900, ...why });
    await freeze(ports, { owner, adjustmentId: `f-${owner}`, reason: "test", actor: "operator" });
    const first = await capture(ports, { ...hold, captureMinor: 150 });
    expect(await capture(ports, { ...hold, captureMinor: 150 })).toEqual({ entryKey: first.entryKey, repeated: true });
    await expect(capture(ports, { ...hold, captureMinor: 151 })).rejects.toMatchObject({ code: "operation.conflict" });
    await expectWallet(owner, -50, 0);
    expect(await kinds(owner)).toEqual(["adjustment", "authorization", "release", "usage", "freeze", "usage"]);
  });

  test("a run that is out of time leaves holds to the next", async () => {
    const owners = [await open(nowMs + HOUR), await open(nowMs + HOUR), await open(nowMs + HOUR)];
    nowMs += HOUR;
    expect(await expireHolds(ports, nowMs)).toEqual({ expired: 0, left: 1 });
    expect(await expireHolds(ports)).toEqual({ expired: 3, left: 0 });
    for (const { owner } of owners) await expectWallet(owner, 1_000, 0);
  });

  test("a capture that meets the expiry: the hold closes once, and the money is charged once", async () => {
    for (let n = 0; n < 10; n++) {
      const { owner, hold } = await open(nowMs + HOUR);
      nowMs += HOUR;
      await Promise.all([capture(ports, { ...hold, captureMinor: 150 }), expireHolds(ports)]);
      await expectWallet(owner, 850, 0);
    }
  });
});
