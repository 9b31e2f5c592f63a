import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { createTransport, type Limits, type Post } from "./http-transport.ts";

interface Options {
  readonly abortSignal?: unknown;
}

/**
 * A lean handler of the SDK's requests, for services that answer with one small document. Unlike the SDK's own, whose time limit only warns
 * unless told otherwise, it gives up when the time is over: a `TimeoutError`, which the SDK tries again.
 */
export function createSdkHandler(limits: Omit<Limits, "signal">) {
  const transport = createTransport();
  return {
    metadata: { handlerProtocol: "http/1.1" },
    async handle({ protocol, hostname, port, path, headers, body }: Post, { abortSignal }: Options = {}) {
      const signal = abortSignal instanceof AbortSignal ? abortSignal : undefined;
      const answer = await transport.post({ protocol, hostname, port, path, headers, body }, { ...limits, signal });
      return { response: { statusCode: answer.status, headers: answer.headers, body: answer.body } };
    },
    destroy: transport.destroy,
  } satisfies NonNullable<DynamoDBClientConfig["requestHandler"]>;
}
