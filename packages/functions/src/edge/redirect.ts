import type { Operation } from "@aira/contract";
import middy from "@middy/core";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { begin, type Observed, observe } from "./observe.ts";
import { commonHeaders, type HttpResponse, httpOutcome, problems } from "./problem.ts";

type HttpEvent = APIGatewayProxyEventV2 & Observed;

/** The handler of an operation that is elsewhere on the same origin. Nothing of the request is in the address, so it leads nowhere else. */
export function redirect({ method, path }: Operation & { readonly status: 302 }, location: `/${string}`) {
  const handle = middy<HttpEvent, HttpResponse>()
    .use(observe<HttpEvent, HttpResponse>(httpOutcome))
    .use(problems<HttpEvent>())
    .handler(async ({ requestContext: { requestId } }: HttpEvent): Promise<HttpResponse> => {
      return { statusCode: 302, headers: { ...commonHeaders(requestId), location }, body: "" };
    });
  return (event: APIGatewayProxyEventV2, context: Context): Promise<HttpResponse> =>
    handle({ ...event, ...begin(context, { request_id: event.requestContext.requestId, route: `${method} ${path}` }) }, context);
}
