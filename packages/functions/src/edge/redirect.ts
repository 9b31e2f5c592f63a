import type { Operation } from "@aira/contract";
import { answering } from "./answering.ts";
import { commonHeaders } from "./problem.ts";

/** The handler of an operation that is elsewhere on the same origin. Nothing of the request is in the address, so it leads nowhere else. */
export const redirect = ({ method, path, status }: Operation & { readonly status: 302 }, location: `/${string}`) =>
  answering({ route: `${method} ${path}` }, async ({ requestContext: { requestId } }) => ({
    statusCode: status,
    headers: { ...commonHeaders(requestId), location },
    body: "",
  }));
