import { createLoader } from "../sandbox/persistence.ts";
import type { Snapshot } from "./store.ts";

export const load = createLoader<Snapshot>({ vendor: "Twilio", version: 1, versionOf: (saved) => saved?.version });
