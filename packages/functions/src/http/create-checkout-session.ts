import { createCheckoutSession as operation } from "@aira/contract";
import { createCheckoutSession } from "@aira/core/payments";
import { http } from "../edge/http.ts";
import { once } from "../edge/once.ts";
import { paymentPorts } from "../edge/services.ts";

/** Starts a top-up and answers Stripe's page to pay on. */
export const handler = http(
  operation,
  async ({ body }, { owner, idempotencyKey }) => createCheckoutSession(await paymentPorts(), { owner, idempotencyKey, ...body }),
  once,
);
