import type { Template } from "aws-cdk-lib/assertions";
import type { Synthesised } from "./synthesise.ts";

/** A resource of a template under its logical id. */
export interface Resource {
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation's JSON, whose shape the assertions state
  readonly properties: any;
  readonly deletionPolicy: string | undefined;
}

/** The resources of a type. */
export function resourcesOf(template: Template, type: string): Resource[] {
  return Object.entries(template.findResources(type)).map(([id, resource]) => ({
    id,
    properties: resource.Properties,
    deletionPolicy: resource.DeletionPolicy,
  }));
}

/** The only resource of a type. */
export function onlyResource(template: Template, type: string): Resource {
  const [first, ...others] = resourcesOf(template, type);
  if (!first || others.length > 0) throw new Error(`expected one ${type}, found ${others.length + (first ? 1 : 0)}`);
  return first;
}

/**
 * Makes a template's value a plain string: imports are followed into the stack that exports them, and resources become their
 * names (`table`, `queue payments`) or else their logical ids.
 */
export function resolver({ templates }: Synthesised, of: Template): (value: unknown) => string {
  const json = of.toJSON();
  const resolve = (value: unknown): string => {
    if (typeof value !== "object" || value === null) return String(value);
    const [[name, argument]] = Object.entries(value) as [[string, unknown]];
    if (name === "Ref" || name === "Fn::GetAtt") {
      const id = name === "Ref" ? String(argument) : (argument as string[])[0]!;
      return id === "AWS::Partition" ? "aws" : nameOf(id, json.Resources[id]);
    }
    if (name === "Fn::Join") {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(resolve).join(separator);
    }
    if (name === "Fn::ImportValue") {
      for (const template of Object.values(templates)) {
        const output = Object.values(template.findOutputs("*")).find(({ Export }) => Export?.Name === argument);
        if (output) return resolver({ templates } as Synthesised, template)(output.Value);
      }
    }
    throw new Error(`cannot read ${JSON.stringify(value)}`);
  };
  return resolve;
}

function nameOf(id: string, resource: { Type: string; Properties?: { QueueName?: string } } | undefined): string {
  if (resource?.Type === "AWS::DynamoDB::Table") return "table";
  if (resource?.Type === "AWS::SQS::Queue") return `queue ${resource.Properties?.QueueName?.split("-").slice(2).join("-")}`;
  return id;
}

/** The functions of the application by the row that they serve: a route's key, `consume <queue>` or `every <handler>`. */
export function functionsByRow(app: Synthesised): Map<string, Resource> {
  const { Application } = app.templates;
  const resolve = resolver(app, Application);
  const functions = new Map(resourcesOf(Application, "AWS::Lambda::Function").map((resource) => [resource.id, resource]));
  const rows = new Map<string, Resource>();
  for (const { properties } of resourcesOf(Application, "AWS::ApiGatewayV2::Route")) {
    const integration = Application.toJSON().Resources[resolve(properties.Target).replace("integrations/", "")];
    rows.set(properties.RouteKey, functions.get(resolve(integration.Properties.IntegrationUri))!);
  }
  for (const { properties } of resourcesOf(Application, "AWS::Lambda::EventSourceMapping")) {
    rows.set(`consume ${resolve(properties.EventSourceArn).replace("queue ", "")}`, functions.get(resolve(properties.FunctionName))!);
  }
  for (const { id, properties } of resourcesOf(Application, "AWS::Events::Rule")) {
    rows.set(`every ${id.replace(/^Every(.*)Rule[0-9A-F]{8}$/, "$1")}`, functions.get(resolve(properties.Targets[0].Arn))!);
  }
  return rows;
}
