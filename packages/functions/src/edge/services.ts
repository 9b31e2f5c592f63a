import type { LedgerPorts } from "@aira/core/ledger";
import { readSecret, readVariable, requireVariable, systemClock } from "@aira/core/lib";
import { createStripeProvider, type PaymentPorts, type PaymentProvider } from "@aira/core/payments";
import { createDocumentClient, createTable } from "@aira/core/table";

/** Made when a handler first uses it, and then kept by its container. Marked pure below, so that a bundle keeps only what its handler calls. */
function lazy<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** The one DynamoDB client. The fault layer of the tests stands under it. */
export const documentClient = /* @__PURE__ */ lazy(createDocumentClient);

/** What the ledger needs from outside. */
export const ledgerPorts = /* @__PURE__ */ lazy(
  (): LedgerPorts => ({
    table: createTable(documentClient(), requireVariable("TABLE_NAME")),
    clock: systemClock,
    random: Math.random,
    wait: (ms) => new Promise((done) => setTimeout(done, ms)),
  }),
);

let stripe: { readonly secretKey: string; readonly provider: PaymentProvider } | undefined;

/** What payments need from outside. Asked for on each invocation, so that a rotated key takes effect without a new container. */
export async function paymentPorts(): Promise<PaymentPorts> {
  const secretKey = await readSecret("STRIPE_SECRET_KEY");
  if (stripe?.secretKey !== secretKey)
    stripe = { secretKey, provider: createStripeProvider({ secretKey, apiBase: readVariable("STRIPE_API_BASE") }) };
  return { ...ledgerPorts(), provider: stripe.provider, stage: requireVariable("STAGE"), publicUrl: requireVariable("PUBLIC_URL") };
}
