// Stands in for the SDK's `@smithy/signature-v4` in the bundles: the signer that the DynamoDB client is given anyway.
export { SynchronousSigner as SignatureV4 } from "@aira/core/lib";
