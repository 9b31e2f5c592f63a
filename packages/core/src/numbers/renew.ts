import type { NoticeKind } from "@aira/contract";
import { type Operation, post, setArrears, timeOfEntryKey } from "../ledger/index.ts";
import { AiraError, invariant, iso } from "../lib/index.ts";
import { notify } from "../notices/index.ts";
import { dueAfterPayment, releasesAt, remindsAt, renewsAt, suspendsAt } from "./calendar.ts";
import { changeNumber, loadNumber, renewalGuard } from "./number.store.ts";
import type { NumberRecord } from "./number.ts";
import type { NumberPorts } from "./ports.ts";
import { describeMonth } from "./step.ts";

/** What renewals need: no provider, since the provider charges us whatever we do. */
export type RenewalPorts = Omit<NumberPorts, "provider" | "prices" | "publicUrl" | "stage">;

/**
 * `paid`: the month is charged, by this call or another; `unpaid`: there is too little money, or none may be spent; `moved`: the number is
 * not what it was, so look again; `later`: busy or not known.
 */
export type Renewed = "paid" | "unpaid" | "moved" | "later";

/**
 * Charges the next month of a number, once for ever: late, repeated and overlapping runs find it charged. Asked for beforehand, so it may
 * be declined; then the wallet remembers that something waits for money.
 */
export async function renewMonth(ports: RenewalPorts, number: NumberRecord): Promise<Renewed> {
  const first = await chargeMonth(ports, number);
  if (first !== "unpaid") return first;
  await remember(ports, number);
  // Money that came between the refusal and the wallet's remembering knew nothing of this month.
  return chargeMonth(ports, number);
}

async function chargeMonth(ports: RenewalPorts, number: NumberRecord): Promise<Renewed> {
  const posted = await post(ports, number.owner, renewalOf(ports, number));
  switch (posted.outcome) {
    case "posted":
    case "already":
      return "paid";
    case "declined":
      return "unpaid";
    case "guarded":
      return "moved";
    case "busy":
    case "unknown":
      return "later";
    default:
      return posted satisfies never;
  }
}

function renewalOf({ policy, clock }: RenewalPorts, number: NumberRecord): Operation {
  const paid: NumberRecord = { ...number, state: "active", periods: number.periods + 1, unpaidSince: undefined };
  // That a suspended number works again is to be told at once: by the next run, should this one end here.
  const dueAtMs = number.state === "suspended" ? clock() : dueAfterPayment(paid, policy);
  return {
    movement: {
      kind: "debit",
      currency: number.currency,
      amountMinor: -number.monthlyMinor,
      heldMinor: 0,
      reference: { type: "purchase", id: number.purchaseId },
      description: describeMonth(number),
      actor: "system:numbers",
    },
    guard: renewalGuard(number, dueAtMs),
  };
}

/** Once per month that could not be paid: the notice, the mark on the number, the mark on the wallet. */
async function remember(ports: RenewalPorts, number: NumberRecord): Promise<void> {
  const arrears = await setArrears(ports.table, number.owner, `${iso(ports.clock())}#${number.numberId}#${ports.random()}`);
  if (arrears.outcome === "contended" || arrears.outcome === "unknown") throw busy(arrears.cause);
  if (number.unpaidSince !== undefined) return;
  await tell(ports, number, "number.unpaid", iso(renewsAt(number)), { dueAt: iso(suspendsAt(number, ports.policy)) });
  const marked = await changeNumber(ports.table, number, ["active", "suspended"], {
    set: { unpaidSince: iso(ports.clock()), updatedAt: iso(ports.clock()) },
    equals: { periods: number.periods },
  });
  if (marked.outcome === "contended" || marked.outcome === "unknown") throw busy(marked.cause);
}

/** Tells the owner that the next month will be charged. */
export async function remind(ports: RenewalPorts, number: NumberRecord): Promise<void> {
  await tell(ports, number, "number.reminder", iso(remindsAt(number, ports.policy)), { dueAt: iso(renewsAt(number)) });
  await change(ports, number, ["active", "suspended"], { reminded: number.periods }, renewsAt(number));
}

/** The grace is over: the number is kept with its settings, and callers hear a notice. */
export async function suspend(ports: RenewalPorts, number: NumberRecord): Promise<void> {
  const now = ports.clock();
  const releaseAt = releasesAt(number, ports.policy, now);
  await tell(ports, number, "number.suspended", iso(suspendsAt(number, ports.policy)), { dueAt: iso(releaseAt) });
  await change(ports, number, ["active"], { state: "suspended", suspendedAt: iso(now) }, now);
}

/** It was suspended and works again, which its charge left to be told. The entry of the charge dates the notice. */
export async function tellRestored(ports: RenewalPorts, number: NumberRecord): Promise<void> {
  invariant(number.renewed, "what was restored was charged");
  await tell(ports, { ...number, periods: number.periods - 1 }, "number.restored", timeOfEntryKey(number.renewed.entryKey), {});
  await change(ports, number, ["active"], {}, dueAfterPayment(number, ports.policy), ["suspendedAt"]);
}

/** It was suspended for long enough. One that was paid a moment ago is kept. */
export const giveUp = (ports: RenewalPorts, number: NumberRecord): Promise<void> =>
  change(ports, number, ["suspended"], { state: "releasing" }, ports.clock());

/** Puts off what is next for a number. */
export const putOff = (ports: RenewalPorts, number: NumberRecord, untilMs: number): Promise<void> =>
  change(ports, number, [number.state], {}, untilMs);

/** A change that is right only while the number's months stand as they were read. One that is refused has been overtaken. */
async function change(
  ports: RenewalPorts,
  number: NumberRecord,
  states: readonly NumberRecord["state"][],
  set: Readonly<Record<string, unknown>>,
  dueAtMs: number,
  remove: readonly string[] = [],
): Promise<void> {
  const moved = Object.keys(set).length > 0 ? { updatedAt: iso(ports.clock()) } : {};
  const result = await changeNumber(ports.table, number, states, {
    set: { ...set, ...moved },
    remove,
    dueAtMs,
    equals: { periods: number.periods, attempt: number.attempt },
  });
  if (result.outcome === "contended" || result.outcome === "unknown") throw busy(result.cause);
}

async function tell(
  ports: RenewalPorts,
  number: NumberRecord,
  kind: NoticeKind,
  at: string,
  more: { readonly dueAt?: string },
): Promise<void> {
  const { numberId, phoneNumber, currency, monthlyMinor } = number;
  // By the number and its month: whoever finds it out, and however often, tells once.
  const subject = `${kind}#${numberId}#${number.periods + 1}`;
  await notify(ports.table, number.owner, { kind, at, subject, numberId, phoneNumber, currency, amountMinor: monthlyMinor, ...more });
}

const busy = (cause: unknown) =>
  new AiraError("service.busy", "The service is busy. Please try again in a moment.", { cause, retryAfterSeconds: 1 });

/** Reads a number again after a step. */
export async function reload(ports: RenewalPorts, number: NumberRecord): Promise<NumberRecord> {
  const now = await loadNumber(ports.table, number.phoneNumber, { consistent: true });
  invariant(now, "a number's item is never deleted");
  return now;
}
