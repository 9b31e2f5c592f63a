import { memoryTable } from "@aira/local/testing/memory-table-under-test";
import { paymentWorld } from "@aira/local/testing/payment-world";
import { expect, test } from "vitest";
import { loadWallet, type Posted, setArrears } from "../ledger/index.ts";
import { decide, emptyWallet, type Movement } from "../ledger/wallet.ts";
import { consumeEvents } from "./index.ts";
import { tellArrears } from "./ports.ts";

const reference = { type: "adjustment", id: "one" } as const;
const movement = (kind: Movement["kind"], amountMinor: number): Movement => ({
  kind,
  currency: "USD",
  amountMinor,
  heldMinor: 0,
  reference,
  description: "",
  actor: "test",
});

/** What was posted to a wallet on which something waits. */
function posted(kind: Movement["kind"], amountMinor: number): Posted {
  const decision = decide({ ...emptyWallet("asha"), arrears: "token" }, movement(kind, amountMinor), 0);
  if (!decision.accepted) throw new Error("a fact always posts");
  return { outcome: "posted", entryKey: "ENTRY#1", entry: decision.entry, wallet: decision.wallet };
}

test.each<[name: string, posted: Posted, expected: string[][]]>([
  ["money that came is", posted("adjustment", 1), [["asha", "token"]]],
  ["money that went is not", posted("adjustment", -1), []],
  ["what moves no money is not", posted("freeze", 0), []],
  ["what was done before is not", { outcome: "already", entryKey: "ENTRY#1" }, []],
])("%s told to whoever waits for it", (_, result, expected) => {
  const told: string[][] = [];
  tellArrears({ onArrears: (...one) => void told.push(one) }, result);
  expect(told).toEqual(expected);
});

test("money for a wallet on which something waits is credited though nobody listens", async () => {
  const at = paymentWorld();
  const ports = at.ports(memoryTable());
  const { owner, sessionId } = await at.checkout(ports);
  await setArrears(ports.table, owner, "token");
  at.stripe.pay(sessionId, "card");
  expect(await consumeEvents(ports, [{ id: "m", body: at.newest("checkout.session.completed") }])).toMatchObject([{ outcome: "credited" }]);
  expect(await loadWallet(ports.table, owner)).toMatchObject({ balances: { USD: { availableMinor: 1_000 } }, arrears: "token" });
});
