import type { RunKind } from "@aira/contract";
import { carryOut, type RunBook, readRunMessage, verifyFrom } from "@aira/core/audit";
import { AiraError } from "@aira/core/lib";
import { consumers } from "../../../../stacks/consumers.ts";
import { ledgerFindings } from "../audits/ledger.ts";
import { auditNumbers } from "../audits/numbers.ts";
import { auditPayments } from "../audits/payments.ts";
import { runPorts } from "../audits/queue.ts";
import { consumer, type Message, undone } from "../edge/consumer.ts";
import type { Logger } from "../edge/logger.ts";
import { LAST_STEP_MS } from "../edge/schedule.ts";
import { ledgerPorts } from "../edge/services.ts";

interface Context {
  /** Epoch milliseconds: begin nothing after it. */
  readonly stopAt: number;
  readonly log: Logger;
}

type Audit = (book: RunBook, context: Context) => Promise<{ readonly complete: boolean }>;

const AUDITS: Readonly<Record<RunKind, Audit>> = {
  ledger_verification: verifyAll,
  payment_reconciliation: auditPayments,
  number_reconciliation: async (book, { stopAt, log }) => {
    const hurry = () => {
      if (ledgerPorts().clock() >= stopAt) throw new AiraError("service.busy", "Comparing the numbers takes longer than one run may.");
    };
    await auditNumbers(book, { log, hurry });
    return { complete: true };
  },
};

/** Every wallet from the first one on, wherever the schedule is: it has a position of its own. */
async function verifyAll(book: RunBook, { stopAt, log }: Context): Promise<{ readonly complete: boolean }> {
  const ports = ledgerPorts();
  const { position, full } = book.run;
  const findings = ledgerFindings(book, log);
  try {
    for await (const wallets of verifyFrom(ports, position, { full })) {
      for (const wallet of wallets) findings.note(wallet);
      await book.step(wallets.at(-1)?.owner);
      if (ports.clock() >= stopAt) return { complete: false };
    }
    return { complete: true };
  } finally {
    findings.end();
  }
}

/** Carries out what operators have started. A run that is not done for certain goes back to the queue. */
export const handler = consumer("reports", async (messages, { log, deadline }) => {
  const outcomes = await Promise.all(messages.map((message) => carriedOut(message, { log, deadline })));
  return undone(messages, outcomes, log);
});

async function carriedOut(
  { messageId: id, body, receiveCount }: Message,
  { log, deadline }: { readonly log: Logger; readonly deadline: number },
) {
  let kind: string | undefined;
  try {
    const message = readRunMessage(body);
    kind = message.kind;
    const context = { log, stopAt: deadline - LAST_STEP_MS };
    const last = receiveCount >= (consumers.reports?.maxReceives ?? Number.POSITIVE_INFINITY);
    const { outcome } = await carryOut(runPorts(), message, { deadline, last }, (book) => AUDITS[message.kind](book, context));
    return { id, eventType: kind, outcome, error: undefined };
  } catch (error) {
    return { id, eventType: kind, outcome: "failed", error };
  }
}
