import { heldNumbers, noteNumbers, type RunBook, saveNumberReconciliation } from "@aira/core/audit";
import { type NumberDifference, type NumberPorts, type NumberRecord, reconcileNumbers } from "@aira/core/numbers";
import type { Logger } from "../edge/logger.ts";
import { count } from "../edge/metrics.ts";
import { numberPorts } from "../edge/services.ts";

interface Context {
  readonly log: Logger;
  /** Asked now and then: throws when there is no time left. */
  readonly hurry?: () => void;
  /** Puts a difference right where it can. None: they are only told. */
  readonly mend?: (ports: NumberPorts, difference: NumberDifference) => Promise<NumberDifference>;
}

/**
 * Compares Twilio's list with the table. What nobody has is only reported, since giving a number back can't be undone. The counts are
 * written when they are zero too, so that an alarm can end.
 */
export async function auditNumbers(book: RunBook, { log, hurry, mend }: Context) {
  const ports = await numberPorts();
  const alive = () => {
    book.beat();
    hurry?.();
  };
  const { differences: found, ...reconciled } = await reconcileNumbers(ports, {
    apply: false,
    held: telling(heldNumbers(ports), alive),
    progress: alive,
  });
  const differences: NumberDifference[] = [];
  for (const difference of found) differences.push(mend ? await mend(ports, difference) : difference);
  for (const { kind, sid, purchaseId, mended } of differences) log.warn("number difference", { kind, sid, purchaseId, mended });
  await saveNumberReconciliation(ports, { ...reconciled, differences });
  const of = (kind: NumberDifference["kind"]) => differences.filter((difference) => difference.kind === kind).length;
  count("NumbersOrphaned", of("orphan"));
  count("NumbersMissing", of("missing"));
  count("NumberWebhooksWrong", of("webhooks"));
  noteNumbers(book, { ...reconciled, differences });
  const { provided, held, foreign } = reconciled;
  return { provided, held, foreign, orphaned: of("orphan"), missing: of("missing"), webhooks: of("webhooks") };
}

async function* telling(numbers: AsyncIterable<NumberRecord>, tell: () => void): AsyncGenerator<NumberRecord> {
  for await (const number of numbers) {
    tell();
    yield number;
  }
}
