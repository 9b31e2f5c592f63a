/** An execution asks the provider to buy within this time of its claim, or not at all. */
export const FENCE_MS = 60_000;

/**
 * When a number that the provider does not have is definitely not coming: longer than the fence, the purchase's own timeout and the
 * provider's lag together.
 */
export const QUIET_MS = 10 * 60_000;

/** When a purchase without an answer is looked up for the first time, and then again. */
export const FIRST_LOOK_MS = 30_000;
export const LOOK_AGAIN_MS = 60_000;
