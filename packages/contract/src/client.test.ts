import { describe, expect, expectTypeOf, test } from "vitest";
import { type Client, createClient, ProblemError } from "./client.ts";
import type { Problem } from "./errors.ts";

interface Seen {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

/** A client whose server answers `answer` to everything, and what it was asked. */
function against(answer: () => Response): { client: Client; seen: Seen[] } {
  const seen: Seen[] = [];
  const fetch: typeof globalThis.fetch = async (url, init) => {
    seen.push({ url: String(url), method: init?.method, headers: Object.fromEntries(new Headers(init?.headers)), body: init?.body });
    return answer();
  };
  return { client: createClient({ baseUrl: "https://aira.example", token: () => "token-1", fetch }), seen };
}

const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  () =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });

test("path, query and token go where the contract puts them", async () => {
  const { client, seen } = against(json({ ok: true }));
  await client.getTopUp({ params: { topUpId: "top_/x" } });
  await client.listTransactions({ query: { currency: "USD", limit: 10 } });
  await client.getBalance();
  expect(seen.map((request) => request.url)).toEqual([
    "https://aira.example/api/payment/top-ups/top_%2Fx",
    "https://aira.example/api/wallet/transactions?currency=USD&limit=10",
    "https://aira.example/api/wallet/balance",
  ]);
  expect(seen[0]?.headers.authorization).toBe("Bearer token-1");
});

test("an idempotent operation carries its key and a JSON body", async () => {
  const { client, seen } = against(json({ topUpId: "top_1" }, 201));
  const body = { currency: "USD", amountMinor: 500 } as const;
  await client.createCheckoutSession({ body }, { idempotencyKey: "key-1" });
  expect(seen).toEqual([
    {
      url: "https://aira.example/api/payment/create-checkout-session",
      method: "POST",
      headers: {
        accept: "application/json",
        authorization: "Bearer token-1",
        "content-type": "application/json",
        "idempotency-key": "key-1",
      },
      body: JSON.stringify(body),
    },
  ]);
});

test("a change is a PATCH with a path, a body and no key; an answer that is not settled yet is an answer", async () => {
  const { client, seen } = against(json({ state: "pending" }, 202));
  await client.updateNumber({ params: { numberId: "num_1" }, body: { greeting: null } });
  expect(seen[0]).toMatchObject({ url: "https://aira.example/api/numbers/num_1", method: "PATCH", body: '{"greeting":null}' });
  expect(seen[0]?.headers).not.toHaveProperty("idempotency-key");
  const terms = { phoneNumber: "+14155550100", currency: "USD", expectedMinor: 300 } as const;
  expect(await client.purchaseNumber({ body: terms }, { idempotencyKey: "key-1" })).toEqual({ state: "pending" });
});

test("a list as a file is asked for as such, and leads to its next part", async () => {
  const file = (link?: string) => () =>
    new Response("at\r\n", { headers: { "content-type": "text/csv; charset=utf-8", ...(link === undefined ? {} : { link }) } });
  const { client, seen } = against(file('</api/wallet/transactions?currency=USD&cursor=abc>; rel="next"'));
  expect(await client.listTransactionsCsv({ query: { currency: "USD" } })).toEqual({ csv: "at\r\n", nextCursor: "abc" });
  expect(seen[0]).toMatchObject({ url: "https://aira.example/api/wallet/transactions?currency=USD", headers: { accept: "text/csv" } });
  expect(await against(file()).client.listTransactionsCsv()).toEqual({ csv: "at\r\n", nextCursor: null });
});

test("a public operation sends no token", async () => {
  const { client, seen } = against(json({ status: "ok", stage: "local", version: "1" }));
  await client.getHealth();
  expect(seen[0]?.headers.authorization).toBeUndefined();
});

test("a vendor's webhook is not a client's to call", () => {
  const { client } = against(json({}));
  expect(Object.keys(client)).not.toContain("receiveStripeEvent");
});

describe("an answer that is not a success", () => {
  test("throws the problem document as it came, with Retry-After", async () => {
    const problem: Problem = {
      type: "/problems/wallet.busy",
      title: "The wallet is busy",
      status: 503,
      code: "wallet.busy",
      detail: "Please try again.",
      requestId: "r-1",
    };
    const { client } = against(json(problem, 503, { "content-type": "application/problem+json", "retry-after": "2" }));
    const error = await client.getBalance().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProblemError);
    expect((error as ProblemError).problem).toEqual(problem);
    expect((error as ProblemError).retryAfterSeconds).toBe(2);
  });

  test.each([
    [401, "auth.required"],
    [403, "auth.forbidden"],
    [404, "request.route_unknown"],
    [429, "service.busy"],
    [500, "internal.failure"],
    [504, "outcome.unknown"],
  ])("of the gateway itself (%i) becomes the problem %s", async (status, code) => {
    const { client } = against(json({ message: "Unauthorized" }, status, { "apigw-requestid": "g-1" }));
    const error = await client.getBalance().catch((thrown: unknown) => thrown);
    expect((error as ProblemError).problem).toMatchObject({ code, status, requestId: "g-1" });
  });
});

test("the types follow the contract", () => {
  expectTypeOf<Parameters<Client["createCheckoutSession"]>[1]>().toHaveProperty("idempotencyKey").toEqualTypeOf<string>();
  expectTypeOf<Parameters<Client["getBalance"]>["length"]>().toEqualTypeOf<0 | 1 | 2>();
  expectTypeOf<Awaited<ReturnType<Client["getBalance"]>>["seq"]>().toEqualTypeOf<number>();
  const { client } = against(json({}));
  // @ts-expect-error the key is required
  const withoutKey = () => client.createCheckoutSession({ body: { currency: "USD", amountMinor: 1 } });
  // @ts-expect-error an unknown currency
  const unknownCurrency = () => client.getBalance({ query: { currency: "EUR" } });
  // @ts-expect-error the path parameter is required
  const withoutId = () => client.getTopUp();
  expect([withoutKey, unknownCurrency, withoutId]).toHaveLength(3);
});
