import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createTwilioClient, TwilioError } from "./twilio-client.ts";

const ACCOUNT = { accountSid: `AC${"0".repeat(32)}`, authToken: "very-secret" };
const URI = "https://api.twilio.com/2010-04-01/Accounts.json";

const ok = () => Response.json({ fine: true });
const timeout = () => {
  throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
};
const reset = () => {
  throw new TypeError("fetch failed", { cause: Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }) });
};

/** The client over answers in a row, the last one for ever. */
function answering(...answers: (() => Response)[]) {
  const requests: Request[] = [];
  const waited: number[] = [];
  const client = createTwilioClient({
    ...ACCOUNT,
    fetch: async (input, init) => {
      requests.push(new Request(input, init));
      return (answers[requests.length - 1] ?? answers.at(-1)!)();
    },
    wait: async (ms) => void waited.push(ms),
  });
  return { client, requests, waited };
}

const failureOf = (call: Promise<unknown>): Promise<Error> =>
  call.then(
    () => expect.fail("the call was expected to fail"),
    (error) => error,
  );

async function withServer(listener: RequestListener, run: (base: string) => Promise<void>) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
}

describe("what is sent", () => {
  test("is a form or a query in Twilio's encoding, with the account's credentials", async () => {
    const { client, requests } = answering(ok);
    await client.request({ method: "post", uri: URI, data: { PhoneNumber: "+14155550123", FriendlyName: "aira:a b&c", Gone: undefined } });
    await client.request({ method: "get", uri: `${URI}?Page=1`, params: { PhoneNumber: "+14155550123", SmsEnabled: true } });
    const [post, get] = requests;
    expect(post?.method).toBe("POST");
    expect(post?.headers.get("content-type")).toMatch(/^application\/x-www-form-urlencoded/);
    expect(await post?.text()).toBe("PhoneNumber=%2B14155550123&FriendlyName=aira%3Aa+b%26c");
    expect(get?.url).toBe(`${URI}?Page=1&PhoneNumber=%2B14155550123&SmsEnabled=true`);
    for (const { headers } of requests)
      expect(atob(headers.get("authorization")!.replace("Basic ", ""))).toBe(`${ACCOUNT.accountSid}:very-secret`);
  });

  test("goes over connections that are kept alive", async () => {
    const sockets = new Set<unknown>();
    await withServer(
      (request, response) => {
        sockets.add(request.socket);
        response.end("{}");
      },
      async (uri) => {
        const client = createTwilioClient(ACCOUNT);
        for (let i = 0; i < 10; i++) await client.request({ method: i % 2 === 1 ? "post" : "get", uri });
        // `fetch` may open a second one before it sees that the first is free again.
        expect(sockets.size).toBeLessThan(5);
      },
    );
  });
});

describe("a read", () => {
  test.each([
    ["the connection failed", reset],
    ["Twilio was too busy", () => Response.json({ code: 20429 }, { status: 429 })],
    ["Twilio failed", () => new Response("", { status: 500 })],
    ["a proxy failed", () => new Response("<html>", { status: 502 })],
  ])("is tried once more when %s", async (_, first) => {
    const { client, requests, waited } = answering(first, ok);
    expect(await client.request({ method: "get", uri: URI })).toMatchObject({ statusCode: 200, body: '{"fine":true}' });
    expect(requests).toHaveLength(2);
    expect(waited).toEqual([250]);
  });

  test.each([
    ["a failed connection", reset],
    ["busy", () => new Response("", { status: 429 })],
  ])("is given up after the second %s", async (_, answer) => {
    const { client, requests } = answering(answer);
    await failureOf(client.request({ method: "get", uri: URI }));
    expect(requests).toHaveLength(2);
  });

  test.each([
    ["what Twilio refused", () => Response.json({ code: 20404 }, { status: 404 })],
    ["what took too long", timeout],
  ])("of %s is not tried again", async (_, answer) => {
    const { client, requests } = answering(answer);
    await failureOf(client.request({ method: "get", uri: URI }));
    expect(requests).toHaveLength(1);
  });
});

describe("anything but a read is sent exactly once", () => {
  const ANSWERS: [string, () => Response][] = [
    ["a reset", reset],
    ["a timeout", timeout],
    ["429", () => new Response("", { status: 429 })],
    ["500", () => new Response("", { status: 500 })],
    ["503", () => new Response("", { status: 503 })],
  ];
  test.each(ANSWERS.flatMap(([name, answer]) => ["post", "delete"].map((method) => [method, name, answer] as const)))(
    "%s after %s",
    async (method, _, answer) => {
      const { client, requests, waited } = answering(answer);
      await failureOf(client.request({ method, uri: URI, data: {} }));
      expect(requests).toHaveLength(1);
      expect(waited).toEqual([]);
    },
  );

  test("a connection that is cut over a real socket is not opened again", async () => {
    let calls = 0;
    await withServer(
      (request) => {
        calls++;
        request.socket.destroy();
      },
      async (uri) => {
        await failureOf(createTwilioClient(ACCOUNT).request({ method: "post", uri, data: { PhoneNumber: "+14155550123" } }));
        expect(calls).toBe(1);
      },
    );
  });

  test.each([301, 302, 307, 308])("a redirect (%i) is an answer, never followed", async (status) => {
    const paths: (string | undefined)[] = [];
    await withServer(
      (request, response) => {
        paths.push(request.url);
        response.writeHead(status, { location: "/elsewhere" }).end();
      },
      async (base) => {
        const error = await failureOf(createTwilioClient(ACCOUNT).request({ method: "post", uri: `${base}/buy`, data: {} }));
        expect(error).toMatchObject({ name: "TwilioError", statusCode: status });
        expect(paths).toEqual(["/buy"]);
      },
    );
  });
});

describe("time", () => {
  afterEach(() => void vi.restoreAllMocks());

  test.each([
    ["get", 5_000],
    ["post", 10_000],
    ["delete", 10_000],
  ])("%s is given up after %i ms", async (method, ms) => {
    const given = new AbortController();
    const asked = vi.spyOn(AbortSignal, "timeout").mockReturnValue(given.signal);
    const client = createTwilioClient({
      ...ACCOUNT,
      fetch: (_, init) => new Promise((_, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason))),
    });
    const call = failureOf(client.request({ method, uri: URI }));
    given.abort(new DOMException("too late", "TimeoutError"));
    expect((await call).name).toBe("TimeoutError");
    expect(asked.mock.calls).toEqual([[ms]]);
  });
});

describe("an answer that is no success", () => {
  const errorOf = async (body: string, status = 400) => {
    const { client } = answering(() => new Response(body, { status, headers: { "twilio-request-id": "RQ1" } }));
    const error = await failureOf(client.request({ method: "post", uri: URI }));
    expect(error).toBeInstanceOf(TwilioError);
    return error;
  };

  test("tells its code and request, by which Twilio can be asked, and not Twilio's words", async () => {
    const error = await errorOf(JSON.stringify({ code: 21422, message: "+14155550123 is not available", status: 400 }));
    expect(error).toMatchObject({ statusCode: 400, code: "21422", requestId: "RQ1" });
    expect(JSON.stringify([error, error.message])).not.toMatch(/14155550123|very-secret|is not available/);
  });

  test.each(["", "<html>", "null", "[]", '"21422"', "{}", '{"code":null}'])("has no code when it is %j", async (body) => {
    expect(await errorOf(body)).toMatchObject({ statusCode: 400, code: undefined });
  });
});
