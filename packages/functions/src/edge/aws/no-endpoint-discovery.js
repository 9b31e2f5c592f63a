// Stands in for the SDK's `@aws-sdk/middleware-endpoint-discovery` in the bundles: no operation that Aira calls discovers its endpoint.
export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { environmentVariableSelector: () => undefined, default: undefined };
export const resolveEndpointDiscoveryConfig = (input) => input;
