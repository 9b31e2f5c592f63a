import type { LedgerPorts } from "@aira/core/ledger";
import { readSecret, readVariable, requireVariable, systemClock, type VariableName } from "@aira/core/lib";
import {
  createTwilioProvider,
  type NumberPolicy,
  type NumberPorts,
  type NumberProvider,
  parseRegulatory,
  type RenewalPorts,
} from "@aira/core/numbers";
import { createStripeProvider, type PaymentPorts, type PaymentProvider } from "@aira/core/payments";
import { createNumberPrices, type NumberPrices, parseExchangeRates } from "@aira/core/pricing";
import { createDocumentClient, createTable } from "@aira/core/table";
import { count } from "./metrics.ts";
import { twilioAccount } from "./twilio-account.ts";

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

const numberOf = (name: VariableName): number => Number(requireVariable(name));

/** What the operator has decided about numbers. */
export const numberPolicy = /* @__PURE__ */ lazy(
  (): NumberPolicy => ({
    numbersPerOwner: numberOf("NUMBERS_PER_OWNER"),
    purchasesPerDay: numberOf("PURCHASES_PER_DAY"),
    reminderDays: numberOf("NUMBER_REMINDER_DAYS"),
    graceDays: numberOf("NUMBER_GRACE_DAYS"),
    suspendedDays: numberOf("NUMBER_SUSPENDED_DAYS"),
    coolDownDays: numberOf("NUMBER_COOL_DOWN_DAYS"),
  }),
);

/** What renewals need: no provider, so whoever uses only this carries none. */
export const renewalPorts = (): RenewalPorts => ({ ...ledgerPorts(), policy: numberPolicy() });

interface Market {
  readonly provider: NumberProvider;
  readonly prices: NumberPrices;
}

let twilio: (Market & { readonly account: string }) | undefined;

/** Twilio, with our prices over its own. Asked for on each invocation, so that a rotated token takes effect without a new container. */
export async function numberMarket(): Promise<Market> {
  const { accountSid, authToken } = await twilioAccount();
  const account = `${accountSid} ${authToken}`;
  if (twilio?.account === account) return twilio;
  const provider = createTwilioProvider({
    accountSid,
    authToken,
    apiBase: readVariable("TWILIO_API_BASE"),
    addresses: parseRegulatory(readVariable("TWILIO_ADDRESSES")),
    bundles: parseRegulatory(readVariable("TWILIO_BUNDLES")),
  });
  const prices = createNumberPrices({
    provider,
    clock: systemClock,
    rates: parseExchangeRates(requireVariable("EXCHANGE_RATES")),
    onFailure: () => count("PricesNotFetched"),
  });
  twilio = { account, provider, prices };
  return twilio;
}

/** What numbers need from outside. */
export async function numberPorts(): Promise<NumberPorts> {
  const { provider, prices } = await numberMarket();
  return { ...renewalPorts(), provider, prices, stage: requireVariable("STAGE"), publicUrl: requireVariable("PUBLIC_URL") };
}
