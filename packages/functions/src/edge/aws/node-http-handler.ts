// Stands in for the SDK's `@smithy/node-http-handler` in the bundles: the handler that the DynamoDB client is given anyway.
import { createSdkHandler } from "@aira/core/lib";

interface Options {
  readonly connectionTimeout?: number;
  readonly requestTimeout?: number;
}

type Handler = ReturnType<typeof createSdkHandler>;

export const NodeHttpHandler = {
  /** From a handler, which stays as it is, or from options. A client that is given neither waits ten seconds at most. */
  create(given: Handler | Options): Handler {
    if ("handle" in given) return given;
    const { connectionTimeout: connectMs = 1_000, requestTimeout: answerMs = 10_000 } = given;
    return createSdkHandler({ connectMs, answerMs });
  },
};

/** The handler reads answers as a whole. */
export function streamCollector(): never {
  throw new Error("no answer comes as a stream");
}
