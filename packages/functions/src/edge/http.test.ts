import { createCheckoutSession, getHealth, getTopUp, listTransactions } from "@aira/contract";
import { AiraError } from "@aira/core/lib";
import { describe, expect, test } from "vitest";
import { answered, contextWith, outputOf, problemIn, requestOf, type Sent } from "../fixtures/invocation.ts";
import { http, type Once } from "./http.ts";
import { Unsettled } from "./unsettled.ts";

const claims = { sub: "owner-1", token_use: "access" };
const topUpId = "top_00000000000000000000000000";
const session = {
  topUpId,
  url: "https://pay.example/1",
  currency: "USD",
  amountMinor: 500,
  state: "open",
  expiresAt: "2026-03-01T12:00:00.000Z",
} as const;

/** Runs what it is given, and remembers nothing. */
const unremembered: Once = async (_request, _log, run) => ({ ...(await run()), replayed: false });

const checkout = http(createCheckoutSession, async () => session, unremembered);
const statement = http(listTransactions, async () => ({ transactions: [], nextCursor: null }));
const topUp = http(getTopUp, async () => {
  throw new AiraError("top_up.not_found", "There is no such top-up.");
});

type Handler = typeof checkout;
const call = async (handler: Handler | typeof statement | typeof topUp, sent: Sent, remainingMs?: number) =>
  (await outputOf(async () => answered(await handler(requestOf(sent), contextWith(remainingMs))))).result;

const post = (over: Sent = {}): Sent => ({
  method: "POST",
  headers: { "content-type": "application/json", "idempotency-key": "key-1" },
  body: JSON.stringify({ currency: "USD", amountMinor: 500 }),
  claims,
  ...over,
});
const withBody = (body: string | Buffer): Sent => post({ body });
const invalid = (...errors: { field: string; rule: string; detail: string }[]) => ({
  status: 400,
  type: "application/problem+json",
  code: "request.invalid",
  detail: errors.length === 1 ? errors[0]?.detail : `${errors.length} fields do not follow the contract.`,
  errors,
});

test("what passes the contract reaches the handler, and its answer the client", async () => {
  const seen: unknown[] = [];
  const handler = http(
    createCheckoutSession,
    async (input, { owner, groups, requestId, idempotencyKey, deadline }) => {
      seen.push({ input, owner, groups, requestId, idempotencyKey, inTime: deadline > Date.now() });
      return session;
    },
    unremembered,
  );
  const answer = await call(handler, post({ claims: { ...claims, "cognito:groups": "[operators support]" } }));
  expect(seen).toEqual([
    {
      input: { params: undefined, query: undefined, body: { currency: "USD", amountMinor: 500 } },
      owner: "owner-1",
      groups: ["operators", "support"],
      requestId: "request-1",
      idempotencyKey: "key-1",
      inTime: true,
    },
  ]);
  expect(answer).toEqual({
    status: 201,
    headers: { "cache-control": "no-store", "x-request-id": "request-1", "content-type": "application/json" },
    body: session,
  });
});

describe("an answer that is not settled", () => {
  const release = (settled: boolean) =>
    http({ ...createCheckoutSession, unsettled: 202 }, async () => (settled ? session : new Unsettled(session)), unremembered);

  test("has the status that says so, and the same shape", async () => {
    expect(await call(release(false), post())).toMatchObject({ status: 202, body: session });
    expect(await call(release(true), post())).toMatchObject({ status: 201, body: session });
  });

  test("tells whoever keeps answers that this one is not to be kept", async () => {
    const kept: unknown[] = [];
    const keeping: Once = async (_request, _log, run) => {
      const answer = await run();
      kept.push(answer.unsettled);
      return { status: answer.status, body: answer.body, replayed: false };
    };
    const operation = { ...createCheckoutSession, unsettled: 202 } as const;
    await call(
      http(operation, async () => new Unsettled(session), keeping),
      post(),
    );
    await call(
      http(operation, async () => session, keeping),
      post(),
    );
    expect(kept).toEqual([true, undefined]);
  });
});

test("a base64 body and its plain text mean the same", async () => {
  expect(await call(checkout, withBody(Buffer.from(JSON.stringify({ currency: "USD", amountMinor: 500 }))))).toMatchObject({ status: 201 });
});

describe("a body that breaks the contract", () => {
  test.each<[string, string, ReturnType<typeof invalid>["errors"]]>([
    [
      "has nothing in it",
      "{}",
      [
        { field: "body.currency", rule: "required", detail: "body.currency is required." },
        { field: "body.amountMinor", rule: "required", detail: "body.amountMinor is required." },
      ],
    ],
    ["is a list", "[]", [{ field: "body", rule: "type object", detail: "body must be an object." }]],
    ["is null", "null", [{ field: "body", rule: "type object", detail: "body must be an object." }]],
    ["is a text", '"x"', [{ field: "body", rule: "type object", detail: "body must be an object." }]],
    [
      "names another currency",
      '{"currency":"EUR","amountMinor":500}',
      [{ field: "body.currency", rule: "one of USD, INR", detail: "body.currency must be one of USD, INR." }],
    ],
    [
      "has the amount as a text",
      '{"currency":"USD","amountMinor":"500"}',
      [{ field: "body.amountMinor", rule: "type number", detail: "body.amountMinor must be a number." }],
    ],
    [
      "has a fractional amount",
      '{"currency":"USD","amountMinor":500.5}',
      [{ field: "body.amountMinor", rule: "type int", detail: "body.amountMinor must be a whole number." }],
    ],
    [
      "is below the floor",
      '{"currency":"INR","amountMinor":9999}',
      [{ field: "body.amountMinor", rule: "minimum 10000", detail: "body.amountMinor must be at least 10000." }],
    ],
    [
      "is above the ceiling",
      '{"currency":"USD","amountMinor":1000001}',
      [{ field: "body.amountMinor", rule: "maximum 1000000", detail: "body.amountMinor must be at most 1000000." }],
    ],
    [
      "has an unknown field",
      '{"currency":"USD","amountMinor":500,"owner":"someone"}',
      [{ field: "body.owner", rule: "unknown", detail: "body.owner is not known here." }],
    ],
    [
      "has prototype keys",
      '{"currency":"USD","amountMinor":500,"__proto__":{"owner":"x"},"constructor":1}',
      [
        { field: "body.__proto__", rule: "unknown", detail: "body.__proto__ is not known here." },
        { field: "body.constructor", rule: "unknown", detail: "body.constructor is not known here." },
      ],
    ],
    [
      "has a URL of another scheme",
      '{"currency":"USD","amountMinor":500,"successUrl":"javascript:alert(1)"}',
      [{ field: "body.successUrl", rule: "format url", detail: "body.successUrl must be an absolute http or https URL." }],
    ],
    [
      "has an e-mail address that is none",
      '{"currency":"USD","amountMinor":500,"receiptEmail":"nobody"}',
      [{ field: "body.receiptEmail", rule: "format email", detail: "body.receiptEmail must be an e-mail address." }],
    ],
    [
      "has a URL that is too long",
      JSON.stringify({ currency: "USD", amountMinor: 500, cancelUrl: `https://x.example/${"a".repeat(2_000)}` }),
      [{ field: "body.cancelUrl", rule: "maxLength 2000", detail: "body.cancelUrl must have at most 2000 characters." }],
    ],
  ])("%s", async (_, body, errors) => expect(problemIn(await call(checkout, withBody(body)))).toEqual(invalid(...errors)));

  test("with 500 unknown fields is told of the first 20", async () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`f${n}`, n]));
    const { errors } = problemIn(await call(checkout, withBody(JSON.stringify(many)))) as { errors?: unknown[] };
    expect(errors).toHaveLength(20);
  });

  test("never comes back: names are cut and cleaned, values are not repeated", async () => {
    const name = `<script>${"x".repeat(100)}`;
    const answer = await call(
      checkout,
      withBody(JSON.stringify({ currency: "canary-value", amountMinor: "canary-value", [name]: "canary-value" })),
    );
    const text = JSON.stringify(answer.body);
    expect(text).not.toContain("canary-value");
    expect(text).not.toContain("<script>");
    expect(text).toContain(`body.?script?${"x".repeat(56)}…`);
  });
});

describe("a body that is not JSON", () => {
  const notJson = (detail: string) => ({
    status: 400,
    type: "application/problem+json",
    code: "request.not_json",
    detail,
    errors: [{ field: "body", rule: "JSON", detail }],
  });
  test.each<[string, string | Buffer, string]>([
    ["empty", "", "The body is empty. Send a JSON object."],
    ["cut off", '{"currency":', "The body is not valid JSON."],
    ["with a byte order mark", '\uFEFF{"currency":"USD"}', "The body is not valid JSON."],
    ["a form", "currency=USD", "The body is not valid JSON."],
    ["deep and cut off", "[".repeat(50_000), "The body is not valid JSON."],
    ["deeper than any reader's stack", `${"[".repeat(32_000)}${"]".repeat(32_000)}`, "The body is not valid JSON."],
    ["Latin-1", Buffer.from('{"currency":"é"}', "latin1"), "The body is not valid UTF-8."],
    ["with a name twice", '{"currency":"USD","amountMinor":500,"currency":"INR"}', "A name stands twice in one object of the body."],
    ["with an escaped name twice", '{"a":1,"\\u0061":2}', "A name stands twice in one object of the body."],
    ["with a broken surrogate", '{"currency":"\\ud800"}', "A text in the body holds a broken surrogate pair."],
  ])("%s", async (_, body, detail) => expect(problemIn(await call(checkout, withBody(body)))).toEqual(notJson(detail)));

  test("a name may stand once in each of many objects, and in a text as often as it likes", async () => {
    const answer = await call(checkout, withBody('{"currency":{"a":1,"b":{"a":2}},"amountMinor":"{\\"a\\":1,\\"a\\":2}"}'));
    expect(answer.body).toMatchObject({ code: "request.invalid" });
  });
});

describe("a content type", () => {
  test.each(["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8", 'application/json; charset="utf-8"'])(
    "%s is taken",
    async (type) =>
      expect(await call(checkout, post({ headers: { "content-type": type, "idempotency-key": "k" } }))).toMatchObject({ status: 201 }),
  );
  test.each([
    undefined,
    "",
    "text/plain",
    "application/json; charset=latin1",
    "application/json-patch+json",
    "multipart/form-data; boundary=x",
  ])("%s is refused", async (type) => {
    const headers: Record<string, string> = { "idempotency-key": "k", ...(type === undefined ? {} : { "content-type": type }) };
    expect(problemIn(await call(checkout, post({ headers })))).toEqual({
      status: 415,
      type: "application/problem+json",
      code: "request.media_type",
      detail: "Send the body as application/json in UTF-8.",
      errors: [{ field: "header.content-type", rule: "application/json", detail: "Send the body as application/json in UTF-8." }],
    });
  });
});

test("a body of 64 KiB is read, and one byte more is refused", async () => {
  const padded = (bytes: number) => withBody(JSON.stringify({ currency: "USD", amountMinor: 500 }).padEnd(bytes));
  expect(await call(checkout, padded(65_536))).toMatchObject({ status: 201 });
  expect(problemIn(await call(checkout, padded(65_537)))).toMatchObject({ status: 413, code: "request.too_large" });
});

describe("an Idempotency-Key", () => {
  const keyed = (key: string | undefined) =>
    post({ headers: { "content-type": "application/json", ...(key === undefined ? {} : { "idempotency-key": key }) } });
  test.each([undefined, ""])("that is not there (%j) is asked for", async (key) =>
    expect(problemIn(await call(checkout, keyed(key)))).toMatchObject({
      status: 400,
      code: "idempotency.key_required",
      errors: [{ field: "header.idempotency-key", rule: "required" }],
    }),
  );
  test.each([" ", "a b", "é", "a\u0000b", "x".repeat(256)])("like %j is refused", async (key) =>
    expect(problemIn(await call(checkout, keyed(key)))).toMatchObject({ status: 400, code: "idempotency.key_invalid" }),
  );
  test.each(["x".repeat(255), "a", "~!#%"])("like %j is taken", async (key) =>
    expect(await call(checkout, keyed(key))).toMatchObject({ status: 201 }),
  );
});

test("a stored answer comes back as it was, and says so", async () => {
  const stored: Once = async () => ({ status: 201, body: '{"topUpId":"stored"}', replayed: true });
  const handler = http(createCheckoutSession, async () => session, stored);
  expect(await call(handler, post())).toEqual({
    status: 201,
    headers: {
      "cache-control": "no-store",
      "x-request-id": "request-1",
      "content-type": "application/json",
      "idempotency-replayed": "true",
    },
    body: { topUpId: "stored" },
  });
});

test("what is remembered names owner, route, key, input and the end of this execution", async () => {
  const asked: unknown[] = [];
  const remembering: Once = async (request, _log, run) => {
    asked.push({ ...request, deadline: Math.round((request.deadline - Date.now()) / 1_000) });
    return { ...(await run()), replayed: false };
  };
  await call(
    http(createCheckoutSession, async () => session, remembering),
    post(),
    20_000,
  );
  expect(asked).toEqual([
    {
      owner: "owner-1",
      route: "POST /api/payment/create-checkout-session",
      key: "key-1",
      input: { params: undefined, query: undefined, body: { currency: "USD", amountMinor: 500 } },
      deadline: 20,
    },
  ]);
});

describe("a query that breaks the contract", () => {
  test.each<[string, ReturnType<typeof invalid>["errors"]]>([
    ["limit=0", [{ field: "query.limit", rule: "minimum 1", detail: "query.limit must be at least 1." }]],
    ["limit=101", [{ field: "query.limit", rule: "maximum 100", detail: "query.limit must be at most 100." }]],
    ["limit=ten", [{ field: "query.limit", rule: "type int", detail: "query.limit must be a whole number." }]],
    ["limit=1.5", [{ field: "query.limit", rule: "type int", detail: "query.limit must be a whole number." }]],
    [
      "from=yesterday",
      [{ field: "query.from", rule: "format datetime", detail: "query.from must be a time in UTC like 2026-01-31T12:00:00Z." }],
    ],
    ["cursor=", [{ field: "query.cursor", rule: "minLength 1", detail: "query.cursor must have at least 1 character." }]],
    ["owner=someone", [{ field: "query.owner", rule: "unknown", detail: "query.owner is not known here." }]],
    ["__proto__=x", [{ field: "query.__proto__", rule: "unknown", detail: "query.__proto__ is not known here." }]],
    ["currency=USD&currency=INR", [{ field: "query", rule: "each parameter once", detail: "A query parameter stands twice." }]],
    ["currency=USD,INR", [{ field: "query.currency", rule: "one of USD, INR", detail: "query.currency must be one of USD, INR." }]],
  ])("%s", async (query, errors) => expect(problemIn(await call(statement, { query, claims }))).toEqual(invalid(...errors)));
});

test("a path parameter that is no id of ours is refused by its form", async () => {
  const answer = await call(topUp, { params: { topUpId: "top_1" }, claims });
  expect(problemIn(answer)).toMatchObject({ status: 400, code: "request.invalid", errors: [{ field: "path.topUpId" }] });
});

test("a body on a GET is ignored", async () => {
  expect(await call(statement, { body: "not json", claims })).toMatchObject({ status: 200 });
});

describe("a token", () => {
  test.each<[string, Record<string, unknown> | undefined]>([
    ["that the gateway did not check", undefined],
    ["without a subject", {}],
    ["with an empty subject", { sub: "" }],
    ["with a control character in its subject", { sub: "a\nb" }],
    ["with a space in its subject", { sub: "a b" }],
    ["with a subject that is too long", { sub: "x".repeat(129) }],
    ["with a subject that is no text", { sub: 7 }],
    ["of another use", { sub: "owner-1", token_use: "id" }],
  ])("%s is refused", async (_, given) => {
    expect(problemIn(await call(statement, { claims: given }))).toMatchObject({ status: 401, code: "auth.required" });
  });

  test.each<[unknown, string[]]>([
    ["[operators support]", ["operators", "support"]],
    ["[a,operators]", ["a,operators"]],
    ["operators", ["operators"]],
    ["[]", []],
    [["operators"], ["operators"]],
    [undefined, []],
  ])("with the groups %j means %j", async (groups, expected) => {
    let seen: readonly string[] = [];
    const handler = http(getTopUp, async (_, context) => {
      seen = context.groups;
      throw new AiraError("top_up.not_found", "There is no such top-up.");
    });
    await call(handler, { params: { topUpId }, claims: { sub: "owner-1", "cognito:groups": groups } });
    expect(seen).toEqual(expected);
  });

  test.each([undefined, "[]", "[operator]", "[a,operators]", "[Operators]"])(
    "with the groups %j may not do what is for operators, whatever it asks for, and nothing runs",
    async (groups) => {
      let runs = 0;
      const handler = http({ ...getTopUp, group: "operators" }, async () => {
        runs++;
        throw new AiraError("top_up.not_found", "There is no such top-up.");
      });
      const claims = { sub: "owner-1", ...(groups === undefined ? {} : { "cognito:groups": groups }) };
      for (const params of [{ topUpId }, { topUpId: "nonsense" }])
        expect(problemIn(await call(handler, { params, claims }))).toMatchObject({ status: 403, code: "auth.forbidden" });
      expect(runs).toBe(0);
    },
  );

  test("is not asked for where the contract needs none", async () => {
    const health = http(getHealth, async () => ({ status: "ok" as const, stage: "test", version: "1" }));
    const { result } = await outputOf(async () => answered(await health(requestOf({}), contextWith())));
    expect(result).toMatchObject({ status: 200, body: { status: "ok" } });
  });
});

describe("an error of a handler", () => {
  const failing = (error: unknown) =>
    http(listTransactions, async () => {
      throw error;
    });

  test("that is ours is answered by its status, with Retry-After where it has one", async () => {
    const answer = await call(failing(new AiraError("wallet.busy", "The wallet is busy.", { retryAfterSeconds: 1.2 })), { claims });
    expect(answer).toEqual({
      status: 503,
      headers: {
        "cache-control": "no-store",
        "x-request-id": "request-1",
        "content-type": "application/problem+json",
        "retry-after": "2",
      },
      body: {
        type: "/problems/wallet.busy",
        title: "The wallet is busy",
        status: 503,
        code: "wallet.busy",
        detail: "The wallet is busy.",
        requestId: "request-1",
      },
    });
  });

  test("carries what it can tell beside its sentence", async () => {
    const details = { missingMinor: 120 };
    const answer = await call(failing(new AiraError("wallet.insufficient_funds", "Too little money.", { details })), { claims });
    expect(answer).toMatchObject({ status: 402, body: { code: "wallet.insufficient_funds", missingMinor: 120 } });
  });

  test.each([new TypeError("canary in a message"), "canary", undefined, { canary: true }])(
    "that is not ours (%s) says nothing of itself",
    async (error) => {
      const answer = await call(failing(error), { claims });
      expect(JSON.stringify(answer)).not.toContain("canary");
      expect(problemIn(answer)).toEqual({
        status: 500,
        type: "application/problem+json",
        code: "internal.failure",
        detail: "Something failed on our side. It is logged under this request id.",
      });
    },
  );
});

describe("a handler that is about to run out of time answers first", () => {
  const never = new Promise<never>(() => {});
  test("a read: ask again", async () => {
    expect(
      problemIn(
        await call(
          http(listTransactions, () => never),
          { claims },
          320,
        ),
      ),
    ).toMatchObject({ status: 503, code: "service.busy" });
  });
  test("a write that is harmless to repeat: ask again", async () => {
    const { idempotent, ...unnamed } = createCheckoutSession;
    expect(problemIn(await call(http(unnamed, () => never) as Handler, post(), 320))).toMatchObject({ status: 503, code: "service.busy" });
  });
  test("a write: it is not known", async () => {
    const answer = await call(
      http(createCheckoutSession, () => never, unremembered),
      post(),
      320,
    );
    expect(problemIn(answer)).toMatchObject({ status: 503, code: "outcome.unknown" });
    expect(answer.headers["retry-after"]).toBe("2");
  });
});

describe("the log", () => {
  const canaries = { email: "canary@example.com", text: "canary-text", phone: "+15005550006", token: "eyJhbGciOi.eyJzdWIi.c2ln" };
  const holdsNone = (output: string) => {
    for (const canary of Object.values(canaries)) expect(output).not.toContain(canary);
  };

  test("has one line per request: route, status, code, time, request id", async () => {
    const { output } = await outputOf(() => topUp(requestOf({ params: { topUpId }, claims }), contextWith()));
    const lines = output.trim().split("\n");
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      level: "INFO",
      message: "invocation",
      route: "GET /api/payment/top-ups/{topUpId}",
      request_id: "request-1",
      function_request_id: "lambda-request-1",
      status: 404,
      code: "top_up.not_found",
      durationMs: expect.any(Number),
    });
  });

  test("holds nothing of a request: no token, address, number, body or owner", async () => {
    const sent = post({
      headers: { "content-type": "application/json", "idempotency-key": canaries.text, authorization: `Bearer ${canaries.token}` },
      body: JSON.stringify({ currency: canaries.text, amountMinor: canaries.phone, receiptEmail: canaries.email, [canaries.text]: 1 }),
      claims: { sub: canaries.text, token_use: "access", email: canaries.email },
    });
    const { output } = await outputOf(() => checkout(requestOf(sent), contextWith()));
    expect(output).toContain("request.invalid");
    holdsNone(output);
  });

  test("holds of a vendor's error its name, code, status and id, and of ours the sentence", async () => {
    const vendor = Object.assign(new Error(`No such customer: ${canaries.email} ${canaries.text}`), {
      name: "StripeInvalidRequestError",
      code: "resource_missing",
      statusCode: 404,
      requestId: "req_123",
      raw: { message: canaries.text },
    });
    const handler = http(listTransactions, async () => {
      throw new AiraError("payment_provider.unavailable", "Stripe is not available.", { cause: vendor });
    });
    const { output } = await outputOf(() => handler(requestOf({ claims }), contextWith()));
    const line = JSON.parse(output);
    expect(line).toMatchObject({
      level: "WARN",
      status: 503,
      error: {
        name: "AiraError",
        code: "payment_provider.unavailable",
        message: "Stripe is not available.",
        cause: { name: "StripeInvalidRequestError", code: "resource_missing", status: 404, vendorRequestId: "req_123" },
      },
    });
    expect(line.error.cause.message).toBeUndefined();
    expect(line.error.stack[0]).toMatch(/^at .*http\.test\.ts/);
    holdsNone(output);
  });

  test("keeps the stack of what is nobody's fault but ours", async () => {
    const handler = http(listTransactions, async () => {
      throw new TypeError(`${canaries.text} is not a function`);
    });
    const { output } = await outputOf(() => handler(requestOf({ claims }), contextWith()));
    expect(JSON.parse(output)).toMatchObject({ level: "ERROR", status: 500, code: "internal.failure", error: { name: "TypeError" } });
    holdsNone(output);
  });
});
