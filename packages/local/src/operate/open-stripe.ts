import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSecret, readVariable } from "@aira/core/lib";
import { createStripeProvider, type PaymentPorts, type PaymentProvider, type StripeOptions } from "@aira/core/payments";
import Stripe from "stripe";
import { StartFailure } from "../start-failure.ts";
import { createStripeState, SANDBOX_SECRET_KEY, sandboxFetch } from "../stripe/index.ts";
import { load } from "../stripe/persistence.ts";
import type { OpenTable } from "./open-table.ts";
import type { Surroundings } from "./tool.ts";

export const STRIPE_OPTIONS = { stage: { type: "string" } } as const;

export const STRIPE_HELP = `  --stage NAME   the deployment that the table belongs to, as in its objects at Stripe; needed with --table.
                 Stripe's key is taken from STRIPE_SECRET_KEY, or else from the stage's own SSM parameter`;

/** Stripe, as the core sees it and as its SDK does. */
export interface OpenStripe {
  readonly provider: PaymentProvider;
  readonly sdk: Stripe;
  /** Where it is, for the operator. */
  readonly where: string;
  readonly stage: string;
}

/**
 * Stripe as the table's app sees it: the real one when a key is set, else the sandbox of the running `npm start`, else the sandbox's data
 * that the last one left. Throws `StartFailure` with a sentence.
 */
export async function openStripe(
  { dataDir, clock }: OpenTable,
  choice: { readonly stage?: string | undefined; readonly region?: string | undefined },
  { environment }: Pick<Surroundings, "environment">,
): Promise<OpenStripe> {
  if (dataDir === undefined) return openOfStage(choice.stage, choice.region);
  const stage = choice.stage ?? readVariable("STAGE", environment) ?? "local";
  const secretKey = readVariable("STRIPE_SECRET_KEY", environment);
  if (secretKey !== undefined) return { ...connect({ secretKey }), where: "the real Stripe", stage };

  const apiBase = `http://127.0.0.1:${readVariable("STRIPE_PORT", environment)}`;
  if (await answers(apiBase))
    return { ...connect({ secretKey: SANDBOX_SECRET_KEY, apiBase }), where: `the sandbox of the running npm start (${apiBase})`, stage };
  const file = join(dataDir, "stripe", "stripe.json");
  if (!existsSync(file))
    throw new StartFailure(
      `Neither does the Stripe sandbox answer on ${apiBase}, nor is there ${file}: run \`npm start\`, or set STRIPE_SECRET_KEY to use the real Stripe`,
    );
  const saved = load(file);
  const state = createStripeState({ clock, ...(saved ? { snapshot: saved.state } : {}) });
  return {
    ...connect({ secretKey: SANDBOX_SECRET_KEY, apiBase, fetch: sandboxFetch(state) }),
    where: `the sandbox's data in ${file}`,
    stage,
  };
}

async function openOfStage(stage: string | undefined, region: string | undefined): Promise<OpenStripe> {
  if (stage === undefined) throw new StartFailure("--stage is not set: name the deployment, since its objects at Stripe carry its name");
  // Where `sst secrets set` puts it, for whoever has not handed in a key.
  process.env.STRIPE_SECRET_KEY_PARAMETER ??= `/sst/aira/${stage}/Secret/STRIPE_SECRET_KEY/value`;
  if (region !== undefined) process.env.AWS_REGION = region;
  const secretKey = await readSecret("STRIPE_SECRET_KEY").catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartFailure(
      `Stripe's key can't be read (${reason}): set STRIPE_SECRET_KEY, for instance to a restricted key that may only read`,
      {
        cause,
      },
    );
  });
  const apiBase = readVariable("STRIPE_API_BASE");
  return { ...connect({ secretKey, ...(apiBase === undefined ? {} : { apiBase }) }), where: "Stripe", stage };
}

function connect(options: StripeOptions): Pick<OpenStripe, "provider" | "sdk"> {
  const { secretKey, apiBase, fetch: fetchLike } = options;
  const base = apiBase === undefined ? undefined : new URL(apiBase);
  const sdk = new Stripe(secretKey, {
    telemetry: false,
    ...(base ? { host: base.hostname, port: base.port || 443, protocol: base.protocol === "http:" ? "http" : "https" } : {}),
    ...(fetchLike ? { httpClient: Stripe.createFetchHttpClient(fetchLike) } : {}),
  });
  return { provider: createStripeProvider(options), sdk };
}

async function answers(apiBase: string): Promise<boolean> {
  try {
    const { status } = await fetch(`${apiBase}/v1/account`, {
      headers: { authorization: `Bearer ${SANDBOX_SECRET_KEY}` },
      signal: AbortSignal.timeout(2_000),
    });
    return status === 200;
  } catch {
    return false;
  }
}

/** What the core's payments want from outside. The tools only read, so nobody is sent back to a page. */
export const paymentPorts = ({ table, clock }: OpenTable, { provider, stage }: OpenStripe): PaymentPorts => ({
  table,
  clock,
  provider,
  stage,
  random: Math.random,
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
  publicUrl: "http://127.0.0.1",
});
