import type { VariableName } from "./config.ts";

interface About {
  /** A sentence for `.env.example`. */
  readonly about: string;
  /** Who reads it: a Lambda, the local runtime, or the deployment. */
  readonly by: readonly ("lambda" | "local" | "deploy")[];
}

/** What each variable is for, and who reads it. Not in config.ts, since that is in every bundle. */
export const ABOUT: Readonly<Record<VariableName, About>> = {
  STAGE: { about: "Name of this deployment. Stripe's objects carry it, so that two stages can share one Stripe account.", by: ["lambda"] },
  LOG_LEVEL: { about: "How much the functions log: DEBUG, INFO, WARN or ERROR.", by: ["lambda", "local"] },
  TABLE_NAME: { about: "The DynamoDB table. Set by the deployment and by the local runtime.", by: ["lambda"] },
  PAYMENTS_QUEUE_URL: { about: "The queue of Stripe's events. Set by the deployment and by the local runtime.", by: ["lambda"] },
  TELEPHONY_QUEUE_URL: { about: "The queue of calls and texts. Set by the deployment and by the local runtime.", by: ["lambda"] },
  REPORTS_QUEUE_URL: {
    about: "The queue of verifications and reconciliations. Set by the deployment and by the local runtime.",
    by: ["lambda"],
  },
  PUBLIC_URL: {
    about: "Where customers reach Aira, without a slash at the end. Set by the deployment and by the local runtime.",
    by: ["lambda"],
  },
  STRIPE_SECRET_KEY: {
    about: "Stripe's secret key. Empty on a laptop: the sandbox stands in. In the cloud: `npx sst secrets set`.",
    by: ["lambda", "local"],
  },
  STRIPE_WEBHOOK_SECRETS: {
    about:
      "Signing secrets of the Stripe webhook endpoint. While rotating the new one first, the old one after a comma; events may be signed with any.",
    by: ["lambda", "local"],
  },
  STRIPE_API_BASE: {
    about: "Another address for Stripe's API. Set by the local runtime to its sandbox; leave it empty for the real Stripe.",
    by: ["lambda"],
  },
  TWILIO_ACCOUNT_SID: {
    about: "Twilio's account SID. Empty on a laptop: the sandbox stands in. In the cloud: `npx sst secrets set`.",
    by: ["lambda", "local"],
  },
  TWILIO_AUTH_TOKENS: {
    about:
      "Auth tokens of the Twilio account. While rotating the new one first, the old one after a comma: its API is asked with the first, webhooks may be signed with any.",
    by: ["lambda", "local"],
  },
  TWILIO_API_BASE: {
    about: "Another address for Twilio's API. Set by the local runtime to its sandbox; leave it empty for the real Twilio.",
    by: ["lambda"],
  },
  TWILIO_ADDRESSES: {
    about: "Addresses on file at Twilio for countries that ask for one, like `GB=AD…,AU:mobile=AD…`.",
    by: ["lambda", "deploy", "local"],
  },
  TWILIO_BUNDLES: {
    about: "Regulatory bundles on file at Twilio for countries that ask for one, like `GB=BU…,DE:local=BU…`.",
    by: ["lambda", "deploy", "local"],
  },
  EXCHANGE_RATES: {
    about: "What a US dollar costs in the other currencies, for prices of numbers and calls, like `INR=88.50`.",
    by: ["lambda", "deploy", "local"],
  },
  NUMBERS_PER_OWNER: { about: "How many numbers one customer may hold.", by: ["lambda", "deploy", "local"] },
  PURCHASES_PER_DAY: { about: "How many numbers one customer may buy within 24 hours.", by: ["lambda", "deploy", "local"] },
  NUMBER_REMINDER_DAYS: {
    about: "How many days before a number's next month is charged its owner is reminded.",
    by: ["lambda", "deploy", "local"],
  },
  NUMBER_GRACE_DAYS: {
    about: "How many days after its paid time a number that can't be paid still works.",
    by: ["lambda", "deploy", "local"],
  },
  NUMBER_SUSPENDED_DAYS: { about: "How many days a suspended number is kept before it is given back.", by: ["lambda", "deploy", "local"] },
  NUMBER_COOL_DOWN_DAYS: {
    about: "How many days a number that was given back is not sold to anybody else.",
    by: ["lambda", "deploy", "local"],
  },
  OVERDRAFT_MINOR: {
    about:
      "How far below zero a wallet may get before its calls and texts are no longer answered, in cents and paise, like `USD=100,INR=9000`.",
    by: ["lambda", "deploy", "local"],
  },
  LOW_BALANCE_MINOR: {
    about:
      "A customer is told when the balance falls below this, unless they have set another, in cents and paise, like `USD=500,INR=40000`.",
    by: ["lambda", "deploy", "local"],
  },
  CONVERSATION_DAYS: { about: "How many days what was said and written is kept. 0: for ever.", by: ["lambda", "deploy", "local"] },
  TWILIO_BALANCE_ALARM: {
    about:
      "An alarm tells when the Twilio account holds less than this, in its own currency: at zero every number of every customer stops.",
    by: ["deploy"],
  },
  RESPONDER: {
    about: "Who answers calls, texts and the chat: embedded (by tables of words, needs nobody) or bedrock (a model of Amazon Bedrock).",
    by: ["lambda", "deploy", "local"],
  },
  BEDROCK_MODEL_ID: {
    about: "The model that answers, when RESPONDER is bedrock: the id or ARN of a model or inference profile that uses tools.",
    by: ["lambda", "deploy", "local"],
  },
  BEDROCK_REGION: { about: "The region that the model is asked in. Empty: the function's own.", by: ["lambda", "deploy", "local"] },
  BEDROCK_GUARDRAIL: {
    about: "A guardrail of Bedrock that reads along, as id:version, like `gr1a2b3c4d5e:1` or `gr1a2b3c4d5e:DRAFT`.",
    by: ["lambda", "deploy", "local"],
  },
  RESPONDER_TOKENS: {
    about: "How much of what was said before a model is told with each turn, in tokens, by estimate.",
    by: ["lambda", "deploy", "local"],
  },
  OIDC_ISSUER: {
    about: "Issuer of access tokens, exactly as in their `iss`. Empty: Cognito in the cloud, the local identity provider on a laptop.",
    by: ["deploy", "local"],
  },
  OIDC_AUDIENCE: { about: "The audience or client id that access tokens must carry.", by: ["deploy", "local"] },
  OIDC_SCOPE: { about: "The scope that access tokens must carry.", by: ["deploy", "local"] },
  CORS_ORIGINS: {
    about: "Origins of other web clients that may call the API, comma-separated. The dashboard is on the same origin and needs none.",
    by: ["deploy", "local"],
  },
  PORT: { about: "Port of the API and the dashboard on a laptop.", by: ["local"] },
  TABLE_PORT: { about: "Port of the local table.", by: ["local"] },
  QUEUE_PORT: { about: "Port of the local queues.", by: ["local"] },
  IDENTITY_PORT: { about: "Port of the local identity provider.", by: ["local"] },
  TWILIO_PORT: { about: "Port of the local Twilio sandbox.", by: ["local"] },
  STRIPE_PORT: { about: "Port of the local Stripe sandbox.", by: ["local"] },
  DATA_DIR: { about: "Where the local runtime keeps its data between runs.", by: ["local"] },
  AWS_ENDPOINT_URL_DYNAMODB: {
    about: "A DynamoDB of your own (DynamoDB Local, for instance) instead of the embedded table.",
    by: ["local"],
  },
};
