import { ledgerMutants } from "./ledger-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { numberMutants } from "./number-mutants.ts";
import { paymentMutants } from "./payment-mutants.ts";

export const mutants: readonly Mutant[] = [...paymentMutants, ...ledgerMutants, ...numberMutants];
