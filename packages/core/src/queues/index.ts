export { type DeadLetterView, lookAtDeadLetters } from "./look.ts";
export type { DeadLetter, DeadLetterQueue } from "./ports.ts";
export { type Redriven, redrive } from "./redrive.ts";
