import { DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Runtime, startRuntime } from "../packages/local/src/runtime.ts";
import { type Synthesised, synthesise } from "./synthesise.ts";
import { functionsByRow, onlyResource, resourcesOf } from "./template-reader.ts";

let app: Synthesised;
let local: Runtime;
beforeAll(async () => {
  app = await synthesise({ stage: "test" });
  local = await startRuntime();
});
afterAll(() => local?.stop());

it("the laptop serves the template's routes: those with a token are closed, no other path is open", async () => {
  const routes = resourcesOf(app.templates.Application, "AWS::ApiGatewayV2::Route").map(({ properties }) => properties);
  for (const { RouteKey, AuthorizationType } of routes) {
    const [method, path] = RouteKey.split(" ");
    const answer = await fetch(`${local.url}${path.replace(/\{\w+\}/, "some-id")}`, { method });
    // A webhook refuses by itself what is not signed.
    const status = answer.status === 403 && (await answer.text()).includes("webhook.forbidden") ? 200 : answer.status;
    if (AuthorizationType === "JWT") expect(status, RouteKey).toBe(401);
    else expect([401, 403, 404, 405], RouteKey).not.toContain(status);
  }
  expect((await fetch(`${local.url}/api/no-such-route`)).status).toBe(404);
});

it("the laptop's table has the template's keys, indexes and expiry", async () => {
  const client = new DynamoDBClient({ endpoint: local.tableEndpoint });
  const { Table } = await client.send(new DescribeTableCommand({ TableName: local.tableName }));
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: local.tableName }));
  client.destroy();
  const { properties } = onlyResource(app.templates.Data, "AWS::DynamoDB::Table");
  expect(Table?.KeySchema).toEqual(properties.KeySchema);
  expect(new Set(Table?.AttributeDefinitions)).toEqual(new Set(properties.AttributeDefinitions));
  const indexes = (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
  expect(new Set(indexes)).toEqual(new Set(properties.GlobalSecondaryIndexes));
  expect(TimeToLiveDescription?.AttributeName).toBe(properties.TimeToLiveSpecification.AttributeName);
});

it("the laptop's queues are the template's, with the same visibility, receives and dead letters", async () => {
  const queues = resourcesOf(app.templates.Data, "AWS::SQS::Queue").map(({ properties }) => ({
    ...properties,
    name: properties.QueueName.replace("test-aira-", ""),
  }));
  expect(Object.keys(local.queueUrls).sort()).toEqual(queues.map(({ name }) => name).sort());
  const client = new SQSClient({ endpoint: new URL(Object.values(local.queueUrls)[0]!).origin });
  for (const { name, RedrivePolicy, VisibilityTimeout } of queues) {
    if (!RedrivePolicy) continue;
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl: local.queueUrls[name], AttributeNames: ["All"] }));
    const redrive = JSON.parse(Attributes?.RedrivePolicy ?? "{}");
    expect(Number(Attributes?.VisibilityTimeout)).toBe(VisibilityTimeout);
    expect(Number(redrive.maxReceiveCount)).toBe(RedrivePolicy.maxReceiveCount);
    expect(redrive.deadLetterTargetArn.split(":").at(-1)).toBe(`${name}-dead`);
  }
  client.destroy();
});

it("the laptop sets every variable that the template gives to a function, a secret itself in place of its parameter's name", () => {
  for (const [row, { properties }] of functionsByRow(app)) {
    const names = Object.keys(properties.Environment.Variables).filter((name) => !/^(SST_|AWS_NODEJS_)/.test(name));
    for (const name of names) {
      const value = process.env[name.replace(/_PARAMETER$/, "")];
      // What the operator need not decide is empty, here as there.
      if (properties.Environment.Variables[name] === "") expect(value, `${row}: ${name}`).toBe("");
      else expect(value, `${row}: ${name}`).toBeTruthy();
    }
  }
});

it("the laptop can run every schedule of the template", async () => {
  const rules = resourcesOf(app.templates.Application, "AWS::Events::Rule").map(({ id }) => id.replace(/^Every(.*)Rule[0-9A-F]{8}$/, "$1"));
  for (const rule of rules) await local.tick(rule.charAt(0).toLowerCase() + rule.slice(1));
});
