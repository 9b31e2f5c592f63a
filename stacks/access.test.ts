import { beforeAll, describe, expect, it } from "vitest";
import type { Access } from "./access.ts";
import { consumers } from "./consumers.ts";
import { environmentNames } from "./environment.ts";
import { routes } from "./routes.ts";
import { schedules } from "./schedules.ts";
import { type Synthesised, synthesise } from "./synthesise.ts";
import { functionsByRow, type Resource, resolver, resourcesOf } from "./template-reader.ts";

interface Row {
  readonly access: Access;
  /** What the trigger itself needs, as `action on resource`. */
  readonly trigger: readonly string[];
}

const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
const rows: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(Object.entries(routes).map(([key, { access }]) => [key, { access, trigger: [] }])),
  ...Object.fromEntries(
    Object.entries(consumers).map(([name, { access }]) => [
      `consume ${name}`,
      {
        access,
        trigger: ["ReceiveMessage", "ChangeMessageVisibility", "GetQueueUrl", "DeleteMessage", "GetQueueAttributes"].map(
          (action) => `sqs:${action} on queue ${name}`,
        ),
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(schedules).map(([name, { access }]) => [
      `every ${pascal(name)}`,
      { access, trigger: ["sqs:SendMessage on queue schedules-dead"] },
    ]),
  ),
};

const words: Readonly<Record<string, string>> = {
  get: "GetItem",
  getMany: "BatchGetItem",
  query: "Query",
  put: "PutItem",
  update: "UpdateItem",
  delete: "DeleteItem",
  check: "ConditionCheckItem",
};

function expected({ access, trigger }: Row): string[] {
  const { table = [], indexes = [], send = [], count = [], peek = [], redrive = [], secrets = [] } = access;
  return [
    "logs:CreateLogStream on its log group",
    "logs:PutLogEvents on its log group",
    "xray:PutTraceSegments on *",
    "xray:PutTelemetryRecords on *",
    ...table.map((word) => `dynamodb:${words[word]} on table`),
    ...indexes.map((index) => `dynamodb:Query on table/index/${index}`),
    ...[...send, ...redrive].map((queue) => `sqs:SendMessage on queue ${queue}`),
    ...count.flatMap((queue) => [queue, `${queue}-dead`].map((each) => `sqs:GetQueueAttributes on queue ${each}`)),
    ...[...peek, ...redrive].map((queue) => `sqs:ReceiveMessage on queue ${queue}-dead`),
    ...redrive.map((queue) => `sqs:DeleteMessage on queue ${queue}-dead`),
    ...secrets.map((secret) => `ssm:GetParameters on arn:aws:ssm:us-east-1:123456789012:parameter/sst/aira/test/Secret/${secret}/value`),
    ...trigger,
  ].sort();
}

let app: Synthesised;
let functions: Map<string, Resource>;
let resolve: (value: unknown) => string;
beforeAll(async () => {
  app = await synthesise({ stage: "test" });
  functions = functionsByRow(app);
  resolve = resolver(app, app.templates.Application);
});

/** Every statement of the function's role, inline or attached, a line per action and resource. */
function granted(fn: Resource): string[] {
  const roleId = resolve(fn.properties.Role);
  const role = resourcesOf(app.templates.Application, "AWS::IAM::Role").find(({ id }) => id === roleId)!;
  expect(role.properties.ManagedPolicyArns).toBeUndefined();
  const attached = resourcesOf(app.templates.Application, "AWS::IAM::Policy").filter(({ properties }) =>
    properties.Roles.some((holder: unknown) => resolve(holder) === roleId),
  );
  const documents = [...role.properties.Policies, ...attached.map(({ properties }) => properties)].map(
    ({ PolicyDocument }) => PolicyDocument,
  );
  const ownLogs = resolve(fn.properties.LoggingConfig.LogGroup);
  return documents
    .flatMap(({ Statement }) => Statement)
    .flatMap(({ Effect, Action, Resource: resource, ...others }) => {
      expect({ Effect, ...others }).toEqual({ Effect: "Allow" });
      return [Action].flat().flatMap((action) => [resource].flat().map((on) => `${action} on ${resolve(on)}`));
    })
    .map((line) => line.replace(` on ${ownLogs}`, " on its log group"))
    .sort();
}

it("every row has a function of its own, and there is no function without a row", () => {
  expect([...functions.keys()].sort()).toEqual(Object.keys(rows).sort());
  const roles = [...functions.values()].map(({ properties }) => resolve(properties.Role));
  expect(new Set(roles).size).toBe(roles.length);
  const rest = resourcesOf(app.templates.Application, "AWS::Lambda::Function").filter(
    (fn) => ![...functions.values()].some(({ id }) => id === fn.id),
  );
  expect(rest.map(({ id }) => id.slice(0, -40))).toEqual([expect.stringMatching(/^CustomCDKBucketDeployment/)]);
});

describe.each(Object.entries(rows))("%s", (key, row) => {
  it("may do what its access says and nothing else", () => {
    expect(granted(functions.get(key)!)).toEqual(expected(row));
  });

  it("is told of what it may touch and of nothing else", () => {
    // SST's own four, none of which Aira reads.
    const { SST_APP, SST_STAGE, SST_SSM_PREFIX, AWS_NODEJS_CONNECTION_REUSE_ENABLED, ...own } =
      functions.get(key)!.properties.Environment.Variables;
    expect(Object.keys(own).sort()).toEqual([...environmentNames(row.access)].sort());
  });
});

it("the webhook's ingress can send to its queue and read its one secret, and nothing else", () => {
  const beyondLogsAndTraces = granted(functions.get("POST /api/payment/webhook")!).filter((line) => !/^(logs|xray):/.test(line));
  expect(beyondLogsAndTraces).toEqual([
    "sqs:SendMessage on queue payments",
    "ssm:GetParameters on arn:aws:ssm:us-east-1:123456789012:parameter/sst/aira/test/Secret/STRIPE_WEBHOOK_SECRETS/value",
  ]);
});

it("an operator's redrive takes from the dead letters and sends to their queue, and touches nothing else", () => {
  const beyondLogsAndTraces = granted(functions.get("POST /api/operator/queues/{queue}/redrive")!).filter(
    (line) => !/^(logs|xray):/.test(line),
  );
  expect(beyondLogsAndTraces).toEqual([
    "sqs:DeleteMessage on queue payments-dead",
    "sqs:DeleteMessage on queue reports-dead",
    "sqs:DeleteMessage on queue telephony-dead",
    "sqs:ReceiveMessage on queue payments-dead",
    "sqs:ReceiveMessage on queue reports-dead",
    "sqs:ReceiveMessage on queue telephony-dead",
    "sqs:SendMessage on queue payments",
    "sqs:SendMessage on queue reports",
    "sqs:SendMessage on queue telephony",
  ]);
});

it("no environment holds a secret: only the path of its parameter", () => {
  const { STRIPE_WEBHOOK_SECRETS_PARAMETER, ...others } = functions.get("POST /api/payment/webhook")!.properties.Environment.Variables;
  expect(STRIPE_WEBHOOK_SECRETS_PARAMETER).toBe("/sst/aira/test/Secret/STRIPE_WEBHOOK_SECRETS/value");
  expect(others).not.toHaveProperty("STRIPE_WEBHOOK_SECRETS");
  for (const template of Object.values(app.templates))
    expect(JSON.stringify(template.toJSON())).not.toMatch(/\{\{resolve:|sk_(test|live)_|whsec_|AC[0-9a-f]{32}/);
});

it("what the operator decides is told as it was set, and what was not set as its default, or empty", () => {
  const { Variables } = functions.get("POST /api/numbers/purchase")!.properties.Environment;
  expect(Variables).toMatchObject({ NUMBERS_PER_OWNER: "20", EXCHANGE_RATES: "INR=90.00", TWILIO_ADDRESSES: "" });
  expect(functions.get("GET /api/numbers")!.properties.Environment.Variables).not.toHaveProperty("EXCHANGE_RATES");
});

it("the environment's values are those of the resources", () => {
  const { Variables } = functions.get("POST /api/payment/webhook")!.properties.Environment;
  expect(resolve(Variables.PAYMENTS_QUEUE_URL)).toBe("queue payments");
  const operator = functions.get("GET /api/operator/queues")!.properties.Environment.Variables;
  expect(resolve(operator.PAYMENTS_DEAD_QUEUE_URL)).toBe("queue payments-dead");
  expect(resolve(functions.get("GET /api/wallet/balance")!.properties.Environment.Variables.TABLE_NAME)).toBe("table");
  expect(resolve(Variables.PUBLIC_URL)).toMatch(/^https:\/\/Distribution/);
  expect(Variables).toMatchObject({
    STAGE: "test",
    LOG_LEVEL: "INFO",
    POWERTOOLS_SERVICE_NAME: "aira-test",
    POWERTOOLS_METRICS_NAMESPACE: "aira",
  });
});

it("the fallback of calls and texts can read the one secret that it verifies by, and nothing else", () => {
  const beyondLogsAndTraces = granted(functions.get("POST /api/voice-agent/fallback")!).filter((line) => !/^(logs|xray):/.test(line));
  expect(beyondLogsAndTraces).toEqual([
    "ssm:GetParameters on arn:aws:ssm:us-east-1:123456789012:parameter/sst/aira/test/Secret/TWILIO_AUTH_TOKENS/value",
  ]);
});
