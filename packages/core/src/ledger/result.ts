import { AiraError, InvariantError } from "../lib/index.ts";
import type { Posted } from "./post.ts";
import type { Refusal } from "./wallet.ts";

/** The entry which did it. `repeated`: an earlier call on the same terms did. */
export interface Receipt {
  readonly entryKey: string;
  readonly repeated: boolean;
}

const SENTENCES: Record<Refusal["code"], string> = {
  "wallet.insufficient_funds": "The wallet holds too little money for this.",
  "wallet.restricted": "The wallet is below zero in a currency. It can receive money, and spends again once that is covered.",
  "wallet.frozen": "The wallet is frozen. Please contact support.",
};

/**
 * The receipt of a post, or its error: `wallet.insufficient_funds`, `wallet.restricted`, `wallet.frozen` (declined),
 * `operation.conflict` (done before on other terms), `wallet.busy`, `outcome.unknown`.
 */
export function receiptOf(posted: Posted): Receipt {
  switch (posted.outcome) {
    case "posted":
      return { entryKey: posted.entryKey, repeated: false };
    case "already":
      return { entryKey: posted.entryKey, repeated: true };
    case "guarded":
      throw new AiraError("operation.conflict", "This operation was already done with other terms.");
    case "declined":
      throw new AiraError(posted.refusal.code, SENTENCES[posted.refusal.code], {
        details: "missingMinor" in posted.refusal ? { missingMinor: posted.refusal.missingMinor } : {},
      });
    case "busy":
      throw new AiraError("wallet.busy", "The wallet is busy. Please try again.", { retryAfterSeconds: 1 });
    case "unknown":
      throw new AiraError("outcome.unknown", "The outcome is not known yet. Please ask again with the same key.", { retryAfterSeconds: 2 });
    default:
      throw new InvariantError(`no such outcome: ${JSON.stringify(posted satisfies never)}`);
  }
}
