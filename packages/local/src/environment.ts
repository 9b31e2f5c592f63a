import { queueVariable } from "../../../stacks/environment.ts";
import { metricNamespace } from "../../../stacks/metrics.ts";
import { emulatorCredentials, REGION } from "./account.ts";

export const TABLE_NAME = "aira-local";

interface Parts {
  readonly publicUrl: string;
  readonly tableEndpoint: string;
  readonly queueEndpoint: string;
  /** By the queue's name. */
  readonly queueUrls: Readonly<Record<string, string>>;
  readonly stripe: { readonly secretKey: string; readonly webhookSecrets: string; readonly apiBase?: string | undefined };
  readonly twilio: { readonly accountSid: string; readonly authTokens: string; readonly apiBase?: string | undefined };
}

/**
 * The environment that the functions run in, of which they read what the deployment would give them. Credentials and
 * endpoints see to it that no AWS call leaves the machine, whatever the developer's own environment holds.
 */
export function functionEnvironment({
  publicUrl,
  tableEndpoint,
  queueEndpoint,
  queueUrls,
  stripe,
  twilio,
}: Parts): Record<string, string | undefined> {
  return {
    STAGE: "local",
    TABLE_NAME,
    PUBLIC_URL: publicUrl,
    ...Object.fromEntries(Object.entries(queueUrls).map(([name, url]) => [queueVariable(name), url])),
    STRIPE_SECRET_KEY: stripe.secretKey,
    STRIPE_WEBHOOK_SECRETS: stripe.webhookSecrets,
    STRIPE_API_BASE: stripe.apiBase,
    TWILIO_ACCOUNT_SID: twilio.accountSid,
    TWILIO_AUTH_TOKENS: twilio.authTokens,
    TWILIO_API_BASE: twilio.apiBase,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: emulatorCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulatorCredentials.secretAccessKey,
    AWS_SESSION_TOKEN: undefined,
    AWS_PROFILE: undefined,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL_DYNAMODB: tableEndpoint,
    AWS_ENDPOINT_URL_SQS: queueEndpoint,
    // Where every other service of AWS would be: nobody listens on the discard port.
    AWS_ENDPOINT_URL: "http://127.0.0.1:9",
    POWERTOOLS_SERVICE_NAME: "aira",
    POWERTOOLS_METRICS_NAMESPACE: metricNamespace,
    POWERTOOLS_METRICS_DISABLED: "true",
    POWERTOOLS_TRACE_ENABLED: "false",
  };
}

/** Sets variables of this process, undefined meaning that they are not set. Answers how to undo it. */
export function setEnvironment(values: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  assign(values);
  return () => assign(before);
}

function assign(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
