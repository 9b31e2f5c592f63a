import type { Operation, Output } from "@aira/contract";
import { AiraError } from "@aira/core/lib";
import { answering, type RouteOf } from "./answering.ts";
import type { Logger } from "./logger.ts";
import { commonHeaders } from "./problem.ts";
import { rawBody } from "./raw-body.ts";

/** A vendor's request, byte for byte: its signature is over these bytes, so nothing has parsed them. */
export interface Delivery {
  readonly bytes: Buffer;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
}

/**
 * The handler of a vendor's webhook. An error is answered by a status that makes the vendor deliver again, or not.
 * The operation is named by its route, and its type by the contract: the operation itself would bring every schema of its module into the
 * smallest and busiest bundle.
 */
export function webhook<O extends Operation>(
  { route, status, maxBytes }: { readonly route: RouteOf<O>; readonly status: O["status"]; readonly maxBytes: number },
  run: (delivery: Delivery) => Promise<Output<O>>,
) {
  return answering({ route, tooLate }, async (event) => {
    const { headers, log, requestContext } = event;
    const output = await run({ bytes: rawBody(event, maxBytes), headers, log });
    return {
      statusCode: status,
      headers: { ...commonHeaders(requestContext.requestId), "content-type": "application/json" },
      body: JSON.stringify(output),
    };
  });
}

function tooLate(): never {
  throw new AiraError("service.busy", "This took too long. Please deliver it again.", { retryAfterSeconds: 1 });
}
