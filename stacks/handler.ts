import path from "node:path";
import { readVariable } from "@aira/core/lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Aws } from "aws-cdk-lib/core";
import type { App, FunctionProps, Stack, Table } from "sst/constructs";
import { useProject } from "sst/project.js";
import type { Access } from "./access.ts";
import { aliases, syntax } from "./bundling.ts";
import { deadQueueVariable, environmentNames, queueVariable, secretVariable, settingVariables } from "./environment.ts";
import { metricNamespace, metricService } from "./metrics.ts";
import { modelGrants } from "./model.ts";
import type { QueuePair } from "./queues.ts";
import { secretParameter, secrets } from "./secrets.ts";
import { stagePolicy } from "./stage.ts";

const sources = "packages/functions/src";

/** The item action behind each word of `access`. A transaction is authorised by the actions of its items. */
const itemActions = {
  get: "dynamodb:GetItem",
  getMany: "dynamodb:BatchGetItem",
  query: "dynamodb:Query",
  put: "dynamodb:PutItem",
  update: "dynamodb:UpdateItem",
  delete: "dynamodb:DeleteItem",
  check: "dynamodb:ConditionCheckItem",
} as const satisfies Record<NonNullable<Access["table"]>[number], string>;

/** A row of routes.ts, consumers.ts or schedules.ts, as far as its function is concerned. */
export interface HandlerRow {
  readonly handler: string;
  readonly access: Access;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/** What functions may be given access to. */
export interface Resources {
  readonly table: Table;
  readonly queues: Readonly<Record<string, QueuePair>>;
  readonly publicUrl: string;
}

/**
 * One Lambda of its own role, log group and environment, each made from the row's `access` and from nothing else.
 * SST's `bind` is not used: it would grant `dynamodb:*` and put a parameter per binding into SSM.
 */
export function functionProps(stack: Stack, id: string, row: HandlerRow, resources: Resources): FunctionProps {
  const { removalPolicy, logRetention } = stagePolicy(stack.stage);
  const logGroup = new LogGroup(stack, `${id}Logs`, { retention: logRetention, removalPolicy });
  const role = new Role(stack, `${id}Role`, {
    assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
    inlinePolicies: { Access: new PolicyDocument({ statements: statements(stack, row.access, resources, logGroup) }) },
  });
  return {
    handler: `${sources}/${row.handler}`,
    role,
    logGroup,
    runtime: "nodejs24.x",
    architecture: "arm_64",
    timeout: row.timeoutSeconds,
    memorySize: row.memoryMb,
    tracing: "active",
    environment: environment(stack, row.access, resources),
    nodejs: {
      format: "esm",
      minify: true,
      sourcemap: false,
      esbuild: {
        keepNames: false,
        supported: syntax,
        alias: Object.fromEntries(
          Object.entries(aliases).map(([module, stub]) => [module, path.join(useProject().paths.root, sources, stub)]),
        ),
      },
    },
  };
}

function statements(stack: Stack, access: Access, resources: Resources, logGroup: LogGroup): PolicyStatement[] {
  const { table = [], indexes = [], send = [], count = [], peek = [], redrive = [], secrets: read = [] } = access;
  const arnOf = (name: string) => queueNamed(resources, name).queue.queueArn;
  const deadArnOf = (name: string) => queueNamed(resources, name).dead.queueArn;
  const { tableArn } = resources.table;
  const app = stack.node.root as App;
  const parameterArn = (secret: string) =>
    `arn:${Aws.PARTITION}:ssm:${stack.region}:${stack.account}:parameter${secretParameter(app, secret)}`;
  const where = { partition: Aws.PARTITION, region: stack.region, account: stack.account };
  const allow = (actions: readonly string[], onto: readonly string[]) =>
    actions.length > 0 && onto.length > 0 ? [new PolicyStatement({ actions: [...actions], resources: [...onto] })] : [];
  return [
    ...allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]),
    ...allow(
      table.map((word) => itemActions[word]),
      [tableArn],
    ),
    ...allow(
      ["dynamodb:Query"],
      indexes.map((name) => `${tableArn}/index/${name}`),
    ),
    ...allow(["sqs:SendMessage"], send.map(arnOf)),
    ...allow(["sqs:GetQueueAttributes"], [...count.map(arnOf), ...count.map(deadArnOf)]),
    ...allow(["sqs:ReceiveMessage"], peek.map(deadArnOf)),
    ...allow(["sqs:ReceiveMessage", "sqs:DeleteMessage"], redrive.map(deadArnOf)),
    ...allow(["sqs:SendMessage"], redrive.map(arnOf)),
    ...allow(["ssm:GetParameters"], read.map(parameterArn)),
    ...(access.model ? modelGrants(responderSettings(), where) : []).flatMap(({ actions, resources: onto }) => allow(actions, onto)),
  ];
}

const responderSettings = () => Object.fromEntries(settingVariables.responder.map((name) => [name, readVariable(name)]));

function environment(stack: Stack, access: Access, resources: Resources): Record<string, string> {
  const app = stack.node.root as App;
  const known: Readonly<Record<string, string>> = {
    STAGE: app.stage,
    PUBLIC_URL: resources.publicUrl,
    LOG_LEVEL: "INFO",
    POWERTOOLS_SERVICE_NAME: metricService(app.stage),
    POWERTOOLS_METRICS_NAMESPACE: metricNamespace,
    TABLE_NAME: resources.table.tableName,
    ...Object.fromEntries(Object.entries(resources.queues).map(([name, { queue }]) => [queueVariable(name), queue.queueUrl])),
    ...Object.fromEntries(Object.entries(resources.queues).map(([name, { dead }]) => [deadQueueVariable(name), dead.queueUrl])),
    ...Object.fromEntries(secrets.map((secret) => [secretVariable(secret), secretParameter(app, secret)])),
    // Read and checked here, so that a wrong one stops the deployment and not its functions. An empty one counts as unset.
    ...Object.fromEntries(
      Object.values(settingVariables)
        .flat()
        .map((name) => [name, readVariable(name) ?? ""]),
    ),
  };
  return Object.fromEntries(
    environmentNames(access).map((name) => {
      const value = known[name];
      if (value === undefined) throw new Error(`${name}: the deployment has no value for it; is it in consumers.ts and secrets.ts?`);
      return [name, value];
    }),
  );
}

function queueNamed(resources: Resources, name: string): QueuePair {
  const pair = resources.queues[name];
  if (!pair) throw new Error(`An access names the queue ${name}, which consumers.ts does not have`);
  return pair;
}
