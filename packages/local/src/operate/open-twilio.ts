import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSecret, readVariable, requireVariable, rotating } from "@aira/core/lib";
import { createTwilioProvider, type NumberPorts, type NumberProvider, parseRegulatory } from "@aira/core/numbers";
import { StartFailure } from "../start-failure.ts";
import { createTwilioState, SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN, sandboxFetch } from "../twilio/index.ts";
import { load } from "../twilio/persistence.ts";
import type { OpenTable } from "./open-table.ts";
import type { Surroundings } from "./tool.ts";

export const TWILIO_OPTIONS = { stage: { type: "string" }, url: { type: "string" } } as const;

export const TWILIO_HELP = `  --stage NAME   the deployment that the table belongs to, as in the names of its numbers at Twilio; needed with --table.
                 Twilio's account is taken from TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKENS, or else from the stage's own
                 SSM parameters
  --url URL      the deployment's Url, where Twilio reaches it; needed with --table`;

interface OpenTwilio {
  readonly provider: NumberProvider;
  /** Where it is, for the operator. */
  readonly where: string;
  readonly stage: string;
  readonly publicUrl: string;
  /** Data of a sandbox that does not run: nothing that is changed there would be kept. */
  readonly readOnly: boolean;
}

interface Choice {
  readonly stage?: string | undefined;
  readonly region?: string | undefined;
  readonly url?: string | undefined;
}

/**
 * Twilio as the table's app sees it: the real one when an account is set, else the sandbox of the running `npm start`, else the sandbox's
 * data that the last one left. Throws `StartFailure` with a sentence.
 */
export async function openTwilio(
  { dataDir, clock }: OpenTable,
  choice: Choice,
  { environment }: Pick<Surroundings, "environment">,
): Promise<OpenTwilio> {
  if (dataDir === undefined) return openOfStage(choice);
  const stage = choice.stage ?? readVariable("STAGE", environment) ?? "local";
  const publicUrl = choice.url ?? `http://127.0.0.1:${readVariable("PORT", environment)}`;
  const accountSid = readVariable("TWILIO_ACCOUNT_SID", environment);
  const tokens = readVariable("TWILIO_AUTH_TOKENS", environment);
  const common = { stage, publicUrl, readOnly: false };
  if (accountSid !== undefined && tokens !== undefined)
    return { ...common, provider: connect(accountSid, rotating(tokens)[0]), where: "the real Twilio" };

  const apiBase = `http://127.0.0.1:${readVariable("TWILIO_PORT", environment)}`;
  const running = connect(SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN, { apiBase });
  if (await answers(running)) return { ...common, provider: running, where: `the sandbox of the running npm start (${apiBase})` };
  const file = join(dataDir, "twilio", "twilio.json");
  if (!existsSync(file))
    throw new StartFailure(
      `Neither does the Twilio sandbox answer on ${apiBase}, nor is there ${file}: run \`npm start\`, or set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKENS to use the real Twilio`,
    );
  const snapshot = load(file);
  const state = createTwilioState({ clock, accountSid: SANDBOX_ACCOUNT_SID, ...(snapshot ? { snapshot } : {}) });
  const provider = connect(SANDBOX_ACCOUNT_SID, SANDBOX_AUTH_TOKEN, { apiBase, fetch: sandboxFetch(state) });
  return { ...common, provider, where: `the sandbox's data in ${file}`, readOnly: true };
}

async function openOfStage({ stage, region, url }: Choice): Promise<OpenTwilio> {
  if (stage === undefined) throw new StartFailure("--stage is not set: name the deployment, since its numbers at Twilio carry its name");
  if (url === undefined) throw new StartFailure("--url is not set: name the deployment's Url, since its numbers' calls must lead there");
  if (!URL.canParse(url) || new URL(url).origin !== url) throw new StartFailure("--url must be an origin like https://d111.cloudfront.net");
  if (region !== undefined) process.env.AWS_REGION = region;
  // Where `sst secrets set` puts them, for whoever has not handed them in.
  for (const name of ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKENS"])
    process.env[`${name}_PARAMETER`] ??= `/sst/aira/${stage}/Secret/${name}/value`;
  const [accountSid, tokens] = await Promise.all([readSecret("TWILIO_ACCOUNT_SID"), readSecret("TWILIO_AUTH_TOKENS")]).catch(
    (cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new StartFailure(`Twilio's account can't be read (${reason}): set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKENS`, { cause });
    },
  );
  const apiBase = readVariable("TWILIO_API_BASE");
  return { provider: connect(accountSid, rotating(tokens)[0], { apiBase }), where: "Twilio", stage, publicUrl: url, readOnly: false };
}

const connect = (
  accountSid: string,
  authToken: string,
  to: { readonly apiBase?: string | undefined; readonly fetch?: typeof fetch | undefined } = {},
): NumberProvider => createTwilioProvider({ accountSid, authToken, ...to, addresses: parseRegulatory(""), bundles: parseRegulatory("") });

async function answers(provider: NumberProvider): Promise<boolean> {
  try {
    await provider.balance();
    return true;
  } catch {
    // Nobody there, or somebody else: either way it is not our sandbox.
    return false;
  }
}

/** What the core's numbers want from outside. The tools buy nothing, so there are no prices. */
export const numberPorts = (
  { table, clock }: OpenTable,
  { provider, stage, publicUrl }: OpenTwilio,
  environment: Surroundings["environment"],
): NumberPorts => ({
  table,
  clock,
  provider,
  stage,
  publicUrl,
  random: Math.random,
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
  prices: { quote: async () => undefined },
  policy: {
    numbersPerOwner: 0,
    purchasesPerDay: 0,
    reminderDays: 0,
    graceDays: 0,
    suspendedDays: 0,
    coolDownDays: Number(requireVariable("NUMBER_COOL_DOWN_DAYS", environment)),
  },
});
