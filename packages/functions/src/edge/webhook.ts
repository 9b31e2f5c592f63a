import type { Operation, Output } from "@aira/contract";
import { AiraError } from "@aira/core/lib";
import middy from "@middy/core";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import type { Logger } from "./logger.ts";
import { begin, type Observed, observe } from "./observe.ts";
import { commonHeaders, type HttpResponse, httpOutcome, problems } from "./problem.ts";
import { rawBody } from "./raw-body.ts";

type WebhookEvent = APIGatewayProxyEventV2 & Observed;

/** A vendor's request, byte for byte: its signature is over these bytes, so nothing has parsed them. */
export interface Delivery {
  readonly bytes: Buffer;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
}

type RouteOf<O extends Operation> = `${O["method"]} ${O["path"]}`;

const LAST_WORDS_MS = 300;

/**
 * The handler of a vendor's webhook. An error is answered by a status that makes the vendor deliver again, or not.
 * The operation is named by its route, and its type by the contract: the operation itself would bring every schema of its module into the
 * smallest and busiest bundle.
 */
export function webhook<O extends Operation>(
  { route, status, maxBytes }: { readonly route: RouteOf<O>; readonly status: O["status"]; readonly maxBytes: number },
  run: (delivery: Delivery) => Promise<Output<O>>,
) {
  const handle = middy<WebhookEvent, HttpResponse>({ timeoutEarlyInMillis: LAST_WORDS_MS, timeoutEarlyResponse: tooLate })
    .use(observe<WebhookEvent, HttpResponse>(httpOutcome))
    .use(problems<WebhookEvent>())
    .handler(async (event: WebhookEvent): Promise<HttpResponse> => {
      const { headers, log, requestContext } = event;
      const output = await run({ bytes: rawBody(event, maxBytes), headers, log });
      return {
        statusCode: status,
        headers: { ...commonHeaders(requestContext.requestId), "content-type": "application/json" },
        body: JSON.stringify(output),
      };
    });
  return (event: APIGatewayProxyEventV2, context: Context): Promise<HttpResponse> =>
    handle({ ...event, ...begin(context, { request_id: event.requestContext.requestId, route }) }, context);
}

function tooLate(): never {
  throw new AiraError("service.busy", "This took too long. Please deliver it again.", { retryAfterSeconds: 1 });
}
