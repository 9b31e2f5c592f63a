import { readVariable, type VariableName } from "@aira/core/lib";
import { settingVariables } from "../../../stacks/environment.ts";
import { StartFailure } from "./start-failure.ts";

/** The client id of the dashboard at the local identity provider. */
const DASHBOARD_CLIENT = "dashboard";

export interface Settings {
  readonly scope: string;
  /** The client id that the dashboard signs in with, which is the audience of tokens. */
  readonly clientId: string;
  /** An issuer of the developer's own, instead of the local identity provider. */
  readonly issuer?: string | undefined;
  readonly corsOrigins: readonly string[];
  /** A DynamoDB of the developer's own. */
  readonly tableEndpoint?: string | undefined;
  /** The real Stripe, instead of the sandbox. */
  readonly stripe?: { readonly secretKey: string; readonly webhookSecrets: string } | undefined;
  /** The real Twilio, instead of the sandbox. */
  readonly twilio?: { readonly accountSid: string; readonly authTokens: string } | undefined;
  /** What the operator decides, by the variable's name, as the deployment would tell the functions. */
  readonly told: Readonly<Record<string, string>>;
  /** What the functions read beside what the runtime gives them. */
  readonly logLevel: string;
  readonly stage: string;
}

/** Reads and checks what the developer has set, before any part is started. Throws a sentence that names the variable. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>, publicUrl: string): Settings {
  const read = (name: VariableName) => readVariable(name, environment);
  const issuer = read("OIDC_ISSUER");
  const audience = read("OIDC_AUDIENCE");
  if (issuer !== undefined && audience === undefined)
    throw new StartFailure("OIDC_AUDIENCE is not set: with OIDC_ISSUER it must name the audience or client id that tokens carry");
  return {
    scope: read("OIDC_SCOPE") ?? "aira/api",
    clientId: (issuer === undefined ? undefined : audience) ?? DASHBOARD_CLIENT,
    issuer,
    corsOrigins:
      read("CORS_ORIGINS")
        ?.split(",")
        .map((origin) => origin.trim()) ?? [],
    tableEndpoint: read("AWS_ENDPOINT_URL_DYNAMODB"),
    stripe: realStripe(read("STRIPE_SECRET_KEY"), read("STRIPE_WEBHOOK_SECRETS"), publicUrl),
    twilio: realTwilio(read("TWILIO_ACCOUNT_SID"), read("TWILIO_AUTH_TOKENS")),
    told: Object.fromEntries(
      Object.values(settingVariables)
        .flat()
        .map((name) => [name, read(name) ?? ""]),
    ),
    logLevel: read("LOG_LEVEL") ?? "INFO",
    stage: read("STAGE") ?? "local",
  };
}

function realStripe(secretKey: string | undefined, webhookSecrets: string | undefined, publicUrl: string): Settings["stripe"] {
  if (secretKey === undefined) return undefined;
  if (/^.._live_/.test(secretKey))
    throw new StartFailure("STRIPE_SECRET_KEY is a live key: on a laptop use a test key (sk_test_…), or leave it empty for the sandbox");
  if (webhookSecrets === undefined)
    throw new StartFailure(
      `STRIPE_WEBHOOK_SECRETS is not set: run \`stripe listen --forward-to ${publicUrl}/api/payment/webhook\` and set it to the whsec_… that it prints, or leave STRIPE_SECRET_KEY empty for the sandbox`,
    );
  return { secretKey, webhookSecrets };
}

function realTwilio(accountSid: string | undefined, authTokens: string | undefined): Settings["twilio"] {
  if (accountSid === undefined && authTokens === undefined) return undefined;
  if (accountSid === undefined || authTokens === undefined)
    throw new StartFailure(
      `${accountSid === undefined ? "TWILIO_ACCOUNT_SID" : "TWILIO_AUTH_TOKENS"} is not set: the real Twilio needs both, the sandbox neither`,
    );
  return { accountSid, authTokens };
}
