/** Node's own modules, each as a file of edge/builtins. An alias takes the paths below its name along, so those stand here too. */
const builtins = [
  "buffer",
  "console",
  "crypto",
  "events",
  "fs",
  "fs/promises",
  "http",
  "https",
  "os",
  "path",
  "stream",
  "timers",
  "timers/promises",
  "util",
] as const;

/**
 * What a bundle gets in place of a package that no function uses, as files below packages/functions/src. Data alone, so that the
 * deployment, the test of the bundles' sizes and the bench state one thing.
 */
export const aliases: Readonly<Record<string, string>> = {
  /** In a Lambda the role's credentials are always in the environment: the SDK's chain of providers is 132 KB never walked. */
  "@aws-sdk/credential-provider-node": "edge/env-credentials.ts",
  /** Parts of the SDK that a Lambda never walks: config files, adaptive retries, hashes in JavaScript, statistics of its use, a list of all regions: 25 KB. */
  "@aws-sdk/core/client": "edge/aws/client.js",
  "@aws-sdk/middleware-endpoint-discovery": "edge/aws/no-endpoint-discovery.js",
  "@smithy/core/checksum": "edge/aws/checksum.js",
  "@smithy/core/config": "edge/aws/config.js",
  "@smithy/core/retry": "edge/aws/retry.js",
  /** The SDK's own signer and handler of requests, in whose place the clients are given leaner ones: 17 KB. */
  "@smithy/signature-v4": "edge/aws/signature.ts",
  "@smithy/node-http-handler": "edge/aws/node-http-handler.ts",
  /** No operation of DynamoDB or SQS that Aira calls is a stream of events: 19 KB that the SDK would load on the first of them. */
  "@smithy/core/event-streams": "edge/no-event-streams.ts",
  /** Of Stripe's SDK what Aira calls: its root makes every resource of its API for every client, 170 of 246 KB. */
  stripe: "../../core/src/payments/lean-stripe.ts",
  /** Of Bedrock's SDK the one operation that Aira calls: 140 KB less, and one credential provider. */
  "@aws-sdk/client-bedrock-runtime": "../../core/src/conversations/lean-bedrock.ts",
  /** Of the XML builder what Twilio's TwiML classes call: 57 KB less. */
  xmlbuilder: "../../core/src/conversations/lean-xmlbuilder.ts",
  /**
   * An ES module that imports one of Node's own makes Node read all of its exports at once, also those that it would load when asked:
   * `http` brings the whole of `fetch` (45 ms), `fs` its promises and streams (12 ms). Asked for by `process.getBuiltinModule` it brings
   * what is used.
   */
  ...Object.fromEntries(
    builtins.flatMap((name) => [name, `node:${name}`].map((module) => [module, `edge/builtins/${name.replace("/", "-")}.cjs`])),
  ),
};

/**
 * Syntax that a bundle does without. V8 parses an arrow function while it still may be an expression in parentheses, and again when it is
 * called; a plain function it skips at first. A tenth of what a bundle takes to compile, for 4 % more bytes.
 */
export const syntax = { arrow: false } as const;
