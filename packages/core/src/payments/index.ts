export { type CheckoutSession, type CreateCheckoutSession, createCheckoutSession, readTopUp, type TopUpView } from "./checkout.ts";
export { type Consumed, consumeEvents, type EventMessage } from "./consume.ts";
export type { PaymentPorts } from "./ports.ts";
export type { PaymentProvider } from "./provider.ts";
export type { Quarantined } from "./quarantine.store.ts";
export { listQuarantined, replayQuarantined } from "./quarantine.ts";
export { type Settlement, settle, settlePayment } from "./settle.ts";
export { createStripeProvider, type StripeOptions } from "./stripe.ts";
export { type SweepReport, sweep } from "./sweep.ts";
