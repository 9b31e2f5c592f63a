import { AwsV4Signer } from "aws4fetch";
import fc from "fast-check";
import { expect, test } from "vitest";
import { signedPost } from "./signature.ts";

const key = fc.stringMatching(/^[A-Za-z0-9/+]{1,40}$/);
const signer = fc.record({
  service: fc.constantFrom("sqs", "ssm", "dynamodb", "bedrock"),
  region: fc.constantFrom("us-east-1", "ap-south-1"),
  accessKeyId: key,
  secretAccessKey: key,
  sessionToken: fc.option(key, { nil: undefined }),
});
const path = fc.oneof(
  fc.constant("/"),
  fc.array(fc.stringMatching(/^[A-Za-z0-9._~!'()*:@$&+,;=-]{1,12}$/)).map((parts) => `/${parts.map(encodeURIComponent).join("/")}`),
);
/** Also such as proxies may change, which are not signed, and such as need tidying. */
const more = fc.dictionary(
  fc.constantFrom("user-agent", "x-amzn-trace-id", "amz-sdk-request", "x-note"),
  fc.constantFrom("a", "a  b", "attempt=1; max=3"),
);

test("a request is signed as another implementation of Signature Version 4 signs it", async () => {
  await fc.assert(
    fc.asyncProperty(
      signer,
      fc.constantFrom("sqs.us-east-1.amazonaws.com", "127.0.0.1:4566"),
      path.filter((one) => !one.split("/").some((part) => part === "." || part === "..")),
      more,
      fc.string({ unit: "binary" }),
      fc.date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }),
      async (by, host, at, extra, body, date) => {
        const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessage", ...extra };
        const sent = signedPost(by, host, headers, body, date.getTime(), at);
        const { sessionToken, ...credentials } = by;
        const oracle = await new AwsV4Signer({
          ...credentials,
          ...(sessionToken ? { sessionToken } : {}),
          method: "POST",
          url: `https://${host}${at}`,
          headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !["user-agent", "x-amzn-trace-id"].includes(name))),
          body,
          datetime: sent["x-amz-date"] ?? "",
          // It leaves the type of the content out unless told, as browsers may change it.
          allHeaders: true,
        }).sign();
        expect(sent.authorization).toBe(oracle.headers.get("authorization"));
        expect(sent).toMatchObject(extra);
      },
    ),
  );
});

test("renewed credentials, and those of another service between, sign from the next request on", () => {
  const sign = (secretAccessKey: string, service = "sqs") =>
    signedPost({ service, region: "us-east-1", accessKeyId: "A", secretAccessKey, sessionToken: undefined }, "host", {}, "", 0)
      .authorization;
  const first = sign("first");
  expect(sign("second")).not.toBe(first);
  expect(sign("first", "ssm")).not.toBe(first);
  expect(sign("first")).toBe(first);
});
