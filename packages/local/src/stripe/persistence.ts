import { createLoader } from "../sandbox/persistence.ts";
import type { DeliveryRecord } from "./delivery.ts";
import type { Snapshot } from "./store.ts";

/** What is kept between runs. */
export interface Saved {
  readonly state: Snapshot;
  readonly deliveries: readonly DeliveryRecord[];
}

export const load = createLoader<Saved>({ vendor: "Stripe", version: 1, versionOf: (saved) => saved?.state?.version });
