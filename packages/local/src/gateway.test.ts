import type { APIGatewayProxyEventV2WithJWTAuthorizer } from "aws-lambda";
import { afterEach, expect, test } from "vitest";
import type { Authorizer } from "./authorizer.ts";
import { send } from "./fixtures/http.ts";
import { createGateway } from "./gateway.ts";
import { type LocalServer, openServer } from "./http-server.ts";
import type { Handler } from "./invocation.ts";

type GatewayEvent = APIGatewayProxyEventV2WithJWTAuthorizer;

let server: LocalServer | undefined;
afterEach(() => server?.close());

interface Setup {
  readonly corsOrigins?: readonly string[];
  readonly authorize?: Authorizer;
  readonly timeoutSeconds?: number;
  readonly integrationTimeoutMs?: number;
  readonly routes?: readonly string[];
  readonly log?: (line: string) => void;
}

async function gateway(handler: Handler, setup: Setup = {}): Promise<string> {
  const { routes = ["GET /api/things", "POST /api/things", "GET /api/things/{thingId}", "GET /api/things/special"], timeoutSeconds = 5 } =
    setup;
  const fn = { name: "things", handler, timeoutSeconds, memoryMb: 128 };
  server = await openServer("app", 0);
  server.handle(
    createGateway({
      routes: Object.fromEntries(routes.map((key) => [key, { auth: setup.authorize ? "jwt" : "none", fn }])),
      authorize: setup.authorize ?? (async () => ({ status: 401, challenge: "Bearer" })),
      corsOrigins: setup.corsOrigins ?? [],
      clock: () => Date.UTC(2020, 2, 12, 19, 3, 58, 123),
      log: setup.log ?? (() => {}),
      ...(setup.integrationTimeoutMs === undefined ? {} : { integrationTimeoutMs: setup.integrationTimeoutMs }),
    }),
  );
  return server.url;
}

const echo: Handler = (event) => event;
const eventOf = (body: string): GatewayEvent => JSON.parse(body);

test("an event has the shape of API Gateway's payload format 2.0", async () => {
  const url = await gateway(echo, {
    authorize: async () => ({ claims: { sub: "demo", "cognito:groups": "[a b]" }, scopes: ["aira/api"] }),
  });
  const { body } = await send(url, "/api/things/a%20b?p=1&p=2&q=x%26y", {
    headers: [
      ["X-Twice", "one"],
      ["x-twice", "two"],
      ["Cookie", "a=1; b=2"],
      ["User-Agent", "tests"],
    ],
  });
  const { host } = new URL(url);
  expect(eventOf(body)).toEqual({
    version: "2.0",
    routeKey: "GET /api/things/{thingId}",
    rawPath: "/api/things/a b",
    rawQueryString: "p=1&p=2&q=x%26y",
    cookies: ["a=1", "b=2"],
    headers: {
      host,
      "x-twice": "one,two",
      "user-agent": "tests",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-port": new URL(url).port,
      "x-forwarded-proto": "http",
    },
    queryStringParameters: { p: "1,2", q: "x&y" },
    requestContext: {
      accountId: "000000000000",
      apiId: "local",
      authorizer: { jwt: { claims: { sub: "demo", "cognito:groups": "[a b]" }, scopes: ["aira/api"] } },
      domainName: host,
      domainPrefix: "local",
      http: { method: "GET", path: "/api/things/a b", protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "tests" },
      requestId: expect.stringMatching(/^[\w-]{15}$/),
      routeKey: "GET /api/things/{thingId}",
      stage: "$default",
      time: "12/Mar/2020:19:03:58 +0000",
      timeEpoch: 1_584_039_838_123,
    },
    pathParameters: { thingId: "a b" },
    isBase64Encoded: false,
  });
});

test("what a request does not have is absent from the event", async () => {
  const url = await gateway(echo);
  const event = eventOf((await send(url, "/api/things")).body);
  for (const field of ["cookies", "queryStringParameters", "pathParameters", "body", "stageVariables"])
    expect(event).not.toHaveProperty(field);
  expect(event.requestContext).not.toHaveProperty("authorizer");
});

// As measured at AWS: see gateway-event.ts.
test.each([
  ["application/json", "text"],
  ["application/json; charset=utf-8", "text"],
  ["Application/JSON", "text"],
  ["text/plain", "text"],
  ["application/xml", "text"],
  ["application/x-www-form-urlencoded", "base64"],
  ["application/octet-stream", "base64"],
  ["application/vnd.api+json", "base64"],
  [undefined, "base64"],
])("a body of type %s reaches the function as %s", async (type, form) => {
  const url = await gateway(echo);
  const sent = "Body=%E0%A4%A8&Empty=";
  const { body } = await send(url, "/api/things", {
    method: "POST",
    body: sent,
    headers: type === undefined ? [] : [["content-type", type]],
  });
  const event = eventOf(body);
  expect(event.isBase64Encoded).toBe(form === "base64");
  expect(event.body).toBe(form === "base64" ? Buffer.from(sent).toString("base64") : sent);
});

test("bytes that are no text survive", async () => {
  const url = await gateway((event) => {
    const { body = "", isBase64Encoded } = event as GatewayEvent;
    return { statusCode: 200, headers: { "content-type": "application/octet-stream" }, body, isBase64Encoded };
  });
  const bytes = Buffer.from([0, 255, 128, 10, 13]);
  const response = await fetch(`${url}/api/things`, { method: "POST", body: bytes });
  expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
});

test.each([
  ["GET", "/api/things/special", "GET /api/things/special"],
  ["GET", "/api/things/other", "GET /api/things/{thingId}"],
  ["GET", "/api/things/a%2Fb", "GET /api/things/{thingId}"],
  ["GET", "/api/things/", undefined],
  ["GET", "/api/things/a/b", undefined],
  ["GET", "/api/things/%zz", undefined],
  ["DELETE", "/api/things", undefined],
  ["GET", "/api/nothing", undefined],
  ["GET", "/api", undefined],
])("%s %s is routed to %s", async (method, path, routeKey) => {
  const url = await gateway(echo);
  const { status, body } = await send(url, path, { method });
  if (routeKey === undefined) expect([status, JSON.parse(body)]).toEqual([404, { message: "Not Found" }]);
  else expect(eventOf(body).routeKey).toBe(routeKey);
});

test.each([
  ["an object without statusCode", { a: 1 }, 200, "application/json", '{"a":1}'],
  ["a string", "Hello", 200, "application/json", "Hello"],
  ["nothing", undefined, 200, "application/json", "null"],
  ["a response", { statusCode: 201, headers: { "Content-Type": "text/csv" }, body: "a,b" }, 201, "text/csv", "a,b"],
  ["a response without a type", { statusCode: 200, body: "x" }, 200, "text/plain;charset=UTF-8", "x"],
  ["a base64 response", { statusCode: 200, body: "aGk=", isBase64Encoded: true }, 200, "text/plain;charset=UTF-8", "hi"],
  ["a body that is no string", { statusCode: 200, body: { a: 1 } }, 500, "application/json", '{"message":"Internal Server Error"}'],
  ["a status that is none", { statusCode: "abc" }, 500, "application/json", '{"message":"Internal Server Error"}'],
])("a function that returns %s is answered as by payload format 2.0", async (_what, result, status, type, body) => {
  const url = await gateway(() => result);
  const answer = await send(url, "/api/things");
  expect([answer.status, answer.headers["content-type"], answer.body]).toEqual([status, type, body]);
});

test("cookies and the request id go back as headers", async () => {
  const url = await gateway(() => ({ statusCode: 204, cookies: ["a=1; Secure", "b=2"] }));
  const answer = await send(url, "/api/things");
  expect(answer.headers["set-cookie"]).toEqual(["a=1; Secure", "b=2"]);
  expect(answer.headers["apigw-requestid"]).toMatch(/^[\w-]{15}$/);
  expect(answer.headers).not.toHaveProperty("content-type");
});

test("a function that throws is a 500 without its message, and the log has the reason", async () => {
  const lines: string[] = [];
  const url = await gateway(
    () => {
      throw new Error("secret detail");
    },
    { log: (line) => lines.push(line) },
  );
  const { status, body } = await send(url, "/api/things");
  expect([status, body]).toEqual([500, '{"message":"Internal Server Error"}']);
  expect(lines.join()).toContain("secret detail");
});

test("a function that misses its own timeout is a 500, as at AWS", async () => {
  const url = await gateway(() => new Promise(() => {}), { timeoutSeconds: 0.05 });
  expect((await send(url, "/api/things")).status).toBe(500);
});

test("a function that outlasts the gateway's limit is a 503", async () => {
  const url = await gateway(() => new Promise((resolve) => setTimeout(resolve, 500)), { integrationTimeoutMs: 50 });
  const { status, body } = await send(url, "/api/things");
  expect([status, body]).toEqual([503, '{"message":"Service Unavailable"}']);
});

test.each([
  ["a body over API Gateway's 10 MB", 10 * 1024 * 1024 + 1],
  ["a body over Lambda's 6 MB once in base64", 5 * 1024 * 1024],
])("%s is a 413 and never reaches the function", async (_what, size) => {
  let calls = 0;
  const url = await gateway(() => ++calls);
  const { status, body } = await send(url, "/api/things", { method: "POST", body: Buffer.alloc(size) });
  expect([status, body, calls]).toEqual([413, '{"message":"Request Entity Too Large"}', 0]);
});

test("a large body to a route that refuses still gets its answer", async () => {
  const url = await gateway(echo, { authorize: async () => ({ status: 401, challenge: "Bearer" }) });
  expect((await send(url, "/api/things", { method: "POST", body: Buffer.alloc(8 * 1024 * 1024) })).status).toBe(401);
});

test("headers over 10,240 bytes are a 431, just below they pass", async () => {
  const url = await gateway(echo);
  const answer = await send(url, "/api/things", { headers: [["x-large", "x".repeat(10_240)]] });
  expect([answer.status, answer.body]).toEqual([431, '{"message":"Request Header Fields Too Large"}']);
  expect((await send(url, "/api/things", { headers: [["x-large", "x".repeat(10_000)]] })).status).toBe(200);
});

test("an answer over Lambda's 6 MB is a 500", async () => {
  const url = await gateway(() => ({ statusCode: 200, body: "x".repeat(6 * 1024 * 1024) }));
  expect((await send(url, "/api/things")).status).toBe(500);
});

test("an allowed origin gets a preflight answer and may read every answer, refusals included", async () => {
  const origin = "https://shop.example";
  const url = await gateway(echo, { corsOrigins: [origin], authorize: async () => ({ status: 401, challenge: "Bearer" }) });
  const preflight = await send(url, "/api/things", {
    method: "OPTIONS",
    headers: [
      ["origin", origin],
      ["access-control-request-method", "POST"],
    ],
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers).toMatchObject({
    "access-control-allow-origin": origin,
    "access-control-allow-methods": "GET,POST",
    "access-control-allow-headers": "authorization,content-type,idempotency-key",
  });
  const refused = await send(url, "/api/things", { headers: [["origin", origin]] });
  expect([refused.status, refused.headers["access-control-allow-origin"]]).toEqual([401, origin]);
});

test.each(["https://shop.example.evil", "http://shop.example", "null"])("the origin %s gets no leave", async (origin) => {
  const url = await gateway(echo, { corsOrigins: ["https://shop.example"] });
  for (const method of ["GET", "OPTIONS"]) {
    const { headers } = await send(url, "/api/things", {
      method,
      headers: [
        ["origin", origin],
        ["access-control-request-method", "GET"],
      ],
    });
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  }
});

test("without configured origins OPTIONS is a route like any other, which is not there", async () => {
  const url = await gateway(echo);
  expect((await send(url, "/api/things", { method: "OPTIONS" })).status).toBe(404);
});
