import {
  AccountRecovery,
  CfnUserPoolGroup,
  FeaturePlan,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  UserPool,
  UserPoolClientIdentityProvider,
} from "aws-cdk-lib/aws-cognito";
import { Duration } from "aws-cdk-lib/core";
import type { App, Stack } from "sst/constructs";
import { cognitoScope, type Settings } from "./settings.ts";
import { stagePolicy } from "./stage.ts";

/** Its members may use the operators' routes. */
const operatorGroup = "operators";

/** Who signs the access tokens. */
export interface IdentityProvider {
  readonly issuer: string;
  /** Origins that the dashboard must be able to call to sign in. */
  readonly origins: readonly string[];
  /** The client of the dashboard at this URL: the audience that access tokens carry. */
  readonly clientFor: (publicUrl: string) => string;
}

/** The issuer that the settings name, else a Cognito user pool. */
export function createIdentityProvider(stack: Stack, { oidc }: Settings): IdentityProvider {
  if (!oidc) return createUserPool(stack);
  return { issuer: oidc.issuer, origins: [new URL(oidc.issuer).origin], clientFor: () => oidc.audience };
}

function createUserPool(stack: Stack): IdentityProvider {
  const { protect, removalPolicy } = stagePolicy(stack.stage);
  const app = stack.node.root as App;
  const users = new UserPool(stack, "Users", {
    selfSignUpEnabled: true,
    signInAliases: { email: true },
    signInCaseSensitive: false,
    autoVerify: { email: true },
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    featurePlan: FeaturePlan.ESSENTIALS,
    mfa: Mfa.OPTIONAL,
    // No SMS: a customer's phone number may be one that Aira sold, and goes away when its wallet runs dry.
    mfaSecondFactor: { otp: true, sms: false },
    passwordPolicy: { minLength: 12, requireDigits: true, requireLowercase: true, requireUppercase: true, requireSymbols: true },
    deletionProtection: protect,
    removalPolicy,
  });
  new CfnUserPoolGroup(stack, "Operators", {
    userPoolId: users.userPoolId,
    groupName: operatorGroup,
    description: "May adjust, freeze and replay",
  });
  const scope = new ResourceServerScope({ scopeName: cognitoScope.name, scopeDescription: "Use the API" });
  const server = users.addResourceServer("ResourceServer", { identifier: cognitoScope.resourceServer, scopes: [scope] });
  // Domain names are shared by every customer of Cognito in a region, so the account's number is part of it.
  const domain = users.addDomain("SignIn", { cognitoDomain: { domainPrefix: `${app.logicalPrefixedName(stack.account)}`.toLowerCase() } });
  const issuer = `https://cognito-idp.${stack.region}.amazonaws.com/${users.userPoolId}`;
  return {
    issuer,
    origins: [`https://cognito-idp.${stack.region}.amazonaws.com`, domain.baseUrl()],
    clientFor: (publicUrl) =>
      users.addClient("Dashboard", {
        // A browser keeps no secret: the code flow with PKCE stands in for one.
        generateSecret: false,
        authFlows: {},
        oAuth: {
          flows: { authorizationCodeGrant: true },
          scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.resourceServer(server, scope)],
          callbackUrls: [`${publicUrl}/`],
          logoutUrls: [`${publicUrl}/`],
        },
        supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
        preventUserExistenceErrors: true,
        enableTokenRevocation: true,
        accessTokenValidity: Duration.hours(1),
        idTokenValidity: Duration.hours(1),
        refreshTokenValidity: Duration.days(30),
      }).userPoolClientId,
  };
}
