import { ledgerScenarios } from "./ledger-scenarios.ts";
import { numberFaultScenarios } from "./number-fault-scenarios.ts";
import { numberPurchaseScenarios } from "./number-purchase-scenarios.ts";
import { numberReleaseScenarios } from "./number-release-scenarios.ts";
import { numberRenewalScenarios } from "./number-renewal-scenarios.ts";
import { paymentScenarios } from "./payment-scenarios.ts";
import type { Scenario } from "./scenario.ts";
import { sweepScenarios } from "./sweep-scenarios.ts";

export const scenarios: readonly Scenario[] = [
  ...paymentScenarios,
  ...sweepScenarios,
  ...ledgerScenarios,
  ...numberPurchaseScenarios,
  ...numberRenewalScenarios,
  ...numberReleaseScenarios,
  ...numberFaultScenarios,
];
