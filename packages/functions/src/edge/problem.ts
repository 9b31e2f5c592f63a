import { ERROR_CODES, type Problem, STATUS_OF_KIND } from "@aira/contract";
import { AiraError } from "@aira/core/lib";
import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";

export type HttpResponse = APIGatewayProxyStructuredResultV2;

/** Headers of every answer: nothing of a wallet belongs in a cache, and a client can name its request when it asks for help. */
export const commonHeaders = (requestId: string): Record<string, string> => ({ "cache-control": "no-store", "x-request-id": requestId });

/** Any error as the problem document that a client may see. What is not ours stays inside: it is in the log, by the request id. */
export function toProblem(error: unknown, requestId: string): HttpResponse {
  const known =
    error instanceof AiraError
      ? error
      : new AiraError("internal.failure", "Something failed on our side. It is logged under this request id.");
  const { kind, title } = ERROR_CODES[known.code];
  const problem: Problem = {
    type: `/problems/${known.code}`,
    title,
    status: STATUS_OF_KIND[kind],
    code: known.code,
    detail: known.message,
    requestId,
    ...known.details,
    ...(known.errors.length > 0 ? { errors: [...known.errors] } : {}),
  };
  return {
    statusCode: problem.status,
    headers: {
      ...commonHeaders(requestId),
      "content-type": "application/problem+json",
      ...(known.retryAfterSeconds === undefined ? {} : { "retry-after": String(Math.ceil(known.retryAfterSeconds)) }),
    },
    body: JSON.stringify(problem),
  };
}

/** Answers every error with its problem document. Sets the response instead of returning it, so that the outer middlewares still run. */
export function problems<Event extends APIGatewayProxyEventV2>(): MiddlewareObj<Event, HttpResponse> {
  return {
    onError: (request) => {
      request.response = toProblem(request.error, request.event.requestContext.requestId);
    },
  };
}

/** What is worth knowing of an HTTP answer. */
export function httpOutcome(response: HttpResponse | null | undefined): Readonly<Record<string, unknown>> {
  const { statusCode, headers, body } = response ?? {};
  const isProblem = headers?.["content-type"] === "application/problem+json";
  return { status: statusCode, ...(isProblem ? { code: (JSON.parse(body ?? "{}") as Partial<Problem>).code } : {}) };
}
