import { AiraError } from "../lib/index.ts";

/** The most that each thing on the way to an answer may take. Together they stay well below the fifteen seconds that the provider waits. */
export const BUDGET_MS = {
  /** Reading what is asked of the table at once. */
  read: 1_500,
  /** From the arrival of a caller's words to the assistant's answer. */
  voiceReply: 6_500,
  /** From the arrival of a text to the assistant's answer. */
  textReply: 7_000,
  /** Storing a turn of a call. */
  store: 1_500,
  /** Handing an event to the queue. */
  send: 2_500,
} as const;

/** The work's result, unless it takes longer. What it does after that is dropped. Errors: the work's, `service.busy` when it is late. */
export async function inTime<T>(work: Promise<T>, most: keyof typeof BUDGET_MS): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const tooLate = () => reject(new AiraError("service.busy", `This took longer than ${BUDGET_MS[most]} ms: ${most}.`));
    timer = setTimeout(tooLate, BUDGET_MS[most]);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
