import { InvariantError } from "./error.ts";

interface Variable {
  readonly default?: string;
  /** What is wrong with a value, as "must …", or undefined. */
  readonly rule?: (value: string) => string | undefined;
}

const url = (value: string) =>
  /^https?:\/\/[^\s/]+/.test(value) && URL.canParse(value) ? undefined : "must be an absolute http or https URL";
const origin = (value: string) =>
  url(value) ??
  (new URL(value).origin === value ? undefined : "must be an origin: scheme, host and port, without a path or a slash at the end");
const port = (value: string) =>
  /^\d{1,5}$/.test(value) && Number(value) <= 65_535 ? undefined : "must be a port between 0 and 65535 (0: any free one)";
const matching = (pattern: RegExp, sentence: string) => (value: string) => (pattern.test(value) ? undefined : sentence);
const list = (check: (value: string) => string | undefined) => (value: string) =>
  value
    .split(",")
    .map((part) => check(part.trim()))
    .find((wrong) => wrong !== undefined);

const count = (least: number, most: number) => (value: string) =>
  /^\d{1,6}$/.test(value) && Number(value) >= least && Number(value) <= most
    ? undefined
    : `must be a whole number from ${least} to ${most}`;

const minorOfCurrency = matching(/^[A-Z]{3}=\d{1,7}$/, "must be a list of currency=amount in whole minor units, like USD=100");

/**
 * Every variable that Aira reads. What each is for and who reads it stands in config-about.ts, since this is in every bundle; a test
 * holds `.env.example` equal to both.
 */
export const VARIABLES = {
  STAGE: {
    default: "local",
    rule: matching(/^[a-z][a-z0-9-]{0,30}$/, "must be lower-case letters, digits and hyphens"),
  },
  LOG_LEVEL: {
    default: "INFO",
    rule: (v) => (["DEBUG", "INFO", "WARN", "ERROR"].includes(v) ? undefined : "must be DEBUG, INFO, WARN or ERROR"),
  },
  TABLE_NAME: {},
  PAYMENTS_QUEUE_URL: { rule: url },
  TELEPHONY_QUEUE_URL: { rule: url },
  REPORTS_QUEUE_URL: { rule: url },
  PUBLIC_URL: { rule: origin },
  STRIPE_SECRET_KEY: {
    rule: matching(/^(sk|rk)_(test|live)_\S+$/, "must be a secret or restricted key of Stripe (sk_test_…, sk_live_…, rk_…)"),
  },
  STRIPE_WEBHOOK_SECRETS: {
    rule: list(matching(/^whsec_\S+$/, "must be a comma-separated list of webhook signing secrets (whsec_…)")),
  },
  STRIPE_API_BASE: { rule: origin },
  TWILIO_ACCOUNT_SID: {
    rule: matching(/^AC[0-9a-f]{32}$/, "must be an account SID of Twilio (AC and 32 hexadecimal digits)"),
  },
  TWILIO_AUTH_TOKENS: {
    rule: list(matching(/^[0-9a-f]{32}$/, "must be a comma-separated list of auth tokens (32 hexadecimal digits each)")),
  },
  TWILIO_API_BASE: { rule: origin },
  TWILIO_ADDRESSES: {
    rule: list(
      matching(/^[A-Z]{2}(:(local|toll_free|mobile|national))?=AD[0-9a-f]{32}$/, "must be a list of country=address SID, like GB=AD…"),
    ),
  },
  TWILIO_BUNDLES: {
    rule: list(
      matching(/^[A-Z]{2}(:(local|toll_free|mobile|national))?=BU[0-9a-f]{32}$/, "must be a list of country=bundle SID, like GB=BU…"),
    ),
  },
  EXCHANGE_RATES: {
    default: "INR=90.00",
    rule: list(matching(/^[A-Z]{3}=(?!0+(\.0+)?$)\d{1,6}(\.\d{1,6})?$/, "must be a list of currency=rate, like INR=88.50")),
  },
  NUMBERS_PER_OWNER: {
    default: "20",
    rule: count(1, 10_000),
  },
  PURCHASES_PER_DAY: {
    default: "10",
    rule: count(1, 10_000),
  },
  NUMBER_REMINDER_DAYS: {
    default: "3",
    rule: count(0, 20),
  },
  NUMBER_GRACE_DAYS: {
    default: "3",
    rule: count(0, 60),
  },
  NUMBER_SUSPENDED_DAYS: {
    default: "14",
    rule: count(0, 365),
  },
  NUMBER_COOL_DOWN_DAYS: {
    default: "30",
    rule: count(0, 365),
  },
  OVERDRAFT_MINOR: {
    default: "USD=100,INR=9000",
    rule: list(minorOfCurrency),
  },
  LOW_BALANCE_MINOR: {
    default: "USD=500,INR=40000",
    rule: list(minorOfCurrency),
  },
  CONVERSATION_DAYS: {
    default: "365",
    rule: count(0, 36_500),
  },
  TWILIO_BALANCE_ALARM: {
    default: "50",
    rule: count(1, 999_999),
  },
  RESPONDER: {
    default: "embedded",
    rule: (v) => (["embedded", "bedrock"].includes(v) ? undefined : "must be embedded or bedrock"),
  },
  BEDROCK_MODEL_ID: {
    rule: matching(/^[A-Za-z0-9.:/_-]{1,2048}$/, "must be the id or ARN of a model or inference profile of Bedrock"),
  },
  BEDROCK_REGION: {
    rule: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region of AWS, like us-east-1"),
  },
  BEDROCK_GUARDRAIL: {
    rule: matching(
      /^([a-z0-9]+|arn:aws[a-z-]*:bedrock:[a-z0-9-]+:\d{12}:guardrail\/[a-z0-9]+):([1-9]\d{0,7}|DRAFT)$/,
      "must be a guardrail's id or ARN, a colon and its version",
    ),
  },
  RESPONDER_TOKENS: {
    default: "2000",
    rule: count(100, 100_000),
  },
  OIDC_ISSUER: { rule: url },
  OIDC_AUDIENCE: {},
  OIDC_SCOPE: { default: "aira/api" },
  CORS_ORIGINS: {
    rule: list(origin),
  },
  PORT: { default: "3000", rule: port },
  TABLE_PORT: { default: "3001", rule: port },
  QUEUE_PORT: { default: "3002", rule: port },
  IDENTITY_PORT: { default: "3003", rule: port },
  TWILIO_PORT: { default: "3005", rule: port },
  STRIPE_PORT: { default: "3004", rule: port },
  DATA_DIR: { default: ".aira" },
  AWS_ENDPOINT_URL_DYNAMODB: { rule: url },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof VARIABLES;
type Environment = Readonly<Record<string, string | undefined>>;

/** The value of a variable, or its default, or undefined. An empty value counts as unset. Throws a sentence that names the variable and the rule. */
export function readVariable(name: VariableName, environment: Environment = process.env): string | undefined {
  const variable: Variable = VARIABLES[name];
  const value = environment[name]?.trim() || variable.default;
  if (value === undefined) return undefined;
  const wrong = variable.rule?.(value);
  // The value itself is not shown: it may be a secret.
  if (wrong) throw new InvariantError(`${name} ${wrong}`);
  return value;
}

/** Like `readVariable`, for a variable that must be there. */
export function requireVariable(name: VariableName, environment: Environment = process.env): string {
  const value = readVariable(name, environment);
  if (value === undefined) throw new InvariantError(`${name} is not set`);
  return value;
}
