import { loadWallets, type Operation, type Posted, postAll, type Wallet } from "../ledger/index.ts";
import { AiraError, invariant } from "../lib/index.ts";
import { type PaymentEvent, readEvent } from "./event.ts";
import { type PaymentPorts, tellArrears } from "./ports.ts";
import { type Settlement, settle, settlePayment } from "./settle.ts";
import { fastCreditGuard, type PaidFacts } from "./top-up.store.ts";

/** One message of the payments queue: the raw body of a verified event. */
export interface EventMessage {
  readonly id: string;
  readonly body: string;
}

/** What became of one message. `failed` goes back to the queue. */
export interface Consumed {
  readonly id: string;
  readonly eventType: string | undefined;
  readonly eventCreatedMs: number | undefined;
  readonly outcome: "credited" | "already" | "settled" | "quarantined" | "foreign" | "irrelevant" | "failed";
  /** Money that this message moved, in minor units. */
  readonly deltaMinor: number;
  readonly error: unknown;
}

interface Read {
  readonly message: EventMessage;
  readonly event: PaymentEvent;
}

/**
 * Consumes a batch of events. Credits of one wallet share a transaction; everything else is settled, each top-up once. A
 * message succeeds only when what it asked for is durable, so a crash anywhere leaves it on the queue.
 */
export async function consumeEvents(ports: PaymentPorts, messages: readonly EventMessage[]): Promise<Consumed[]> {
  const consumed: Consumed[] = [];
  const reads: Read[] = [];
  for (const message of messages) {
    try {
      reads.push({ message, event: readEvent(message.body, { stage: ports.stage, live: ports.provider.live }) });
    } catch (error) {
      consumed.push({ id: message.id, eventType: undefined, eventCreatedMs: undefined, outcome: "failed", deltaMinor: 0, error });
    }
  }
  const finish = ({ message, event }: Read, outcome: Consumed["outcome"], deltaMinor = 0, error?: unknown) =>
    consumed.push({ id: message.id, eventType: event.type, eventCreatedMs: event.createdMs, outcome, deltaMinor, error });

  const credits = new Map<string, { read: Read; paid: PaidFacts }[]>();
  const settlements = new Map<
    string,
    { reads: Read[]; run: (sessionIds: readonly string[]) => Promise<Settlement[]>; sessionIds: string[] }
  >();
  const toSettle = (read: Read, topUpId: string, sessionId: string) => {
    const group = settlements.get(topUpId) ?? { reads: [], sessionIds: [], run: (ids) => settle(ports, topUpId, ids) };
    settlements.set(topUpId, { ...group, reads: [...group.reads, read], sessionIds: [...group.sessionIds, sessionId] });
  };

  for (const read of reads) {
    const { hint } = read.event;
    if (hint.act === "ignore") finish(read, hint.why);
    else if (hint.act === "credit") credits.set(hint.paid.owner, [...(credits.get(hint.paid.owner) ?? []), { read, paid: hint.paid }]);
    else if (hint.act === "settle") toSettle(read, hint.topUpId, hint.sessionId);
    else {
      const { paymentIntentId } = hint;
      const group = settlements.get(paymentIntentId) ?? { reads: [], sessionIds: [], run: () => settlePayment(ports, paymentIntentId) };
      settlements.set(paymentIntentId, { ...group, reads: [...group.reads, read] });
    }
  }

  const wallets = await readTogether(ports, [...credits.keys()]);
  await Promise.all(
    [...credits].map(async ([owner, group]) => {
      try {
        const posted = await postAll(
          ports,
          owner,
          group.map(({ paid }) => fastCredit(paid)),
          wallets.get(owner),
        );
        for (const [at, { read, paid }] of group.entries()) {
          const result = posted[at];
          invariant(result, "every operation has a result");
          tellArrears(ports, result);
          if (result.outcome === "posted") finish(read, "credited", paid.amountMinor);
          else if (result.outcome === "already") finish(read, "already");
          else if (result.outcome === "guarded" && result.found) toSettle(read, paid.topUpId, paid.sessionId);
          else finish(read, "failed", 0, creditFailure(paid, result));
        }
      } catch (error) {
        for (const { read } of group) finish(read, "failed", 0, error);
      }
    }),
  );

  await Promise.all(
    [...settlements.values()].map(async (group) => {
      try {
        const results = await group.run(group.sessionIds);
        for (const [at, read] of group.reads.entries()) finish(read, ...summary(at === 0 ? results : noMoney(results)));
      } catch (error) {
        for (const read of group.reads) finish(read, "failed", 0, error);
      }
    }),
  );
  return consumed;
}

/**
 * What a batch's posts begin with, in one call instead of one for each wallet. Nothing when that fails: then each reads for itself, and
 * fails alone.
 */
async function readTogether({ table }: PaymentPorts, owners: readonly string[]): Promise<ReadonlyMap<string, Wallet>> {
  if (owners.length < 2) return new Map();
  try {
    return await loadWallets(table, owners);
  } catch (error) {
    if (error instanceof AiraError && error.retry) return new Map();
    throw error;
  }
}

/** One event of a paid session, as one transaction of three items. */
function fastCredit(paid: PaidFacts): Operation {
  return {
    movement: {
      kind: "credit",
      currency: paid.currency,
      amountMinor: paid.amountMinor,
      heldMinor: 0,
      reference: { type: "top_up", id: paid.topUpId },
      description: "Top-up",
      actor: "system:stripe",
    },
    guard: fastCreditGuard(paid),
  };
}

function creditFailure(paid: PaidFacts, result: Posted): Error {
  return new Error(
    result.outcome === "guarded"
      ? `a paid session names the top-up ${paid.topUpId}, which does not exist`
      : `the credit of ${paid.topUpId} is ${result.outcome}`,
  );
}

/** The money is counted for the first of the messages that asked for the same settlement. */
const noMoney = (settlements: readonly Settlement[]): Settlement[] =>
  settlements.map((one) => (one.outcome === "settled" ? { outcome: "settled", deltaMinor: 0 } : one));

function summary(settlements: readonly Settlement[]): [Consumed["outcome"], number] {
  const deltaMinor = settlements.reduce((total, one) => total + (one.outcome === "settled" ? one.deltaMinor : 0), 0);
  if (settlements.some((one) => one.outcome === "quarantined")) return ["quarantined", deltaMinor];
  if (settlements.some((one) => one.outcome === "settled")) return ["settled", deltaMinor];
  const foreign = settlements.some((one) => one.outcome === "ignored" && one.why === "foreign");
  return [foreign ? "foreign" : "irrelevant", 0];
}
