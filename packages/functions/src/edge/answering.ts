import type { Operation } from "@aira/contract";
import middy, { type MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { begin, type Observed, observe } from "./observe.ts";
import { type HttpResponse, httpOutcome, problems } from "./problem.ts";

/** A request as the gateway sends it, and what its invocation began with. */
export type GatewayEvent = APIGatewayProxyEventV2 & Observed;

/** An operation's row in routes.ts. */
export type RouteOf<O extends Operation> = `${O["method"]} ${O["path"]}`;

/** Time to answer in words before Lambda ends the invocation and the gateway answers with none of ours. */
export const LAST_WORDS_MS = 300;

interface Composition<Event extends GatewayEvent> {
  readonly route: RouteOf<Operation>;
  /** What a request passes before it is answered. */
  readonly through?: readonly MiddlewareObj<Event, HttpResponse>[];
  /** Throws what a request is told whose time is up. None: its handler sees to that, or can't be late. */
  readonly tooLate?: () => never;
}

/** A Lambda behind the gateway: a line in the log for each request, and every error a problem document. */
export function answering<Event extends GatewayEvent>(
  { route, through = [], tooLate }: Composition<Event>,
  answer: (event: Event) => Promise<HttpResponse>,
) {
  const time = tooLate ? { timeoutEarlyInMillis: LAST_WORDS_MS, timeoutEarlyResponse: tooLate } : { timeoutEarlyInMillis: 0 };
  const handle = middy<Event, HttpResponse>(time)
    .use([observe<Event, HttpResponse>(httpOutcome), problems<Event>(), ...through])
    .handler(answer);
  return (event: APIGatewayProxyEventV2, context: Context): Promise<HttpResponse> => {
    const began = { ...event, ...begin(context, { request_id: event.requestContext.requestId, route }) };
    // What `through` puts on an event is not there yet.
    return handle(began as Event, context);
  };
}
