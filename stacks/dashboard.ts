import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { type Alarm, AlarmStatusWidget, Dashboard, GraphWidget, type IMetric, PeriodOverride, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib/core";
import type { App, Stack } from "sst/constructs";
import type { MetricName } from "./metrics.ts";
import type { QueuePair } from "./queues.ts";
import { apiMetric, ownMetric } from "./watches.ts";

/** What the dashboard draws. */
export interface DashboardSources {
  readonly alarms: readonly Alarm[];
  readonly queues: Readonly<Record<string, QueuePair>>;
  readonly httpApi: HttpApi;
}

/** One page for the questions of a bad day: is money late, is it moving, what fails, what fights. */
export function createDashboard(stack: Stack, { alarms, queues, httpApi }: DashboardSources): void {
  const app = stack.node.root as App;
  const own = (name: MetricName, statistic: string) => ownMetric(stack.stage, name, statistic);
  const pairs = Object.values(queues);
  const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12, height: 6 });
  new Dashboard(stack, "Dashboard", {
    dashboardName: app.logicalPrefixedName("dashboard"),
    defaultInterval: Duration.hours(3),
    periodOverride: PeriodOverride.AUTO,
    widgets: [
      [new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: 24 })],
      [
        graph(
          "Webhook to credit (ms)",
          [50, 95, 99].map((percentile) => own("WebhookToCreditMs", Stats.percentile(percentile))),
        ),
        graph("Money moved", [own("CreditsPosted", Stats.SUM), own("ClawbacksPosted", Stats.SUM)]),
      ],
      [
        graph("Failures", [
          apiMetric(httpApi, "5xx"),
          own("EventsQuarantined", Stats.SUM),
          own("SettlementsDeferred", Stats.SUM),
          own("SignaturesRefused", Stats.SUM),
          own("LedgerViolations", Stats.SUM),
          ...pairs.map(({ dead }) => dead.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM })),
        ]),
        graph("Conflicts", [own("TransactionConflicts", Stats.SUM)]),
      ],
      [
        graph("Waiting", [
          own("TopUpsUncredited", Stats.MAXIMUM),
          own("QuarantineOpen", Stats.MAXIMUM),
          ...pairs.map(({ queue }) => queue.cdk.queue.metricApproximateAgeOfOldestMessage({ statistic: Stats.MAXIMUM })),
        ]),
        graph("Numbers", [
          own("NumbersRenewed", Stats.SUM),
          own("NumbersRestored", Stats.SUM),
          own("NumbersUnpaid", Stats.SUM),
          own("NumbersSuspended", Stats.SUM),
          own("NumbersReleased", Stats.SUM),
        ]),
        graph("Numbers that need somebody", [
          own("NumbersLeft", Stats.MAXIMUM),
          own("NumbersOrphaned", Stats.MAXIMUM),
          own("NumbersMissing", Stats.MAXIMUM),
          own("NumberWebhooksWrong", Stats.MAXIMUM),
          own("NumbersNotRestored", Stats.SUM),
          own("PricesNotFetched", Stats.SUM),
        ]),
      ],
      [
        graph("The Twilio account", [own("ProviderBalance", Stats.MINIMUM)]),
        graph("Events without effect", [own("EventsIgnored", Stats.SUM), own("EventsForeign", Stats.SUM)]),
      ],
    ],
  });
}
