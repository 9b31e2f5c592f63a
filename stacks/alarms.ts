import { requireVariable } from "@aira/core/lib";
import { Alarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import { type App, type Stack, type StackContext, use } from "sst/constructs";
import { Application } from "./application.ts";
import { audit } from "./audit.ts";
import { createDashboard } from "./dashboard.ts";
import { Data } from "./data.ts";
import { stagePolicy } from "./stage.ts";
import { apiWatches, moneyWatches, numberWatches, queueWatches, type Watch } from "./watches.ts";

/** What somebody must be told of: one topic, an alarm per entry of the operator's runbook, and a dashboard. */
export function Alarms({ stack }: StackContext) {
  const { queues } = use(Data);
  const { httpApi, missedRuns } = use(Application);
  const topic = createTopic(stack);
  const action = new SnsAction(topic);
  const watches = [
    ...queueWatches(queues, missedRuns),
    ...moneyWatches(stack.stage),
    ...numberWatches(stack.stage, Number(requireVariable("TWILIO_BALANCE_ALARM"))),
    ...apiWatches(stack.stage, httpApi),
  ];
  const alarms = watches.map((watch) => createAlarm(stack, watch, action));
  createDashboard(stack, { alarms, queues, httpApi });
  stack.addOutputs({ AlarmTopicArn: topic.topicArn });
  audit(stack);
}

function createAlarm(stack: Stack, watch: Watch, action: SnsAction): Alarm {
  const app = stack.node.root as App;
  const [datapointsToAlarm, evaluationPeriods] = watch.breaches ?? [1, 1];
  const alarm = new Alarm(stack, watch.id, {
    alarmName: app.logicalPrefixedName(watch.id),
    alarmDescription: watch.description,
    metric: watch.metric,
    threshold: watch.threshold,
    comparisonOperator: watch.below ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods,
    datapointsToAlarm,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
  return alarm;
}

function createTopic(stack: Stack): Topic {
  const cloudWatch = new ServicePrincipal("cloudwatch.amazonaws.com");
  const ofThisAccount = { StringEquals: { "aws:SourceAccount": stack.account } };
  const key = new Key(stack, "AlarmKey", { enableKeyRotation: true, removalPolicy: stagePolicy(stack.stage).removalPolicy });
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [cloudWatch],
      actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
      resources: ["*"],
      conditions: ofThisAccount,
    }),
  );
  const topic = new Topic(stack, "AlarmTopic", { masterKey: key, enforceSSL: true, displayName: `Aira ${stack.stage}` });
  // `enforceSSL` gives the topic a policy, and any policy replaces the default one that lets the account's alarms publish.
  topic.addToResourcePolicy(
    new PolicyStatement({ principals: [cloudWatch], actions: ["sns:Publish"], resources: [topic.topicArn], conditions: ofThisAccount }),
  );
  return topic;
}
