/**
 * Stands in for the SDK's `@aws-sdk/endpoint-cache` in the bundles. DynamoDB's client makes one for the discovery of endpoints, which none
 * of its operations does.
 */
export class EndpointCache {}
