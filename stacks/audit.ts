import { CfnRoute } from "aws-cdk-lib/aws-apigatewayv2";
import { Distribution } from "aws-cdk-lib/aws-cloudfront";
import { UserPool } from "aws-cdk-lib/aws-cognito";
import { Role } from "aws-cdk-lib/aws-iam";
import { EventSourceMapping, Function as Lambda } from "aws-cdk-lib/aws-lambda";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { type NagPackSuppression, NagSuppressions } from "cdk-nag";
import type { IConstruct } from "constructs";
import type { Stack } from "sst/constructs";

type Reasons = readonly NagPackSuppression[];

const uploader: Reasons = [
  {
    id: "AwsSolutions-IAM4",
    reason: "CDK's uploader of the dashboard's files runs while deploying only; the policy lets it write its own log.",
  },
  {
    id: "AwsSolutions-IAM5",
    reason:
      "CDK's uploader reads the deployment's asset bucket and writes the dashboard's bucket; its wildcards are objects and verbs of these two.",
    appliesTo: [
      "Action::s3:GetObject*",
      "Action::s3:GetBucket*",
      "Action::s3:List*",
      "Action::s3:DeleteObject*",
      "Action::s3:Abort*",
      { regex: "/^Resource::arn:<AWS::Partition>:s3:::cdk-[a-z0-9]+-assets-\\d+-[a-z0-9-]+\\/\\*$/" },
      { regex: "/^Resource::<Web[0-9A-F]{8}\\.Arn>\\/\\*$/" },
    ],
  },
  { id: "AwsSolutions-L1", reason: "The pinned aws-cdk-lib chooses its uploader's runtime; no request ever reaches it." },
  { id: "Serverless-LambdaLatestVersion", reason: "The pinned aws-cdk-lib chooses its uploader's runtime; no request ever reaches it." },
  { id: "Serverless-LambdaDLQ", reason: "CloudFormation calls it, waits for the answer and fails the deployment without one." },
  { id: "Serverless-LambdaTracing", reason: "It runs while deploying only; CloudFormation's events tell what it did." },
];

const functionRole: Reasons = [
  {
    id: "AwsSolutions-IAM5",
    reason:
      "xray:PutTraceSegments and xray:PutTelemetryRecords know no resource. The stack's test holds every other statement to the row's access.",
    appliesTo: ["Resource::*"],
  },
];

const answering: Reasons = [
  {
    id: "Serverless-LambdaDLQ",
    reason:
      "Called by API Gateway, which passes the failure on to the caller, or by the queue's poller, whose queue has dead letters. Never asynchronously.",
  },
];

const mapping: Reasons = [
  {
    id: "Serverless-LambdaEventSourceMappingDestination",
    reason: "SQS sources know no failure destination: the queue's redrive policy moves a message that keeps failing to the dead letters.",
  },
];

const publicRoute: Reasons = [
  {
    id: "AwsSolutions-APIG4",
    reason:
      "Public by contract: a webhook proves itself by the vendor's signature over its bytes, and the others say nothing about a customer.",
  },
];

const deadLetters: Reasons = [
  { id: "Serverless-SQSRedrivePolicy", reason: "It holds the dead letters itself; what lies there raises an alarm." },
];

const distribution: Reasons = [
  { id: "AwsSolutions-CFR1", reason: "Customers travel: an account is not bound to a country, so no country is shut out." },
  {
    id: "AwsSolutions-CFR2",
    reason:
      "Every route is throttled at API Gateway and proves its caller by token or signature; the pages are static. A web ACL is the operator's choice and cost.",
  },
  {
    id: "AwsSolutions-CFR4",
    reason:
      "CloudFront's own certificate fixes the protocol list. The minimum of TLS 1.2 takes effect with a domain of the operator's own.",
  },
];

const userPool: Reasons = [
  {
    id: "AwsSolutions-COG2",
    reason: "Customers may turn on an authenticator app. To force it on every one of them is the operator's decision.",
  },
  { id: "AwsSolutions-COG3", reason: "Threat protection needs Cognito's Plus plan, whose price per user is the operator's decision." },
];

/**
 * Says of every cdk-nag finding that stays why it stays. Matched by construct, never for a whole stack, so a new construct
 * comes without an excuse. The reasons land in the template's metadata, where an auditor reads them.
 */
export function audit(stack: Stack): void {
  // A Lambda that SST adds to every stack for features that are not used here, with a role of its own.
  stack.node.tryRemoveChild("CustomResourceHandler");
  for (const construct of stack.node.findAll()) {
    const reasons = reasonsFor(construct);
    if (reasons.length > 0) NagSuppressions.addResourceSuppressions(construct, [...reasons], true);
  }
}

function reasonsFor(construct: IConstruct): Reasons {
  const { id, path } = construct.node;
  const isUploader = path.includes("/Custom::CDKBucketDeployment");
  if (isUploader) return id.startsWith("Custom::CDKBucketDeployment") ? uploader : [];
  if (construct instanceof Role) return functionRole;
  if (construct instanceof Lambda) return construct.deadLetterQueue ? [] : answering;
  if (construct instanceof EventSourceMapping) return mapping;
  if (construct instanceof CfnRoute) return construct.authorizationType === "NONE" ? publicRoute : [];
  if (construct instanceof Queue) return construct.deadLetterQueue ? [] : deadLetters;
  if (construct instanceof Distribution) return distribution;
  if (construct instanceof UserPool) return userPool;
  return [];
}
