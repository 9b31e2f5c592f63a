// Stands in for the SDK's `@aws-sdk/core/client` in the bundles: it tells AWS the name and version of the SDK, and not which of its features were used.
import { HttpRequest } from "@smithy/core/protocols";
import { parseArn } from "../../../../../node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/parseArn.js";
import { partition } from "./partition.js";

// Name by name: a star would bring along what registers itself.
export { getDefaultSocketTimeout } from "../../../../../node_modules/@aws-sdk/core/dist-es/submodules/client/getDefaultSocketTimeout.js";
export { getLongPollPlugin } from "../../../../../node_modules/@aws-sdk/core/dist-es/submodules/client/longPollMiddleware.js";
export {
  getHostHeaderPlugin,
  resolveHostHeaderConfig,
} from "../../../../../node_modules/@aws-sdk/core/dist-es/submodules/client/middleware-host-header/hostHeaderMiddleware.js";
export { getRecursionDetectionPlugin } from "../../../../../node_modules/@aws-sdk/core/dist-es/submodules/client/middleware-recursion-detection/getRecursionDetectionPlugin.js";
export {
  getAwsRegionExtensionConfiguration,
  resolveAwsRegionExtensionConfiguration,
} from "../../../../../node_modules/@aws-sdk/core/dist-es/submodules/client/region-config-resolver/extensions.js";
export { setCredentialFeature } from "../../../../../node_modules/@aws-sdk/core/dist-es/submodules/client/setCredentialFeature.js";
export { setFeature } from "../../../../../node_modules/@aws-sdk/core/dist-es/submodules/client/setFeature.js";
export { NODE_APP_ID_CONFIG_OPTIONS } from "../../../../../node_modules/@aws-sdk/core/dist-es/submodules/client/util-user-agent-node/nodeAppIdConfigOptions.js";

export const createDefaultUserAgentProvider = ({ serviceId, clientVersion }) => {
  const agent = `aws-sdk-js/${clientVersion} lang/js md/nodejs#${process.versions.node} api/${serviceId.toLowerCase()}#${clientVersion}`;
  return async () => agent;
};

export const resolveUserAgentConfig = (input) => input;

const userAgentMiddleware =
  ({ defaultUserAgentProvider }) =>
  (next) =>
  async (args) => {
    if (HttpRequest.isInstance(args.request)) args.request.headers["user-agent"] = await defaultUserAgentProvider();
    return next(args);
  };

export const getUserAgentPlugin = (config) => ({
  applyToStack: (stack) =>
    stack.add(userAgentMiddleware(config), { name: "getUserAgentMiddleware", step: "build", priority: "low", override: true }),
});

/** What the rules of an endpoint call: those of DynamoDB and SQS ask for no bucket. */
export const awsEndpointFunctions = { parseArn, partition };

/** Its logger is one that says nothing: failures are told by what they mean here. */
export const getLoggerPlugin = () => ({ applyToStack: () => {} });

/** The SDK is pinned together with the Node that it runs on. */
export const emitWarningIfUnsupportedVersion = () => {};
