import { beforeAll, describe, expect, it } from "vitest";
import { type Synthesised, synthesise } from "./synthesise.ts";
import { onlyResource, resourcesOf } from "./template-reader.ts";

const table = (app: Synthesised) => onlyResource(app.templates.Data, "AWS::DynamoDB::Table");
const users = (app: Synthesised) => onlyResource(app.templates.Application, "AWS::Cognito::UserPool");
const logGroups = (app: Synthesised) => resourcesOf(app.templates.Application, "AWS::Logs::LogGroup");

describe("production", () => {
  let app: Synthesised;
  beforeAll(async () => {
    app = await synthesise({ stage: "production" });
  });

  it("neither a mistake nor a removal of the stack takes the table or the customers with it", () => {
    expect(table(app).properties.DeletionProtectionEnabled).toBe(true);
    expect(table(app).deletionPolicy).toBe("Retain");
    expect(users(app).properties.DeletionProtection).toBe("ACTIVE");
    expect(users(app).deletionPolicy).toBe("Retain");
    expect(app.terminationProtection).toEqual({ Data: true, Application: true, Alarms: true });
  });

  it("logs are kept for a year", () => {
    for (const { properties, deletionPolicy } of logGroups(app)) {
      expect(properties.RetentionInDays).toBe(365);
      expect(deletionPolicy).toBe("Retain");
    }
  });
});

describe("any other stage", () => {
  let app: Synthesised;
  beforeAll(async () => {
    app = await synthesise({ stage: "dev" });
  });

  it("can be removed whole", () => {
    expect(table(app).properties.DeletionProtectionEnabled).toBe(false);
    expect(table(app).deletionPolicy).toBe("Delete");
    expect(users(app).properties.DeletionProtection).toBe("INACTIVE");
    expect(users(app).deletionPolicy).toBe("Delete");
    expect(app.terminationProtection).toEqual({ Data: false, Application: false, Alarms: false });
  });

  it("logs are kept for a month", () => {
    for (const { properties, deletionPolicy } of logGroups(app)) {
      expect(properties.RetentionInDays).toBe(30);
      expect(deletionPolicy).toBe("Delete");
    }
  });

  it("without configuration no other origin may call the API", () => {
    expect(onlyResource(app.templates.Application, "AWS::ApiGatewayV2::Api").properties.CorsConfiguration).toBeUndefined();
  });

  it("Cognito signs for the dashboard's client, by the code flow alone", () => {
    const client = onlyResource(app.templates.Application, "AWS::Cognito::UserPoolClient");
    expect(client.properties).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ["code"],
      AllowedOAuthScopes: ["openid", "email", { "Fn::Join": ["", [expect.anything(), "/api"]] }],
    });
    const { JwtConfiguration } = onlyResource(app.templates.Application, "AWS::ApiGatewayV2::Authorizer").properties;
    expect(JwtConfiguration.Audience).toEqual([{ Ref: client.id }]);
    expect(onlyResource(app.templates.Application, "AWS::Cognito::UserPoolGroup").properties.GroupName).toBe("operators");
  });
});

describe("with an issuer and origins of the operator's", () => {
  let app: Synthesised;
  beforeAll(async () => {
    app = await synthesise({
      stage: "dev",
      environment: {
        OIDC_ISSUER: "https://id.example.com/tenant",
        OIDC_AUDIENCE: "aira-dashboard",
        OIDC_SCOPE: "wallet",
        CORS_ORIGINS: "https://shop.example.com,https://till.example.com:8443",
      },
    });
  });

  it("its tokens are accepted and there is no user pool", () => {
    expect(onlyResource(app.templates.Application, "AWS::ApiGatewayV2::Authorizer").properties.JwtConfiguration).toEqual({
      Issuer: "https://id.example.com/tenant",
      Audience: ["aira-dashboard"],
    });
    expect(resourcesOf(app.templates.Application, "AWS::Cognito::UserPool")).toEqual([]);
    const scopes = resourcesOf(app.templates.Application, "AWS::ApiGatewayV2::Route").flatMap(
      ({ properties }) => properties.AuthorizationScopes ?? [],
    );
    expect(new Set(scopes)).toEqual(new Set(["wallet"]));
  });

  it("the dashboard may sign in there", () => {
    const { properties } = onlyResource(app.templates.Application, "AWS::CloudFront::ResponseHeadersPolicy");
    const policy = properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy;
    expect(policy).toContain("connect-src 'self' https://id.example.com;");
  });

  it("exactly these origins may call the API", () => {
    const { CorsConfiguration } = onlyResource(app.templates.Application, "AWS::ApiGatewayV2::Api").properties;
    expect(CorsConfiguration).toMatchObject({
      AllowOrigins: ["https://shop.example.com", "https://till.example.com:8443"],
      AllowHeaders: ["authorization", "content-type", "idempotency-key"],
    });
    expect(CorsConfiguration.AllowMethods).not.toContain("*");
    expect(CorsConfiguration.AllowCredentials).toBeUndefined();
  });
});

it("a stage whose name Aira's functions would refuse is refused before anything is deployed", async () => {
  await expect(synthesise({ stage: "Not_a_stage" })).rejects.toThrow("STAGE must be");
});
