/** The CloudWatch namespace of everything that Aira counts itself. */
export const metricNamespace = "aira";

/**
 * The one dimension of every metric, `service`, as Powertools sets it from POWERTOOLS_SERVICE_NAME. It carries the stage, since the
 * stages of an account share the namespace. Another dimension on a metric hides it from the alarms.
 */
export const metricService = (stage: string) => `aira-${stage}`;

/** What the functions count. Alarms and the dashboard read the same names, so a renamed metric cannot silence an alarm. */
export const metrics = {
  CreditsPosted: { unit: "Count", meaning: "Credits of top-ups that were posted" },
  ClawbacksPosted: { unit: "Count", meaning: "Refunds and disputes taken back from wallets" },
  WebhookToCreditMs: { unit: "Milliseconds", meaning: "From the arrival of Stripe's event to the posted credit" },
  EventsIgnored: { unit: "Count", meaning: "Events of a kind that moves no money" },
  EventsForeign: { unit: "Count", meaning: "Events of another app, stage or live mode on the same Stripe account" },
  EventsQuarantined: { unit: "Count", meaning: "Events put aside, since they do not match their top-up" },
  QuarantineOpen: { unit: "Count", meaning: "Quarantined events that wait for an operator, counted by the sweep" },
  TopUpsUncredited: { unit: "Count", meaning: "Top-ups paid at Stripe and not credited after a sweep" },
  SettlementsDeferred: { unit: "Count", meaning: "Settlements that failed and were put off to a later sweep" },
  LedgerViolations: { unit: "Count", meaning: "Broken invariants that the verification of the ledger found" },
  TransactionConflicts: { unit: "Count", meaning: "Ledger transactions that another one overtook, retried or not" },
  SignaturesRefused: { unit: "Count", meaning: "Webhook requests whose signature did not verify" },
  TelephonyTroubles: {
    unit: "Count",
    meaning: "Calls and texts in which something failed on our side: callers heard an apology, or an event was lost",
  },
  RepliesMissing: { unit: "Count", meaning: "Turns that the assistant did not answer: late, not available, or it would not" },
  NumbersLeft: {
    unit: "Count",
    meaning: "Numbers with something due that a run could not finish: a purchase or release whose outcome is not known",
  },
  NumbersRenewed: { unit: "Count", meaning: "Months of numbers that were charged" },
  NumbersUnpaid: { unit: "Count", meaning: "Months of numbers for which there was too little money" },
  NumbersSuspended: { unit: "Count", meaning: "Numbers that stopped working, since their month is unpaid" },
  NumbersReleased: { unit: "Count", meaning: "Numbers given back to Twilio" },
  NumbersRestored: { unit: "Count", meaning: "Months charged as soon as money came in for them" },
  NumbersNotRestored: {
    unit: "Count",
    meaning: "Wallets whose waiting months could not be tried when money came; the schedule tries them",
  },
  NumbersOrphaned: { unit: "Count", meaning: "Numbers that Twilio charges for and that nobody has" },
  NumbersMissing: { unit: "Count", meaning: "Numbers that customers have and Twilio has not" },
  NumberWebhooksWrong: { unit: "Count", meaning: "Numbers whose calls went elsewhere, found by the reconciliation" },
  PricesNotFetched: { unit: "Count", meaning: "Twilio's prices were not to be had, so older or built-in ones were used" },
  ProviderBalance: { unit: "None", meaning: "What the Twilio account holds, in its own currency" },
  UsageUncharged: { unit: "Count", meaning: "Calls and texts of the last week that Twilio charged for and that nobody paid us for" },
  UsageUnpriced: { unit: "Count", meaning: "Calls and texts of the last week that Twilio has not priced yet" },
  ReconciliationDifferences: { unit: "Count", meaning: "Differences between the ledger and Stripe's balance transactions" },
} as const;

export type MetricName = keyof typeof metrics;
