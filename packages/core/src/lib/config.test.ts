import { describe, expect, test } from "vitest";
import { readVariable, requireVariable, VARIABLES, type VariableName } from "./config.ts";

describe("a variable", () => {
  test("that is set is its value, without the space around it", () => {
    expect(readVariable("STAGE", { STAGE: " prod " })).toBe("prod");
  });
  test.each([undefined, "", "  "])("that is %j is its default", (value) => {
    expect(readVariable("PORT", { PORT: value })).toBe("3000");
    expect(readVariable("TABLE_NAME", { TABLE_NAME: value })).toBeUndefined();
  });
  test("that must be there says so by its name", () => {
    expect(() => requireVariable("TABLE_NAME", {})).toThrow("TABLE_NAME is not set");
    expect(requireVariable("TABLE_NAME", { TABLE_NAME: "t" })).toBe("t");
  });
});

test("every default follows its own rule", () => {
  for (const name of Object.keys(VARIABLES) as VariableName[]) expect(() => readVariable(name, {})).not.toThrow();
});

describe("a wrong value is told by its name and rule, and never shown", () => {
  test.each<[VariableName, string, string]>([
    ["STAGE", "Prod", "STAGE must be lower-case letters, digits and hyphens"],
    ["LOG_LEVEL", "loud", "LOG_LEVEL must be DEBUG, INFO, WARN or ERROR"],
    ["PAYMENTS_QUEUE_URL", "queue", "PAYMENTS_QUEUE_URL must be an absolute http or https URL"],
    ["PUBLIC_URL", "https://aira.example/", "PUBLIC_URL must be an origin"],
    ["STRIPE_SECRET_KEY", "pk_test_secret1", "STRIPE_SECRET_KEY must be a secret or restricted key of Stripe (sk_test_…, sk_live_…, rk_…)"],
    [
      "STRIPE_WEBHOOK_SECRETS",
      "whsec_a,secret1",
      "STRIPE_WEBHOOK_SECRETS must be a comma-separated list of webhook signing secrets (whsec_…)",
    ],
    ["CORS_ORIGINS", "https://a.example,nowhere", "CORS_ORIGINS must be an absolute http or https URL"],
    ["PORT", "70000", "PORT must be a port between 0 and 65535 (0: any free one)"],
    ["PORT", "3000x", "PORT must be a port between 0 and 65535 (0: any free one)"],
  ])("%s=%s", (name, value, sentence) => {
    expect(() => readVariable(name, { [name]: value })).toThrow(sentence);
    expect(() => readVariable(name, { [name]: value })).not.toThrow(/secret1/);
  });

  test.each<[VariableName, string]>([
    ["STRIPE_SECRET_KEY", "rk_live_abc"],
    ["STRIPE_WEBHOOK_SECRETS", "whsec_a, whsec_b"],
    ["CORS_ORIGINS", "https://a.example, http://localhost:5173"],
    ["PORT", "0"],
    ["OIDC_ISSUER", "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_x"],
  ])("%s=%s is fine", (name, value) => {
    expect(readVariable(name, { [name]: value })).toBe(value);
  });
});
