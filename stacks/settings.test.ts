import { expect, it } from "vitest";
import { readSettings } from "./settings.ts";

const oidc = { OIDC_ISSUER: "https://id.example.com/tenant", OIDC_AUDIENCE: "aira" };

it("without variables Cognito signs, its own scope is asked for and no other origin is let in", () => {
  expect(readSettings({})).toEqual({ oidc: undefined, scope: "aira/api", corsOrigins: [] });
});

it("a given issuer comes with its audience and scope", () => {
  expect(readSettings({ ...oidc, OIDC_SCOPE: "wallet" })).toEqual({
    oidc: { issuer: oidc.OIDC_ISSUER, audience: "aira" },
    scope: "wallet",
    corsOrigins: [],
  });
});

it("origins are read as an exact list", () => {
  expect(readSettings({ CORS_ORIGINS: "https://shop.example.com, http://localhost:5173" }).corsOrigins).toEqual([
    "https://shop.example.com",
    "http://localhost:5173",
  ]);
});

it.each([
  ["OIDC_AUDIENCE must be set when OIDC_ISSUER is", { OIDC_ISSUER: oidc.OIDC_ISSUER }],
  ["OIDC_ISSUER must be set when OIDC_AUDIENCE is", { OIDC_AUDIENCE: "aira" }],
  ["OIDC_ISSUER must be an https URL", { ...oidc, OIDC_ISSUER: "http://127.0.0.1:3003" }],
  ["OIDC_ISSUER must be", { ...oidc, OIDC_ISSUER: "id.example.com" }],
  ["OIDC_SCOPE must be set together with OIDC_ISSUER", { OIDC_SCOPE: "wallet" }],
  ["CORS_ORIGINS must", { CORS_ORIGINS: "*" }],
  ["CORS_ORIGINS must be an origin", { CORS_ORIGINS: "https://shop.example.com/checkout" }],
  ["CORS_ORIGINS must", { CORS_ORIGINS: "https://shop.example.com/" }],
])("a wrong setting is refused with a sentence: %s", (sentence, environment) => {
  expect(() => readSettings(environment)).toThrow(sentence);
});
