import type { PurchaseNumber } from "@aira/core/numbers";
import { codeOf } from "./actors.ts";
import type { CoreUnderTest } from "./core-under-test.ts";
import type { FaultPlan } from "./faults.ts";
import { isReason, promise, walletsOf } from "./invariants.ts";
import { type NumberItem, numbersOf } from "./number-invariants.ts";
import type { NumberWorld } from "./number-world.ts";

/** Codes that mean: nothing is decided, ask again. */
export const AGAIN: ReadonlySet<string> = new Set([
  "wallet.busy",
  "outcome.unknown",
  "service.busy",
  "number_provider.unavailable",
  "number_provider.refused",
]);
const DECLINED: ReadonlySet<string> = new Set(["wallet.insufficient_funds", "wallet.restricted", "wallet.frozen"]);
/** Codes that mean: nothing was bought, and no money is held. */
const REFUSED: ReadonlySet<string> = new Set([
  ...DECLINED,
  "number.not_available",
  "number.price_moved",
  "number.limit_reached",
  "number.address_required",
]);

/** Item states in which a purchase has been made. */
const MADE: ReadonlySet<string> = new Set(["active", "suspended", "releasing", "released"]);

/** One customer's wish for a number, under one Idempotency-Key. */
export class Wish {
  readonly request: PurchaseNumber;
  state: "undecided" | "bought" | "refused" = "undecided";
  #active = 0;
  #started = 0;
  numberId: string | undefined;
  readonly purchaseId: string;

  constructor({ lib }: CoreUnderTest, request: PurchaseNumber) {
    this.request = request;
    this.purchaseId = lib.deriveId("purchase", request.owner, "POST /api/numbers/purchase", request.idempotencyKey);
  }

  /** Asks once, and judges the answer by what is in the table at that moment. */
  async attempt(world: NumberWorld, plan: FaultPlan, skewMs = 0): Promise<string> {
    const { owner, phoneNumber } = this.request;
    const started = ++this.#started;
    const alone = this.#active++ === 0;
    const wasBought = this.state === "bought";
    const wallet = world.memory.get({ pk: `WALLET#${owner}`, sk: "WALLET" });
    const ended = await world.run((ports) => world.core.numbers.purchaseNumber(ports, this.request), plan, skewMs);
    this.#active--;
    if (ended.end === "crash") return "crash";
    const certain = alone && started === this.#started;
    if (ended.end === "result") {
      const { settled, number } = ended.value;
      promise(number.owner === owner && number.phoneNumber === phoneNumber, `${phoneNumber}: a purchase is of what was asked for`);
      promise(this.purchaseId === number.purchaseId, `${phoneNumber}: one key, one purchase`);
      if (!settled) return "pending";
      promise(MADE.has(this.#item(world)?.state ?? "released"), `${phoneNumber}: who is told that it was bought has it`);
      promise(!wasBought || this.numberId === number.numberId, `${phoneNumber}: one purchase, one number`);
      this.numberId = number.numberId;
      this.state = "bought";
      return "ok";
    }
    const code = codeOf(ended.error);
    if (AGAIN.has(code)) return code;
    if (code === "number.released") {
      promise(this.#wasMade(world), `${phoneNumber}: only what was bought was given back`);
      this.state = "bought";
      return code;
    }
    if (!REFUSED.has(code)) throw ended.error;
    promise(!wasBought, `${phoneNumber}: what was bought is never called ${code} later`);
    if (certain) this.#checkRefusal(world, code, (wallet?.seq as number | undefined) ?? 0);
    return code;
  }

  #checkRefusal(world: NumberWorld, code: string, fromSeq: number): void {
    const { owner, phoneNumber, currency, expectedMinor } = this.request;
    const item = this.#item(world);
    const stands = item?.state === "pending" || item?.state === "active" || item?.state === "suspended";
    promise(!stands, `${phoneNumber}: refused (${code}) means that nothing was bought and nothing is held`);
    if (this.state !== "bought") this.state = "refused";
    if (!DECLINED.has(code)) return;
    const entries = walletsOf(world.memory).find((wallet) => wallet.owner === owner)?.entries ?? [];
    promise(isReason(code, { currency, amountMinor: expectedMinor }, entries, fromSeq), `${owner}: declined only if the wallet can't pay`);
  }

  /** The number as long as it is this wish's. */
  #item(world: NumberWorld): NumberItem | undefined {
    return numbersOf(world).find(({ purchaseId }) => purchaseId === this.purchaseId);
  }

  #wasMade({ memory }: NumberWorld): boolean {
    return memory.transitions.some(({ after }) => after.purchaseId === this.purchaseId && (after.periods as number) > 0);
  }
}
