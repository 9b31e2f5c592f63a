import type { Operation } from "@aira/contract";
import { AiraError } from "@aira/core/lib";
import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

export interface WithIdempotencyKey {
  idempotencyKey?: string;
}

// No comma: the gateway joins two such headers by one, and neither key would ever repeat that operation.
const KEY = /^[\x21-\x2b\x2d-\x7e]{1,255}$/;
const field = "header.idempotency-key";

/** The key that names an operation for its repeats. Errors: `idempotency.key_required`, `idempotency.key_invalid`. */
function keyOf({ headers }: APIGatewayProxyEventV2): string {
  const key = headers["idempotency-key"];
  if (key === undefined || key === "") {
    const detail = "Send an Idempotency-Key header, a UUID for instance, and the same one when you repeat this request.";
    throw new AiraError("idempotency.key_required", detail, { errors: [{ field, rule: "required", detail }] });
  }
  if (!KEY.test(key)) {
    const detail = "Idempotency-Key must have 1 to 255 printable ASCII characters, without spaces and commas, and stand once.";
    const rule = "1 to 255 printable ASCII characters, no comma";
    throw new AiraError("idempotency.key_invalid", detail, { errors: [{ field, rule, detail }] });
  }
  return key;
}

/** Puts the key on the event of an idempotent operation. */
export function keyed<Event extends APIGatewayProxyEventV2 & WithIdempotencyKey>({ idempotent }: Operation): MiddlewareObj<Event> {
  return {
    before: ({ event }) => {
      if (idempotent) event.idempotencyKey = keyOf(event);
    },
  };
}
