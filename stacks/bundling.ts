/**
 * What a bundle gets in place of a package that no function uses, as files below packages/functions/src. Data alone, so that the
 * deployment, the test of the bundles' sizes and the bench state one thing.
 */
export const aliases = {
  /** In a Lambda the role's credentials are always in the environment: the SDK's chain of providers is 132 KB never walked. */
  "@aws-sdk/credential-provider-node": "edge/env-credentials.ts",
  /** No operation of DynamoDB discovers its endpoint: 8 KB for a cache that stays empty. */
  "@aws-sdk/endpoint-cache": "edge/no-endpoint-cache.ts",
  /** No operation of DynamoDB or SQS that Aira calls is a stream of events: 19 KB that the SDK would load on the first of them. */
  "@smithy/core/event-streams": "edge/no-event-streams.ts",
} as const;
