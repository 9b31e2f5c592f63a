import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";

const URL = "http://127.0.0.1:3000";

test("with nothing set, everything runs on this machine", () => {
  expect(readSettings({}, URL)).toMatchObject({
    clientId: "dashboard",
    scope: "aira/api",
    corsOrigins: [],
    logLevel: "INFO",
    stage: "local",
  });
  const { issuer, stripe, twilio, tableEndpoint } = readSettings({}, URL);
  expect([issuer, stripe, twilio, tableEndpoint]).toEqual([undefined, undefined, undefined, undefined]);
});

test.each([
  [
    { STRIPE_SECRET_KEY: "sk_test_1" },
    "STRIPE_WEBHOOK_SECRETS is not set: run `stripe listen --forward-to http://127.0.0.1:3000/api/payment/webhook`",
  ],
  [{ STRIPE_SECRET_KEY: "sk_live_1", STRIPE_WEBHOOK_SECRETS: "whsec_1" }, "STRIPE_SECRET_KEY is a live key"],
  [{ STRIPE_SECRET_KEY: "pk_test_1" }, "STRIPE_SECRET_KEY must be"],
  [{ OIDC_ISSUER: "https://issuer.example" }, "OIDC_AUDIENCE is not set"],
  [{ TWILIO_ACCOUNT_SID: `AC${"0".repeat(32)}` }, "TWILIO_AUTH_TOKENS is not set: the real Twilio needs both"],
  [{ TWILIO_AUTH_TOKENS: "0".repeat(32) }, "TWILIO_ACCOUNT_SID is not set: the real Twilio needs both"],
  [{ NUMBERS_PER_OWNER: "many" }, "NUMBERS_PER_OWNER must be"],
  [{ CORS_ORIGINS: "https://a.example,shop" }, "CORS_ORIGINS must be"],
  [{ LOG_LEVEL: "LOUD" }, "LOG_LEVEL must be"],
])("%j is refused in a sentence", (environment, sentence) => {
  expect(() => readSettings(environment, URL)).toThrow(sentence);
});

test("a real Stripe and another issuer replace the local ones", () => {
  const settings = readSettings(
    {
      STRIPE_SECRET_KEY: "sk_test_1",
      STRIPE_WEBHOOK_SECRETS: "whsec_1",
      OIDC_ISSUER: "https://issuer.example",
      OIDC_AUDIENCE: "web",
      CORS_ORIGINS: "https://a.example, https://b.example",
    },
    URL,
  );
  expect(settings).toMatchObject({
    stripe: { secretKey: "sk_test_1", webhookSecrets: "whsec_1" },
    issuer: "https://issuer.example",
    clientId: "web",
    corsOrigins: ["https://a.example", "https://b.example"],
  });
});
