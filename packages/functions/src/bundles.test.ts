import { beforeAll, describe, expect, test } from "vitest";
import { type Bundle, lookIntoBundles } from "./fixtures/bundles.ts";

const NEVER = [
  /zod\/v4\/locales/,
  /\/credential-provider-/,
  /submodules\/event-streams/,
  /mnemonist/,
  /shared-ini-file-loader/,
  /AdaptiveRetryStrategy/,
  /json-schema/,
  /packages\/contract\/src\/openapi/,
];
const STRIPE = /node_modules\/stripe\//;
const TWILIO = /node_modules\/twilio\//;
const DYNAMODB = /client-dynamodb|lib-dynamodb/;
const SQS = /client-sqs/;
const BEDROCK = /client-bedrock-runtime/;
const XML_BUILDER = /node_modules\/xmlbuilder\//;

const HANDLERS: readonly (readonly [handler: string, most: number, without: readonly RegExp[]])[] = [
  ["webhooks/stripe", 90, [STRIPE, DYNAMODB, /@aws-sdk/, /@smithy/]],
  ["webhooks/handle-call", 400, [STRIPE, SQS, BEDROCK, XML_BUILDER]],
  ["webhooks/handle-sms", 400, [STRIPE, SQS, BEDROCK, XML_BUILDER]],
  ["webhooks/telephony-status", 110, [STRIPE, DYNAMODB, /@aws-sdk/, /@smithy/, XML_BUILDER]],
  ["webhooks/telephony-fallback", 140, [STRIPE, DYNAMODB, /@aws-sdk/, /@smithy/, XML_BUILDER]],
  ["consumers/telephony", 330, [STRIPE, TWILIO, SQS]],
  ["http/health", 90, [STRIPE, DYNAMODB]],
  ["http/openapi", 240, [STRIPE, DYNAMODB]],
  ["http/wallet-balance", 300, [STRIPE, SQS]],
  ["http/wallet-transactions", 300, [STRIPE, SQS]],
  ["http/top-up", 300, [STRIPE, SQS]],
  ["http/create-checkout-session", 400, [SQS]],
  ["http/search-numbers", 400, [STRIPE, SQS, DYNAMODB]],
  ["http/number-countries", 400, [STRIPE, SQS, DYNAMODB]],
  ["http/purchase-number", 400, [STRIPE, SQS]],
  ["http/release-number", 400, [STRIPE, SQS]],
  ["http/numbers", 300, [STRIPE, TWILIO, SQS]],
  ["http/number", 300, [STRIPE, TWILIO, SQS]],
  ["http/update-number", 300, [STRIPE, TWILIO, SQS]],
  ["http/notices", 300, [STRIPE, TWILIO, SQS]],
  ["http/operator-number-repair", 400, [STRIPE, SQS]],
  ["http/operator-number-reconciliations", 300, [STRIPE, TWILIO, SQS]],
  ["http/operator-adjustments", 330, [STRIPE, TWILIO, SQS]],
  ["http/operator-freeze", 300, [STRIPE, SQS]],
  ["http/operator-unfreeze", 330, [STRIPE, TWILIO, SQS]],
  ["http/operator-wallet", 300, [STRIPE, SQS]],
  ["http/operator-transactions", 300, [STRIPE, SQS]],
  ["http/operator-quarantine", 300, [STRIPE, SQS]],
  ["http/operator-replay", 400, [TWILIO, SQS]],
  ["http/operator-queues", 250, [STRIPE, DYNAMODB]],
  ["http/operator-dead-letters", 250, [STRIPE, DYNAMODB]],
  ["http/operator-redrive", 250, [STRIPE, DYNAMODB]],
  ["http/operator-totals", 300, [STRIPE, SQS]],
  ["http/operator-reconciliations", 300, [STRIPE, SQS]],
  ["http/operator-margins", 300, [STRIPE, TWILIO, SQS]],
  ["http/operator-start-run", 300, [STRIPE, TWILIO, SQS]],
  ["http/operator-runs", 300, [STRIPE, TWILIO, SQS]],
  ["consumers/reports", 450, [SQS]],
  ["schedules/verify-ledger", 300, [STRIPE, TWILIO, SQS]],
  ["schedules/margin", 400, [STRIPE, TWILIO, SQS]],
  ["consumers/payments", 400, [TWILIO, SQS]],
  ["schedules/sweep-top-ups", 400, [TWILIO, SQS]],
  ["schedules/tend-numbers", 400, [STRIPE, SQS]],
  ["schedules/reconcile-numbers", 400, [STRIPE, SQS]],
  ["schedules/expire-holds", 300, [STRIPE, SQS]],
];
let bundles: ReadonlyMap<string, Bundle>;
beforeAll(async () => {
  bundles = await lookIntoBundles(HANDLERS.map(([handler]) => `${handler}.ts`));
});

describe("a bundle stays small, and holds nothing that its handler does not use", () => {
  test.each(HANDLERS)("%s: at most %i KB", (handler, most, without) => {
    const { kilobytes = Number.NaN, modules = [], builtins } = bundles.get(`${handler}.ts`) ?? {};
    expect(kilobytes).toBeLessThanOrEqual(most);
    // Those cost tens of milliseconds that way: see stacks/bundling.ts.
    expect(builtins).toEqual([]);
    for (const unwanted of [...NEVER, ...without]) expect(modules.filter((path) => unwanted.test(path))).toEqual([]);
  });
});
