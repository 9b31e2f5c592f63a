import * as contract from "@aira/contract";
import { operations } from "@aira/contract/operations";
import type { Plugin } from "vite";

/** What the client must know of an operation. */
const addresses = Object.fromEntries(
  Object.entries(operations).map(([name, { method, path, auth, ...more }]) => [name, { method, path, auth, csv: "csv" in more }]),
);

const isData = (value: unknown): boolean =>
  value === null ||
  ["string", "number", "boolean"].includes(typeof value) ||
  (Array.isArray(value) && value.every(isData)) ||
  (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isData));

const asModule = (exported: Readonly<Record<string, unknown>>): string =>
  Object.entries(exported)
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
    .join("\n");

const MODULES: readonly (readonly [RegExp, string])[] = [
  [/[\\/]contract[\\/]src[\\/]operations\.ts$/, asModule({ operations: addresses })],
  [/[\\/]contract[\\/]src[\\/]index\.ts$/, asModule(Object.fromEntries(Object.entries(contract).filter(([, value]) => isData(value))))],
];

/**
 * The contract without its schemas: the API checks by them, the page has them as types only. To build all of them was a tenth of the first
 * load, and the longest thing that a slow phone did before the first page.
 */
export function contractData(): Plugin {
  return {
    name: "aira-contract-data",
    load: (id) => MODULES.find(([pattern]) => pattern.test(id))?.[1],
  };
}
