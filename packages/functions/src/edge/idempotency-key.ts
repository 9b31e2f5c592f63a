import type { Operation } from "@aira/contract";
import { AiraError } from "@aira/core/lib";
import type { MiddlewareObj } from "@middy/core";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

export interface WithIdempotencyKey {
  idempotencyKey?: string;
}

const KEY = /^[\x21-\x7e]{1,255}$/;
const field = "header.idempotency-key";

/** The key that names an operation for its repeats. Errors: `idempotency.key_required`, `idempotency.key_invalid`. */
function keyOf({ headers }: APIGatewayProxyEventV2): string {
  const key = headers["idempotency-key"];
  if (key === undefined || key === "") {
    const detail = "Send an Idempotency-Key header, a UUID for instance, and the same one when you repeat this request.";
    throw new AiraError("idempotency.key_required", detail, { errors: [{ field, rule: "required", detail }] });
  }
  if (!KEY.test(key)) {
    const detail = "Idempotency-Key must have 1 to 255 printable ASCII characters, without spaces.";
    throw new AiraError("idempotency.key_invalid", detail, { errors: [{ field, rule: "1 to 255 printable ASCII characters", detail }] });
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
