import { CALL_STEPS } from "./call-steps.ts";
import { MONTH_STEPS } from "./month-steps.ts";
import { NUMBER_STEPS } from "./number-steps.ts";
import { PAYMENT_STEPS } from "./payment-steps.ts";
import type { Step } from "./story.ts";

/** The whole story, in the order in which it is told. */
export const STEPS: readonly Step[] = [...PAYMENT_STEPS, ...NUMBER_STEPS, ...CALL_STEPS, ...MONTH_STEPS];
