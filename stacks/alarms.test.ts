import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { metricNamespace, metrics } from "./metrics.ts";
import { type Synthesised, synthesise } from "./synthesise.ts";
import { onlyResource, type Resource, resolver, resourcesOf } from "./template-reader.ts";

let app: Synthesised;
let alarms: Map<string, Resource>;
beforeAll(async () => {
  app = await synthesise({ stage: "test" });
  alarms = new Map(
    resourcesOf(app.templates.Alarms, "AWS::CloudWatch::Alarm").map((alarm) => [
      alarm.properties.AlarmName.replace("test-aira-", ""),
      alarm,
    ]),
  );
});

it("there is an alarm for everything that somebody must be told of", () => {
  expect([...alarms.keys()].sort()).toEqual([
    "ApiErrors",
    "LedgerViolations",
    "NumbersMissing",
    "NumbersOrphaned",
    "NumbersStuck",
    "PaymentWebhookFailed",
    "PaymentsDead",
    "PaymentsLate",
    "ProviderBalanceLow",
    "QuarantineNotEmpty",
    "ReconciliationDifferences",
    "ReportsDead",
    "ReportsLate",
    "SchedulesDead",
    "SignaturesRefused",
    "TelephonyDead",
    "TelephonyLate",
    "TelephonyTroubles",
    "TopUpsUncredited",
    "UsageUncharged",
    "VoiceAgentHandleCallFailed",
    "VoiceAgentHandleSmsFailed",
    "VoiceAgentStatusFailed",
  ]);
});

it("the README says of every alarm, and of no other, what it means and what to do", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, runbook = ""] = readme.split("\n| alarm | means | do |\n|---|---|---|\n");
  const [table = ""] = runbook.split("\n\n");
  const named = table.split("\n").flatMap((row) => row.split("|")[1]?.split(",") ?? []);
  expect(named.map((name) => name.trim()).sort()).toEqual([...alarms.keys()].sort());
});

it("each alarm says what it means and tells the one topic, of its end too", () => {
  const resolve = resolver(app, app.templates.Alarms);
  const topic = onlyResource(app.templates.Alarms, "AWS::SNS::Topic").id;
  for (const { properties } of alarms.values()) {
    expect(properties.AlarmDescription.length).toBeGreaterThan(60);
    expect(properties.AlarmActions.map(resolve)).toEqual([topic]);
    expect(properties.OKActions.map(resolve)).toEqual([topic]);
  }
});

it("the topic is encrypted, and CloudWatch may use both the topic and its key", () => {
  const resolve = resolver(app, app.templates.Alarms);
  const key = onlyResource(app.templates.Alarms, "AWS::KMS::Key");
  expect(key.properties.EnableKeyRotation).toBe(true);
  expect(resolve(onlyResource(app.templates.Alarms, "AWS::SNS::Topic").properties.KmsMasterKeyId)).toBe(key.id);
  const ofCloudWatch = (statement: { Principal?: { Service?: string } }) => statement.Principal?.Service === "cloudwatch.amazonaws.com";
  const condition = { StringEquals: { "aws:SourceAccount": "123456789012" } };
  const topicPolicy = onlyResource(app.templates.Alarms, "AWS::SNS::TopicPolicy").properties.PolicyDocument.Statement;
  expect(topicPolicy.find(ofCloudWatch)).toMatchObject({ Effect: "Allow", Action: "sns:Publish", Condition: condition });
  expect(topicPolicy).toContainEqual(expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }));
  expect(key.properties.KeyPolicy.Statement.find(ofCloudWatch)).toMatchObject({ Effect: "Allow", Condition: condition });
});

it("Aira's own metrics are read under the names and the one dimension under which they are written", () => {
  const own = [...alarms.values()].filter(({ properties }) => properties.Namespace === metricNamespace);
  expect(own.map(({ properties }) => properties.MetricName).sort()).toEqual([
    "LedgerViolations",
    "NumbersLeft",
    "NumbersMissing",
    "NumbersOrphaned",
    "ProviderBalance",
    "QuarantineOpen",
    "ReconciliationDifferences",
    "SignaturesRefused",
    "TelephonyTroubles",
    "TopUpsUncredited",
    "UsageUncharged",
  ]);
  for (const { properties } of own) {
    expect(Object.keys(metrics)).toContain(properties.MetricName);
    expect(properties.Dimensions).toEqual([{ Name: "service", Value: "aira-test" }]);
  }
});

it("one dead letter is enough, and a late queue is one whose second try failed too", () => {
  expect(alarms.get("PaymentsDead")!.properties).toMatchObject({ Threshold: 1, MetricName: "ApproximateNumberOfMessagesVisible" });
  expect(alarms.get("PaymentsLate")!.properties).toMatchObject({ Threshold: 720, MetricName: "ApproximateAgeOfOldestMessage" });
  // A run takes up to 15 minutes, and a try that failed comes again after 90.
  expect(alarms.get("ReportsLate")!.properties).toMatchObject({ Threshold: 10_800, MetricName: "ApproximateAgeOfOldestMessage" });
});

it("the ingress is watched at the API, where a crash, a timeout and its own 5xx look alike", () => {
  const { properties } = alarms.get("PaymentWebhookFailed")!;
  expect(properties).toMatchObject({ Namespace: "AWS/ApiGateway", MetricName: "5xx", Threshold: 1 });
  const dimensions = Object.fromEntries(properties.Dimensions.map(({ Name, Value }: { Name: string; Value: unknown }) => [Name, Value]));
  expect(dimensions).toMatchObject({ Method: "POST", Resource: "/api/payment/webhook", Stage: "$default" });
});

it("an account at Twilio that runs dry is told of below the amount of the configuration, and only there", () => {
  expect(alarms.get("ProviderBalanceLow")!.properties).toMatchObject({ ComparisonOperator: "LessThanThreshold", Threshold: 50 });
  const below = [...alarms.values()].filter(({ properties }) => properties.ComparisonOperator !== "GreaterThanOrEqualToThreshold");
  expect(below).toHaveLength(1);
});

it("a purchase that waits for its answer is told of when it has waited for half an hour, not before", () => {
  expect(alarms.get("NumbersStuck")!.properties).toMatchObject({ Period: 300, EvaluationPeriods: 6, DatapointsToAlarm: 5 });
});

it("the dashboard shows latency, credits, failures and conflicts", () => {
  const body = JSON.stringify(onlyResource(app.templates.Alarms, "AWS::CloudWatch::Dashboard").properties.DashboardBody);
  for (const metric of [
    "WebhookToCreditMs",
    "CreditsPosted",
    "ClawbacksPosted",
    "TransactionConflicts",
    "EventsQuarantined",
    "5xx",
    "NumbersRenewed",
    "ProviderBalance",
  ]) {
    expect(body).toContain(metric);
  }
});
