import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { type IMetric, MathExpression, Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Duration } from "aws-cdk-lib/core";
import { constructId } from "./api.ts";
import { consumers } from "./consumers.ts";
import { type MetricName, metricNamespace, metricService } from "./metrics.ts";
import type { QueuePair } from "./queues.ts";
import { routes } from "./routes.ts";

/** One thing that somebody must be told of. */
export interface Watch {
  /** The alarm's name, behind the stage and the app. */
  readonly id: string;
  /** What it means and what to do, for whoever reads the message at night. */
  readonly description: string;
  readonly metric: IMetric;
  /** Breached at this value or above; with `below`, under it. */
  readonly threshold: number;
  readonly below?: true;
  /** Breached in so many of as many periods. Default: one of one. */
  readonly breaches?: readonly [times: number, periods: number];
}

const fiveMinutes = Duration.minutes(5);
/** Longer than the sweep's own rhythm: what it counts does not flicker when a run starts late. */
const threeSweeps = Duration.minutes(15);

/** A metric that the functions of a stage emit. */
export function ownMetric(stage: string, metricName: MetricName, statistic: string, period = fiveMinutes): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName,
    dimensionsMap: { service: metricService(stage) },
    statistic,
    period,
  });
}

/** A metric that API Gateway counts, of the whole API or of what the dimensions narrow it to. */
export function apiMetric(httpApi: HttpApi, metricName: "5xx" | "Count", dimensions: Readonly<Record<string, string>> = {}): Metric {
  return new Metric({
    namespace: "AWS/ApiGateway",
    metricName,
    dimensionsMap: { ApiId: httpApi.apiId, ...dimensions },
    statistic: Stats.SUM,
    period: fiveMinutes,
  });
}

/** What can go wrong between a queue and its consumer. */
export function queueWatches(queues: Readonly<Record<string, QueuePair>>, missedRuns: IQueue): readonly Watch[] {
  const deadLetters = (dead: IQueue) => dead.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: fiveMinutes });
  const ofQueues = Object.entries(queues).flatMap(([name, { queue, dead }]): Watch[] => {
    const { maxReceives, visibilitySeconds } = consumers[name]!;
    return [
      {
        id: constructId(`${name} dead`),
        description: `Messages in ${name}-dead: each failed ${maxReceives} times. Read why in the consumer's log, repair, then redrive the queue.`,
        metric: deadLetters(dead),
        threshold: 1,
      },
      {
        id: constructId(`${name} late`),
        description: `The oldest message in ${name} has waited for two visibility timeouts: the consumer fails, is throttled or does not run.`,
        metric: queue.cdk.queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM, period: fiveMinutes }),
        threshold: 2 * visibilitySeconds,
      },
    ];
  });
  return [
    ...ofQueues,
    {
      id: "SchedulesDead",
      description: "A scheduled run failed three times, or could not be started. Read why in its log; the next run does the work again.",
      metric: deadLetters(missedRuns),
      threshold: 1,
    },
  ];
}

/** What can go wrong with money. */
export function moneyWatches(stage: string): readonly Watch[] {
  return [
    {
      id: "QuarantineNotEmpty",
      description: "Stripe says of a top-up what Aira did not agree to. No money was moved. Inspect it, correct the cause, then replay it.",
      metric: ownMetric(stage, "QuarantineOpen", Stats.MAXIMUM, threeSweeps),
      threshold: 1,
    },
    {
      id: "TopUpsUncredited",
      description:
        "Customers paid and the sweep could not credit them. Its log names the top-ups and the reason; the next sweep tries again.",
      metric: ownMetric(stage, "TopUpsUncredited", Stats.MAXIMUM, threeSweeps),
      threshold: 1,
    },
    {
      id: "LedgerViolations",
      description:
        "The ledger breaks a rule of its own. Freeze the wallet that the verification names; find the cause before anything else.",
      metric: ownMetric(stage, "LedgerViolations", Stats.SUM),
      threshold: 1,
    },
    {
      id: "UsageUncharged",
      description:
        "Twilio charged us for calls or texts that no wallet was charged for. The margin's log and report name them: look for their events among the dead letters.",
      metric: ownMetric(stage, "UsageUncharged", Stats.MAXIMUM),
      threshold: 1,
    },
    {
      id: "ReconciliationDifferences",
      description: "The ledger and Stripe's balance transactions differ. The report of the reconciliation names each difference.",
      metric: ownMetric(stage, "ReconciliationDifferences", Stats.SUM),
      threshold: 1,
    },
  ];
}

/** What can go wrong with numbers. `lowBalance`: when Twilio's account must be filled, in its own currency. */
export function numberWatches(stage: string, lowBalance: number): readonly Watch[] {
  return [
    {
      id: "NumbersOrphaned",
      description:
        "Twilio charges us for numbers that nobody has. The reconciliation's log names them; `npm run reconcile-numbers -- --apply` gives them back.",
      metric: ownMetric(stage, "NumbersOrphaned", Stats.MAXIMUM),
      threshold: 1,
    },
    {
      id: "NumbersMissing",
      description: "Customers have numbers, and pay for them, that Twilio does not have. The reconciliation names them; ask Twilio why.",
      metric: ownMetric(stage, "NumbersMissing", Stats.MAXIMUM),
      threshold: 1,
    },
    {
      id: "NumbersStuck",
      description:
        "For half an hour each run left numbers undone: purchases or releases whose outcome is not known, with money held. Look at the schedule's log and at Twilio's status page.",
      metric: ownMetric(stage, "NumbersLeft", Stats.MAXIMUM),
      threshold: 1,
      // A run that starts late leaves a period without a count.
      breaches: [5, 6],
    },
    {
      id: "ProviderBalanceLow",
      description: "The Twilio account runs out of money. At zero every number of every customer stops: fill it, or let it fill itself.",
      metric: ownMetric(stage, "ProviderBalance", Stats.MINIMUM, threeSweeps),
      threshold: lowBalance,
      below: true,
    },
  ];
}

/** What can go wrong at the door. */
export function apiWatches(stage: string, httpApi: HttpApi): readonly Watch[] {
  // A vendor's webhook: public, and what it hears goes into a queue.
  const ingresses = Object.entries(routes).filter(([, { auth, access }]) => auth === "none" && access.send?.length);
  return [
    {
      id: "ApiErrors",
      description: "At least 5 % of the API's answers were its own failures (5xx), in two of three periods of five minutes.",
      metric: new MathExpression({
        // Fewer than twenty requests count as twenty: one failure at night is no rate.
        expression: "100 * errors / IF(requests > 20, requests, 20)",
        usingMetrics: { errors: apiMetric(httpApi, "5xx"), requests: apiMetric(httpApi, "Count") },
        label: "5xx in percent",
        period: fiveMinutes,
      }),
      threshold: 5,
      breaches: [2, 3],
    },
    ...ingresses.map(([key]): Watch => {
      const [method = "", path = ""] = key.split(" ");
      return {
        id: constructId(`${path.replace("/api/", "")} failed`),
        description: `${key} answered with failures of ours (5xx). Stripe repeats its events for days, Twilio does not; look at the function's log and at SQS.`,
        metric: apiMetric(httpApi, "5xx", { Stage: httpApi.defaultStage!.stageName, Method: method, Resource: path }),
        threshold: 1,
      };
    }),
    {
      id: "TelephonyTroubles",
      description:
        "Callers heard an apology, or what Twilio told of calls and texts was lost: the table, the queue or a function of ours failed. The logs of handle-call and handle-sms say where.",
      metric: ownMetric(stage, "TelephonyTroubles", Stats.SUM),
      threshold: 1,
    },
    {
      id: "SignaturesRefused",
      description: "Webhooks with a wrong signature, again and again: a secret was rotated on one side only, or somebody tries the door.",
      metric: ownMetric(stage, "SignaturesRefused", Stats.SUM),
      threshold: 10,
      breaches: [3, 3],
    },
  ];
}
