// Stands in for the SDK's `@smithy/core/config` in the bundles. In a Lambda a setting comes from the environment or not at all: there is
// no `~/.aws/config` to read, and no instance whose metadata would tell a region.
export * from "../../../../../node_modules/@smithy/core/dist-es/submodules/config/index.js";

export const loadConfig =
  ({ environmentVariableSelector, default: otherwise }, options) =>
  async () =>
    environmentVariableSelector(process.env, options) ?? (typeof otherwise === "function" ? otherwise() : otherwise);

export const NODE_REGION_CONFIG_OPTIONS = {
  environmentVariableSelector: (environment) => environment.AWS_REGION,
  default: () => {
    throw new Error("Region is missing");
  },
};

/** What the SDK takes when nobody asks for another. */
export const resolveDefaultsModeConfig = () => async () => "legacy";
