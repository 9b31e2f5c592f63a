import { ledgerScenarios } from "./ledger-scenarios.ts";
import { paymentScenarios } from "./payment-scenarios.ts";
import type { Scenario } from "./scenario.ts";
import { sweepScenarios } from "./sweep-scenarios.ts";

export const scenarios: readonly Scenario[] = [...paymentScenarios, ...sweepScenarios, ...ledgerScenarios];
