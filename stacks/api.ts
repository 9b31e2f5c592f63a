import { type CfnStage, CorsHttpMethod, HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Duration } from "aws-cdk-lib/core";
import { Api, type App, type FunctionProps, type Stack } from "sst/constructs";
import { type Route, routes } from "./routes.ts";
import type { Settings } from "./settings.ts";
import { stagePolicy } from "./stage.ts";

/** For a path that no row names: API Gateway answers it 404 by itself. */
const defaultThrottle = { rate: 50, burst: 100 } as const;

/** Each line of the access log. No address, path parameter, query or claim: nothing in it leads to a customer. */
const accessLogFormat = {
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  routeKey: "$context.routeKey",
  status: "$context.status",
  responseLength: "$context.responseLength",
  latencyMs: "$context.responseLatency",
  integrationLatencyMs: "$context.integrationLatency",
  integrationStatus: "$context.integrationStatus",
  error: "$context.error.responseType",
} as const;

/** An identifier made of a row's name: `GET /api/wallet/balance` becomes `GetApiWalletBalance`. */
export const constructId = (name: string) =>
  name
    .split(/[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])/)
    .map((word) => (/^[A-Z]+$/.test(word) ? word[0] + word.slice(1).toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1)))
    .join("");

/** The HTTP API, still without routes: CloudFront needs its address first, and the routes need CloudFront's. */
export function createHttpApi(stack: Stack, { corsOrigins }: Settings): HttpApi {
  const app = stack.node.root as App;
  const methods = [...new Set(Object.keys(routes).map((key) => methodOf(key)))];
  return new HttpApi(stack, "HttpApi", {
    apiName: app.logicalPrefixedName("api"),
    ...(corsOrigins.length > 0
      ? {
          corsPreflight: {
            allowOrigins: [...corsOrigins],
            allowMethods: methods.map((method) => CorsHttpMethod[method]),
            allowHeaders: ["authorization", "content-type", "idempotency-key"],
            exposeHeaders: ["content-disposition", "idempotency-replayed", "link", "retry-after", "x-request-id"],
            maxAge: Duration.hours(1),
          },
        }
      : {}),
  });
}

/** The authorizer, and a function, a throttle and metrics per row of routes.ts. */
export function addRoutes(
  stack: Stack,
  httpApi: HttpApi,
  tokens: { readonly issuer: string; readonly audience: string; readonly scope: string },
  functionOf: (id: string, route: Route) => FunctionProps,
): void {
  const api = new Api(stack, "Api", {
    cdk: { httpApi },
    authorizers: { jwt: { type: "jwt", jwt: { issuer: tokens.issuer, audience: [tokens.audience] } } },
  });
  for (const [key, route] of Object.entries(routes)) {
    const props = functionOf(constructId(key), route);
    api.addRoutes(stack, {
      [key]:
        route.auth === "jwt"
          ? // The scope tells an access token from an ID token, which the authorizer alone would let through.
            { function: props, authorizer: "jwt", authorizationScopes: [tokens.scope] }
          : { function: props, authorizer: "none" },
    });
  }
  configureStage(stack, httpApi);
}

function configureStage(stack: Stack, httpApi: HttpApi): void {
  const { removalPolicy, logRetention } = stagePolicy(stack.stage);
  const accessLog = new LogGroup(stack, "ApiAccessLog", { retention: logRetention, removalPolicy });
  const stage = httpApi.defaultStage!.node.defaultChild as CfnStage;
  stage.accessLogSettings = { destinationArn: accessLog.logGroupArn, format: JSON.stringify(accessLogFormat) };
  stage.defaultRouteSettings = {
    throttlingRateLimit: defaultThrottle.rate,
    throttlingBurstLimit: defaultThrottle.burst,
    detailedMetricsEnabled: true,
  };
  // CloudFormation's own spelling: CDK types this property as any object and passes it through.
  stage.routeSettings = Object.fromEntries(
    Object.entries(routes).map(([key, { throttle }]) => [
      key,
      { ThrottlingRateLimit: throttle.rate, ThrottlingBurstLimit: throttle.burst, DetailedMetricsEnabled: true },
    ]),
  );
  // A stage with settings for a route that is not there yet is refused.
  for (const child of stack.node.children) if (child.node.id.startsWith("Route_")) stage.node.addDependency(child);
}

function methodOf(routeKey: string) {
  const method = routeKey.split(" ")[0];
  if (method !== "GET" && method !== "POST" && method !== "PATCH" && method !== "DELETE") {
    throw new Error(`${routeKey} in routes.ts must start with GET, POST, PATCH or DELETE`);
  }
  return method;
}
