// Stands in for the SDK's `@smithy/core/retry` in the bundles, without the adaptive mode, which nobody asks for.
import { normalizeProvider } from "@smithy/core/client";
import {
  DEFAULT_MAX_ATTEMPTS,
  Retry,
  StandardRetryStrategy,
} from "../../../../../node_modules/@smithy/core/dist-es/submodules/retry/index.js";

export * from "../../../../../node_modules/@smithy/core/dist-es/submodules/retry/index.js";

export function resolveRetryConfig(input, { defaultMaxAttempts = DEFAULT_MAX_ATTEMPTS, defaultBaseDelay = Retry.delay() } = {}) {
  const maxAttempts = normalizeProvider(input.maxAttempts ?? defaultMaxAttempts);
  let strategy = input.retryStrategy && Promise.resolve(input.retryStrategy);
  const standard = async () => new StandardRetryStrategy({ maxAttempts: await maxAttempts(), baseDelay: defaultBaseDelay });
  const retryStrategy = () => {
    strategy ??= standard();
    return strategy;
  };
  return Object.assign(input, { maxAttempts, retryStrategy });
}
