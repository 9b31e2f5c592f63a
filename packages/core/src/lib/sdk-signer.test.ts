import { DynamoDBClient, type DynamoDBClientConfig, GetItemCommand } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { SynchronousSigner } from "./sdk-signer.ts";

type Signer = InstanceType<NonNullable<DynamoDBClientConfig["signerConstructor"]>>;
type Options = ConstructorParameters<typeof SynchronousSigner>[0];

afterEach(() => vi.useRealTimers());

/** The signer that the SDK makes when it is given none. */
async function sdkSigner(): Promise<new (options: Options) => Signer> {
  const { config } = new DynamoDBClient({ region: "us-east-1", credentials: { accessKeyId: "A", secretAccessKey: "B" } });
  const signer = await config.signer({ name: "sigv4", signingName: "dynamodb", signingRegion: "us-east-1", properties: {} });
  return signer.constructor as new (
    options: Options,
  ) => Signer;
}

const key = fc.stringMatching(/^[A-Za-z0-9/+]{1,40}$/);
const value = fc.oneof(fc.stringMatching(/^[ -~]{0,30}$/), fc.constantFrom(" a  b ", "attempt=1; max=3"));
const request = fc.record({
  headers: fc.dictionary(
    fc.constantFrom(
      "content-type",
      "x-amz-target",
      "amz-sdk-request",
      "user-agent",
      "x-amzn-trace-id",
      "content-length",
      "x-amz-date",
      "authorization",
      "date",
    ),
    value,
  ),
  path: fc.constantFrom("/", "/prefix/", "/a%20b/c%2Fd/"),
  body: fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array()),
});
const credentials = fc.record(
  { accessKeyId: key, secretAccessKey: key, sessionToken: key },
  { requiredKeys: ["accessKeyId", "secretAccessKey"] },
);
const signing = fc.record(
  {
    signingDate: fc.date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }),
    signingRegion: fc.constantFrom("eu-central-1", "ap-south-1"),
    signingService: fc.constantFrom("dynamodb", "sqs"),
  },
  { requiredKeys: ["signingDate"] },
);

test("every request is sent with the headers that the SDK's own signer would send it with", async () => {
  const Sdk = await sdkSigner();
  await fc.assert(
    fc.asyncProperty(request, credentials, signing, fc.boolean(), async ({ headers, path, body }, by, how, provided) => {
      const options = {
        credentials: provided ? async () => by : by,
        region: provided ? async () => "us-east-1" : "us-east-1",
        service: "dynamodb",
        sha256: await hashes(),
      };
      const asked = { method: "POST", protocol: "https:", hostname: "h", query: {}, path, body, headers: { ...headers, host: "h" } };
      const [ours, theirs] = [await new SynchronousSigner(options).sign(asked, how), await new Sdk(options).sign(asked, how)];
      expect(ours).toEqual({ ...asked, headers: theirs.headers });
    }),
  );
});

/** What the SDK's signer hashes with. */
async function hashes(): Promise<Options["sha256"]> {
  return new DynamoDBClient({ region: "us-east-1" }).config.sha256;
}

test("what cannot be signed as a whole is refused, not signed wrongly", async () => {
  const signer = new SynchronousSigner({
    credentials: { accessKeyId: "A", secretAccessKey: "B" },
    region: "r",
    service: "s",
    sha256: await hashes(),
  });
  const asked = { method: "POST", protocol: "https:", hostname: "h", path: "/", headers: { host: "h" }, query: {}, body: "{}" };
  await expect(signer.sign({ ...asked, method: "GET" })).rejects.toThrow("only posts");
  await expect(signer.sign({ ...asked, query: { a: "b" } })).rejects.toThrow("only posts");
  await expect(signer.sign({ ...asked, body: new ReadableStream() })).rejects.toThrow("as a whole");
});

/** What a client sends, one request after the other, to a service whose clock and answers are these. */
async function sent(
  config: DynamoDBClientConfig,
  answers: readonly { readonly aheadMs: number; readonly status?: number; readonly error?: string }[],
  asks: number,
) {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 10, 22, 12) });
  const seen: Record<string, string>[] = [];
  const client = new DynamoDBClient({
    region: "ap-south-1",
    ...config,
    requestHandler: {
      async handle({ headers }: { readonly headers: Record<string, string> }) {
        seen.push(headers);
        const { aheadMs = 0, status = 200, error } = answers[seen.length - 1] ?? {};
        const body = Buffer.from(JSON.stringify(error ? { __type: error, message: "No." } : {}));
        return { response: { statusCode: status, headers: { date: new Date(Date.now() + aheadMs).toUTCString() }, body } };
      },
    },
  });
  for (let n = 0; n < asks; n++) await client.send(new GetItemCommand({ TableName: "t", Key: { pk: { S: "a" } } })).catch(() => {});
  vi.useRealTimers();
  return seen.map((headers) => ({
    date: headers["x-amz-date"],
    token: headers["x-amz-security-token"],
    scope: /Credential=([^,]+)/.exec(headers.authorization ?? "")?.[1],
  }));
}

/** Runs one script over both signers: what they say of time and identity must be the same. */
async function overBoth(config: () => DynamoDBClientConfig, ...[answers, asks]: [Parameters<typeof sent>[1], number]) {
  const theirs = await sent(config(), answers, asks);
  const ours = await sent({ ...config(), signerConstructor: SynchronousSigner }, answers, asks);
  expect(ours).toEqual(theirs);
  return ours;
}

const fixed = { accessKeyId: "A", secretAccessKey: "B", sessionToken: "token" };

test("a clock that is wrong is corrected by the service's, also within one call", async () => {
  const tenMinutes = 600_000;
  const later = await overBoth(() => ({ credentials: fixed }), [{ aheadMs: tenMinutes }], 2);
  expect(later.map(({ date }) => date)).toEqual(["20261122T120000Z", "20261122T121000Z"]);
  const refused = { aheadMs: tenMinutes, status: 400, error: "InvalidSignatureException" };
  const again = await overBoth(() => ({ credentials: fixed }), [refused, { aheadMs: tenMinutes }], 1);
  expect(again.map(({ date }) => date)).toEqual(["20261122T120000Z", "20261122T121000Z"]);
});

test("credentials that run out are asked for again, and sign in the client's region with their token", async () => {
  const renewing = () => {
    let times = 0;
    return async () => ({
      accessKeyId: `A${++times}`,
      secretAccessKey: "B",
      sessionToken: `token ${times}`,
      expiration: new Date(Date.now() + 1_000),
    });
  };
  const requests = await overBoth(() => ({ credentials: renewing() }), [], 2);
  expect(new Set(requests.map(({ token }) => token)).size).toBe(2);
  for (const { scope } of requests) expect(scope).toMatch(/^A\d+\/20261122\/ap-south-1\/dynamodb\/aws4_request$/);
});
