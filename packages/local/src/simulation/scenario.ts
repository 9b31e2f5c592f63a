import type { CoreUnderTest } from "./core-under-test.ts";

/** A short history that somebody directs. Throws when the promise is broken. */
export interface Scenario {
  readonly promise: string;
  readonly play: (core: CoreUnderTest) => Promise<void>;
}
