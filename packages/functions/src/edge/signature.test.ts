import { AwsV4Signer } from "aws4fetch";
import fc from "fast-check";
import { expect, test } from "vitest";
import { signedPost } from "./signature.ts";

const key = fc.stringMatching(/^[A-Za-z0-9/+]{1,40}$/);
const signer = fc.record({
  service: fc.constantFrom("sqs", "ssm"),
  region: fc.constantFrom("us-east-1", "ap-south-1"),
  accessKeyId: key,
  secretAccessKey: key,
  sessionToken: fc.option(key, { nil: undefined }),
});

test("a request is signed as another implementation of Signature Version 4 signs it", async () => {
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.SendMessage" };
  await fc.assert(
    fc.asyncProperty(
      signer,
      fc.constantFrom("sqs.us-east-1.amazonaws.com", "127.0.0.1:4566"),
      fc.string({ unit: "binary" }),
      fc.date({ min: new Date("2000-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }),
      async (by, host, body, at) => {
        const sent = signedPost(by, host, headers, body, at.getTime());
        const { sessionToken, ...credentials } = by;
        const oracle = await new AwsV4Signer({
          ...credentials,
          ...(sessionToken ? { sessionToken } : {}),
          method: "POST",
          url: `https://${host}/`,
          headers,
          body,
          datetime: sent["x-amz-date"] ?? "",
          // It leaves the type of the content out unless told, as browsers may change it.
          allHeaders: true,
        }).sign();
        expect(sent.authorization).toBe(oracle.headers.get("authorization"));
      },
    ),
  );
});

test("renewed credentials sign from the next request on", () => {
  const sign = (secretAccessKey: string) =>
    signedPost({ service: "sqs", region: "us-east-1", accessKeyId: "A", secretAccessKey, sessionToken: undefined }, "host", {}, "", 0);
  expect(sign("first").authorization).not.toBe(sign("second").authorization);
  expect(sign("first").authorization).toBe(sign("first").authorization);
});
