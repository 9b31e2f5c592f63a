/** The CloudWatch namespace of everything that Aira counts itself. */
export const metricNamespace = "aira";

/**
 * The one dimension of every metric, `service`, as Powertools sets it from POWERTOOLS_SERVICE_NAME. It carries the stage, since the
 * stages of an account share the namespace. Another dimension on a metric hides it from the alarms.
 */
export const metricService = (stage: string) => `aira-${stage}`;

const count = { unit: "Count" } as const;
const milliseconds = { unit: "Milliseconds" } as const;
const plain = { unit: "None" } as const;

/** What the functions count. Alarms and the dashboard read the same names, so a renamed metric cannot silence an alarm. */
export const metrics = {
  /** Credits of top-ups that were posted. */
  CreditsPosted: count,
  /** Refunds and disputes taken back from wallets. */
  ClawbacksPosted: count,
  /** From the arrival of Stripe's event to the posted credit. */
  WebhookToCreditMs: milliseconds,
  /** Events of a kind that moves no money. */
  EventsIgnored: count,
  /** Events of another app, stage or live mode on the same Stripe account. */
  EventsForeign: count,
  /** Events put aside, since they do not match their top-up. */
  EventsQuarantined: count,
  /** Quarantined events that wait for an operator, counted by the sweep. */
  QuarantineOpen: count,
  /** Top-ups paid at Stripe and not credited after a sweep. */
  TopUpsUncredited: count,
  /** Settlements that failed and were put off to a later sweep. */
  SettlementsDeferred: count,
  /** Broken invariants that the verification of the ledger found. */
  LedgerViolations: count,
  /** Ledger transactions that another one overtook, retried or not. */
  TransactionConflicts: count,
  /** Webhook requests whose signature did not verify. */
  SignaturesRefused: count,
  /** Calls and texts in which something failed on our side: callers heard an apology, or an event was lost. */
  TelephonyTroubles: count,
  /** Turns that the assistant did not answer: late, not available, or it would not. */
  RepliesMissing: count,
  /** Numbers with something due that a run could not finish: a purchase or release whose outcome is not known. */
  NumbersLeft: count,
  /** Months of numbers that were charged. */
  NumbersRenewed: count,
  /** Months of numbers for which there was too little money. */
  NumbersUnpaid: count,
  /** Numbers that stopped working, since their month is unpaid. */
  NumbersSuspended: count,
  /** Numbers given back to Twilio. */
  NumbersReleased: count,
  /** Months charged as soon as money came in for them. */
  NumbersRestored: count,
  /** Wallets whose waiting months could not be tried when money came; the schedule tries them. */
  NumbersNotRestored: count,
  /** Numbers that Twilio charges for and that nobody has. */
  NumbersOrphaned: count,
  /** Numbers that customers have and Twilio has not. */
  NumbersMissing: count,
  /** Numbers whose calls went elsewhere, found by the reconciliation. */
  NumberWebhooksWrong: count,
  /** Twilio's prices were not to be had, so older or built-in ones were used. */
  PricesNotFetched: count,
  /** What the Twilio account holds, in its own currency. */
  ProviderBalance: plain,
  /** Calls and texts of the last week that Twilio charged for and that nobody paid us for. */
  UsageUncharged: count,
  /** Calls and texts of the last week that Twilio has not priced yet. */
  UsageUnpriced: count,
  /** Differences between the ledger and Stripe's balance transactions. */
  ReconciliationDifferences: count,
} as const;

export type MetricName = keyof typeof metrics;
