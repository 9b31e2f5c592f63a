import { resolve } from "node:path";

/** The folder of the project. */
export const PROJECT = resolve(import.meta.dirname, "../../..");
