import * as conversations from "@aira/core/conversations";
import * as ledger from "@aira/core/ledger";
import * as lib from "@aira/core/lib";
import * as numbers from "@aira/core/numbers";
import * as payments from "@aira/core/payments";

/** The code that a simulation puts to the test: the project's own, or a copy of it with one rule broken on purpose. */
export interface CoreUnderTest {
  readonly conversations: typeof conversations;
  readonly ledger: typeof ledger;
  readonly numbers: typeof numbers;
  readonly payments: typeof payments;
  readonly lib: typeof lib;
}

export const core: CoreUnderTest = { conversations, ledger, numbers, payments, lib };
