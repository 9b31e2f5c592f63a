import { beforeAll, expect, it } from "vitest";
import { constructId } from "./api.ts";
import { consumers } from "./consumers.ts";
import { routes } from "./routes.ts";
import { schedules } from "./schedules.ts";
import { type Synthesised, synthesise } from "./synthesise.ts";
import { table } from "./table.ts";
import { functionsByRow, onlyResource, type Resource, resolver, resourcesOf } from "./template-reader.ts";

let app: Synthesised;
let functions: Map<string, Resource>;
let resolve: (value: unknown) => string;
beforeAll(async () => {
  app = await synthesise({ stage: "test" });
  functions = functionsByRow(app);
  resolve = resolver(app, app.templates.Application);
});

const stage = () => onlyResource(app.templates.Application, "AWS::ApiGatewayV2::Stage").properties;

it("the API has the routes of the table, each with its authorization", () => {
  const found = resourcesOf(app.templates.Application, "AWS::ApiGatewayV2::Route").map(({ properties }) => [
    properties.RouteKey,
    properties.AuthorizationType === "JWT" ? "jwt" : "none",
    properties.AuthorizationScopes,
  ]);
  const wanted = Object.entries(routes).map(([key, { auth }]) => [key, auth, auth === "jwt" ? ["aira/api"] : undefined]);
  expect(found.sort()).toEqual(wanted.sort());
});

it("every route calls its function in payload 2.0, below API Gateway's own limit", () => {
  for (const { properties } of resourcesOf(app.templates.Application, "AWS::ApiGatewayV2::Integration")) {
    expect(properties).toMatchObject({ IntegrationType: "AWS_PROXY", PayloadFormatVersion: "2.0" });
  }
  for (const { timeoutSeconds } of Object.values(routes)) expect(timeoutSeconds).toBeLessThan(30);
});

it("every function has the timeout and the memory of its row", () => {
  const rows = {
    ...routes,
    ...Object.fromEntries(Object.entries(consumers).map(([name, row]) => [`consume ${name}`, row])),
    ...Object.fromEntries(Object.entries(schedules).map(([name, row]) => [`every ${constructId(name)}`, row])),
  };
  for (const [key, row] of Object.entries(rows)) {
    expect(functions.get(key)!.properties, key).toMatchObject({
      Timeout: row.timeoutSeconds,
      MemorySize: row.memoryMb,
      Architectures: ["arm64"],
      TracingConfig: { Mode: "Active" },
    });
  }
});

it("every route is throttled and measured as its row says, and unknown paths are throttled too", () => {
  expect(stage().RouteSettings).toEqual(
    Object.fromEntries(
      Object.entries(routes).map(([key, { throttle }]) => [
        key,
        { ThrottlingRateLimit: throttle.rate, ThrottlingBurstLimit: throttle.burst, DetailedMetricsEnabled: true },
      ]),
    ),
  );
  expect(stage().DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100, DetailedMetricsEnabled: true });
});

it("the access log holds nothing that leads to a customer", () => {
  const fields = [...String(stage().AccessLogSettings.Format).matchAll(/\$context\.([\w.]+)/g)].map(([, field]) => field);
  expect(fields).toContain("requestId");
  expect(fields).toContain("status");
  for (const field of fields) expect(field).not.toMatch(/identity|authorizer|querystring|header|path|sourceIp|userAgent|domainName/i);
});

it("every queue and its dead letters are those of the table", () => {
  const queues = new Map(resourcesOf(app.templates.Data, "AWS::SQS::Queue").map(({ properties }) => [properties.QueueName, properties]));
  expect([...queues.keys()].sort()).toEqual(
    Object.keys(consumers)
      .flatMap((name) => [`test-aira-${name}`, `test-aira-${name}-dead`])
      .sort(),
  );
  const inData = resolver(app, app.templates.Data);
  for (const [name, consumer] of Object.entries(consumers)) {
    const queue = queues.get(`test-aira-${name}`);
    const dead = queues.get(`test-aira-${name}-dead`);
    expect(queue).toMatchObject({ VisibilityTimeout: consumer.visibilitySeconds, SqsManagedSseEnabled: true });
    expect(dead).toMatchObject({ SqsManagedSseEnabled: true });
    expect(queue.FifoQueue).toBeUndefined();
    expect(queue.RedrivePolicy.maxReceiveCount).toBe(consumer.maxReceives);
    expect(inData(queue.RedrivePolicy.deadLetterTargetArn)).toBe(`queue ${name}-dead`);
    expect(dead.MessageRetentionPeriod).toBeGreaterThan(queue.MessageRetentionPeriod);
    // With every receive timing out, the message must reach the dead letters before the source forgets it.
    expect(consumer.maxReceives * consumer.visibilitySeconds).toBeLessThan(queue.MessageRetentionPeriod);
    expect(consumer.visibilitySeconds).toBeGreaterThanOrEqual(6 * consumer.timeoutSeconds);
  }
});

it("every queue refuses what does not come by TLS", () => {
  for (const template of [app.templates.Data, app.templates.Application]) {
    const policies = resourcesOf(template, "AWS::SQS::QueuePolicy");
    expect(policies).toHaveLength(resourcesOf(template, "AWS::SQS::Queue").length);
    for (const { properties } of policies) {
      expect(properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: "Deny", Action: "sqs:*", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      );
    }
  }
});

it("every consumer takes batches as its row says, and fails message by message", () => {
  const mappings = new Map(
    resourcesOf(app.templates.Application, "AWS::Lambda::EventSourceMapping").map(({ properties }) => [
      resolve(properties.EventSourceArn),
      properties,
    ]),
  );
  expect(mappings.size).toBe(Object.keys(consumers).length);
  for (const [name, consumer] of Object.entries(consumers)) {
    expect(mappings.get(`queue ${name}`)).toMatchObject({
      BatchSize: consumer.batchSize,
      MaximumBatchingWindowInSeconds: consumer.batchWindowSeconds,
      ScalingConfig: { MaximumConcurrency: consumer.maxConcurrency },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
  }
});

it("every schedule runs as its row says, and a run that could not start is kept", () => {
  const rules = resourcesOf(app.templates.Application, "AWS::Events::Rule");
  expect(rules).toHaveLength(Object.keys(schedules).length);
  for (const [name, { every }] of Object.entries(schedules)) {
    const rule = rules.find(({ id }) => id.startsWith(`Every${constructId(name)}Rule`));
    expect(rule?.properties).toMatchObject({ ScheduleExpression: every, State: "ENABLED" });
    expect(resolve(rule!.properties.Targets[0].DeadLetterConfig.Arn)).toBe("queue schedules-dead");
    const { DeadLetterConfig } = functions.get(`every ${constructId(name)}`)!.properties;
    expect(resolve(DeadLetterConfig.TargetArn)).toBe("queue schedules-dead");
  }
});

it("the table has the keys, the indexes and the expiry of the data file, on demand, encrypted and restorable", () => {
  const { properties } = onlyResource(app.templates.Data, "AWS::DynamoDB::Table");
  const keySchema = (key: { partitionKey: string; sortKey: string }) => [
    { AttributeName: key.partitionKey, KeyType: "HASH" },
    { AttributeName: key.sortKey, KeyType: "RANGE" },
  ];
  expect(properties.KeySchema).toEqual(keySchema(table.primary));
  expect(properties.GlobalSecondaryIndexes).toEqual(
    Object.entries(table.indexes).map(([IndexName, index]) => ({
      IndexName,
      KeySchema: keySchema(index),
      Projection: { ProjectionType: index.projection.toUpperCase() },
    })),
  );
  expect(properties.AttributeDefinitions).toHaveLength(2 + 2 * Object.keys(table.indexes).length);
  for (const { AttributeType } of properties.AttributeDefinitions) expect(AttributeType).toBe("S");
  expect(properties).toMatchObject({
    BillingMode: "PAY_PER_REQUEST",
    TimeToLiveSpecification: { AttributeName: table.ttl, Enabled: true },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    SSESpecification: { SSEEnabled: true },
  });
});
