import { InvariantError } from "./error.ts";

interface Variable {
  /** A sentence for `.env.example`. */
  readonly about: string;
  /** Who reads it: a Lambda, the local runtime, or the deployment. */
  readonly by: readonly ("lambda" | "local" | "deploy")[];
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
const list = (check: (value: string) => string | undefined) => (value: string) =>
  value
    .split(",")
    .map((part) => check(part.trim()))
    .find((wrong) => wrong !== undefined);

const count = (least: number, most: number) => (value: string) =>
  /^\d{1,6}$/.test(value) && Number(value) >= least && Number(value) <= most
    ? undefined
    : `must be a whole number from ${least} to ${most}`;

const minorOfCurrency = (value: string) =>
  /^[A-Z]{3}=\d{1,7}$/.test(value) ? undefined : "must be a list of currency=amount in whole minor units, like USD=100";

/** Every variable that Aira reads. `.env.example` is held equal to this by a test. */
export const VARIABLES = {
  STAGE: {
    about: "Name of this deployment. Stripe's objects carry it, so that two stages can share one Stripe account.",
    by: ["lambda"],
    default: "local",
    rule: (v) => (/^[a-z][a-z0-9-]{0,30}$/.test(v) ? undefined : "must be lower-case letters, digits and hyphens"),
  },
  LOG_LEVEL: {
    about: "How much the functions log: DEBUG, INFO, WARN or ERROR.",
    by: ["lambda", "local"],
    default: "INFO",
    rule: (v) => (["DEBUG", "INFO", "WARN", "ERROR"].includes(v) ? undefined : "must be DEBUG, INFO, WARN or ERROR"),
  },
  TABLE_NAME: { about: "The DynamoDB table. Set by the deployment and by the local runtime.", by: ["lambda"] },
  PAYMENTS_QUEUE_URL: { about: "The queue of Stripe's events. Set by the deployment and by the local runtime.", by: ["lambda"], rule: url },
  TELEPHONY_QUEUE_URL: {
    about: "The queue of calls and texts. Set by the deployment and by the local runtime.",
    by: ["lambda"],
    rule: url,
  },
  PUBLIC_URL: {
    about: "Where customers reach Aira, without a slash at the end. Set by the deployment and by the local runtime.",
    by: ["lambda"],
    rule: origin,
  },
  STRIPE_SECRET_KEY: {
    about: "Stripe's secret key. Empty on a laptop: the sandbox stands in. In the cloud: `npx sst secrets set`.",
    by: ["lambda", "local"],
    rule: (v) =>
      /^(sk|rk)_(test|live)_\S+$/.test(v) ? undefined : "must be a secret or restricted key of Stripe (sk_test_…, sk_live_…, rk_…)",
  },
  STRIPE_WEBHOOK_SECRETS: {
    about: "Signing secrets of the Stripe webhook endpoint, the current one first, the previous one after a comma while rotating.",
    by: ["lambda", "local"],
    rule: list((v) => (/^whsec_\S+$/.test(v) ? undefined : "must be a comma-separated list of webhook signing secrets (whsec_…)")),
  },
  STRIPE_API_BASE: {
    about: "Another address for Stripe's API. Set by the local runtime to its sandbox; leave it empty for the real Stripe.",
    by: ["lambda"],
    rule: origin,
  },
  TWILIO_ACCOUNT_SID: {
    about: "Twilio's account SID. Empty on a laptop: the sandbox stands in. In the cloud: `npx sst secrets set`.",
    by: ["lambda", "local"],
    rule: (v) => (/^AC[0-9a-f]{32}$/.test(v) ? undefined : "must be an account SID of Twilio (AC and 32 hexadecimal digits)"),
  },
  TWILIO_AUTH_TOKENS: {
    about: "Auth tokens of the Twilio account, the current one first, the next one after a comma while rotating.",
    by: ["lambda", "local"],
    rule: list((v) =>
      /^[0-9a-f]{32}$/.test(v) ? undefined : "must be a comma-separated list of auth tokens (32 hexadecimal digits each)",
    ),
  },
  TWILIO_API_BASE: {
    about: "Another address for Twilio's API. Set by the local runtime to its sandbox; leave it empty for the real Twilio.",
    by: ["lambda"],
    rule: origin,
  },
  TWILIO_ADDRESSES: {
    about: "Addresses on file at Twilio for countries that ask for one, like `GB=AD…,AU:mobile=AD…`.",
    by: ["lambda", "deploy", "local"],
    rule: list((v) =>
      /^[A-Z]{2}(:(local|toll_free|mobile|national))?=AD[0-9a-f]{32}$/.test(v)
        ? undefined
        : "must be a list of country=address SID, like GB=AD…",
    ),
  },
  TWILIO_BUNDLES: {
    about: "Regulatory bundles on file at Twilio for countries that ask for one, like `GB=BU…,DE:local=BU…`.",
    by: ["lambda", "deploy", "local"],
    rule: list((v) =>
      /^[A-Z]{2}(:(local|toll_free|mobile|national))?=BU[0-9a-f]{32}$/.test(v)
        ? undefined
        : "must be a list of country=bundle SID, like GB=BU…",
    ),
  },
  EXCHANGE_RATES: {
    about: "What a US dollar costs in the other currencies, for prices of numbers and calls, like `INR=88.50`.",
    by: ["lambda", "deploy", "local"],
    default: "INR=90.00",
    rule: list((v) =>
      /^[A-Z]{3}=(?!0+(\.0+)?$)\d{1,6}(\.\d{1,6})?$/.test(v) ? undefined : "must be a list of currency=rate, like INR=88.50",
    ),
  },
  NUMBERS_PER_OWNER: {
    about: "How many numbers one customer may hold.",
    by: ["lambda", "deploy", "local"],
    default: "20",
    rule: count(1, 10_000),
  },
  PURCHASES_PER_DAY: {
    about: "How many numbers one customer may buy within 24 hours.",
    by: ["lambda", "deploy", "local"],
    default: "10",
    rule: count(1, 10_000),
  },
  NUMBER_REMINDER_DAYS: {
    about: "How many days before a number's next month is charged its owner is reminded.",
    by: ["lambda", "deploy", "local"],
    default: "3",
    rule: count(0, 20),
  },
  NUMBER_GRACE_DAYS: {
    about: "How many days after its paid time a number that can't be paid still works.",
    by: ["lambda", "deploy", "local"],
    default: "3",
    rule: count(0, 60),
  },
  NUMBER_SUSPENDED_DAYS: {
    about: "How many days a suspended number is kept before it is given back.",
    by: ["lambda", "deploy", "local"],
    default: "14",
    rule: count(0, 365),
  },
  NUMBER_COOL_DOWN_DAYS: {
    about: "How many days a number that was given back is not sold to anybody else.",
    by: ["lambda", "deploy", "local"],
    default: "30",
    rule: count(0, 365),
  },
  OVERDRAFT_MINOR: {
    about:
      "How far below zero a wallet may get before its calls and texts are no longer answered, in cents and paise, like `USD=100,INR=9000`.",
    by: ["lambda", "deploy", "local"],
    default: "USD=100,INR=9000",
    rule: list(minorOfCurrency),
  },
  LOW_BALANCE_MINOR: {
    about:
      "A customer is told when the balance falls below this, unless they have set another, in cents and paise, like `USD=500,INR=40000`.",
    by: ["lambda", "deploy", "local"],
    default: "USD=500,INR=40000",
    rule: list(minorOfCurrency),
  },
  CONVERSATION_DAYS: {
    about: "How many days what was said and written is kept. 0: for ever.",
    by: ["lambda", "deploy", "local"],
    default: "365",
    rule: count(0, 36_500),
  },
  TWILIO_BALANCE_ALARM: {
    about:
      "An alarm tells when the Twilio account holds less than this, in its own currency: at zero every number of every customer stops.",
    by: ["deploy"],
    default: "50",
    rule: count(1, 999_999),
  },
  RESPONDER: {
    about: "Who answers calls, texts and the chat: embedded (by tables of words, needs nobody) or bedrock (a model of Amazon Bedrock).",
    by: ["lambda", "deploy", "local"],
    default: "embedded",
    rule: (v) => (["embedded", "bedrock"].includes(v) ? undefined : "must be embedded or bedrock"),
  },
  BEDROCK_MODEL_ID: {
    about: "The model that answers, when RESPONDER is bedrock: the id or ARN of a model or inference profile that uses tools.",
    by: ["lambda", "deploy", "local"],
    rule: (v) => (/^[A-Za-z0-9.:/_-]{1,2048}$/.test(v) ? undefined : "must be the id or ARN of a model or inference profile of Bedrock"),
  },
  BEDROCK_REGION: {
    about: "The region that the model is asked in. Empty: the function's own.",
    by: ["lambda", "deploy", "local"],
    rule: (v) => (/^[a-z]{2}(-[a-z]+)+-\d$/.test(v) ? undefined : "must be a region of AWS, like us-east-1"),
  },
  BEDROCK_GUARDRAIL: {
    about: "A guardrail of Bedrock that reads along, as id:version, like `gr1a2b3c4d5e:1` or `gr1a2b3c4d5e:DRAFT`.",
    by: ["lambda", "deploy", "local"],
    rule: (v) =>
      /^([a-z0-9]+|arn:aws[a-z-]*:bedrock:[a-z0-9-]+:\d{12}:guardrail\/[a-z0-9]+):([1-9]\d{0,7}|DRAFT)$/.test(v)
        ? undefined
        : "must be a guardrail's id or ARN, a colon and its version",
  },
  RESPONDER_TOKENS: {
    about: "How much of what was said before a model is told with each turn, in tokens, by estimate.",
    by: ["lambda", "deploy", "local"],
    default: "2000",
    rule: count(100, 100_000),
  },
  OIDC_ISSUER: {
    about: "Issuer of access tokens, exactly as in their `iss`. Empty: Cognito in the cloud, the local identity provider on a laptop.",
    by: ["deploy", "local"],
    rule: url,
  },
  OIDC_AUDIENCE: { about: "The audience or client id that access tokens must carry.", by: ["deploy", "local"] },
  OIDC_SCOPE: { about: "The scope that access tokens must carry.", by: ["deploy", "local"], default: "aira/api" },
  CORS_ORIGINS: {
    about: "Origins of other web clients that may call the API, comma-separated. The dashboard is on the same origin and needs none.",
    by: ["deploy", "local"],
    rule: list(origin),
  },
  PORT: { about: "Port of the API and the dashboard on a laptop.", by: ["local"], default: "3000", rule: port },
  TABLE_PORT: { about: "Port of the local table.", by: ["local"], default: "3001", rule: port },
  QUEUE_PORT: { about: "Port of the local queues.", by: ["local"], default: "3002", rule: port },
  IDENTITY_PORT: { about: "Port of the local identity provider.", by: ["local"], default: "3003", rule: port },
  TWILIO_PORT: { about: "Port of the local Twilio sandbox.", by: ["local"], default: "3005", rule: port },
  STRIPE_PORT: { about: "Port of the local Stripe sandbox.", by: ["local"], default: "3004", rule: port },
  DATA_DIR: { about: "Where the local runtime keeps its data between runs.", by: ["local"], default: ".aira" },
  AWS_ENDPOINT_URL_DYNAMODB: {
    about: "A DynamoDB of your own (DynamoDB Local, for instance) instead of the embedded table.",
    by: ["local"],
    rule: url,
  },
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
