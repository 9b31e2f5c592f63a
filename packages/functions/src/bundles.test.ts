import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { aliases } from "../../../stacks/bundling.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** A handler as the deployment bundles it: its size in KB, and the modules in it. */
async function bundle(handler: string): Promise<{ readonly kilobytes: number; readonly modules: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    entryPoints: [at(`./${handler}.ts`)],
    outfile: "handler.mjs",
    write: false,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node24",
    mainFields: ["module", "main"],
    metafile: true,
    alias: Object.fromEntries(Object.entries(aliases).map(([module, stub]) => [module, at(`./${stub}`)])),
  });
  const [output] = Object.values(metafile.outputs);
  const modules = Object.entries(output?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : []));
  return { kilobytes: (outputFiles[0]?.contents.length ?? Number.NaN) / 1_000, modules };
}

const NEVER = [
  /zod\/v4\/locales/,
  /\/credential-provider-/,
  /submodules\/event-streams/,
  /mnemonist/,
  /json-schema/,
  /packages\/contract\/src\/openapi/,
];
const STRIPE = /node_modules\/stripe\//;
const DYNAMODB = /client-dynamodb|lib-dynamodb/;
const SQS = /client-sqs/;

describe("a bundle stays small, and holds nothing that its handler does not use", () => {
  test.each<[string, number, readonly RegExp[]]>([
    ["webhooks/stripe", 90, [STRIPE, DYNAMODB, /@aws-sdk/, /@smithy/]],
    ["http/health", 90, [STRIPE, DYNAMODB]],
    ["http/openapi", 150, [STRIPE, DYNAMODB]],
    ["http/wallet-balance", 300, [STRIPE, SQS]],
    ["http/wallet-transactions", 300, [STRIPE, SQS]],
    ["http/top-up", 300, [STRIPE, SQS]],
    ["http/create-checkout-session", 550, [SQS]],
    ["http/operator-adjustments", 300, [STRIPE, SQS]],
    ["http/operator-freeze", 300, [STRIPE, SQS]],
    ["http/operator-unfreeze", 300, [STRIPE, SQS]],
    ["http/operator-wallet", 300, [STRIPE, SQS]],
    ["http/operator-transactions", 300, [STRIPE, SQS]],
    ["http/operator-quarantine", 300, [STRIPE, SQS]],
    ["http/operator-replay", 550, [SQS]],
    ["http/operator-queues", 250, [STRIPE, DYNAMODB]],
    ["http/operator-dead-letters", 250, [STRIPE, DYNAMODB]],
    ["http/operator-redrive", 250, [STRIPE, DYNAMODB]],
    ["http/operator-totals", 300, [STRIPE, SQS]],
    ["http/operator-reconciliations", 300, [STRIPE, SQS]],
    ["consumers/payments", 550, [SQS]],
    ["schedules/sweep-top-ups", 550, [SQS]],
    ["schedules/expire-holds", 300, [STRIPE, SQS]],
  ])("%s: at most %i KB", async (handler, most, without) => {
    const { kilobytes, modules } = await bundle(handler);
    expect(kilobytes).toBeLessThanOrEqual(most);
    for (const unwanted of [...NEVER, ...without]) expect(modules.filter((path) => unwanted.test(path))).toEqual([]);
  });
});
