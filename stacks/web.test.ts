import vm from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";
import { type Synthesised, synthesise } from "./synthesise.ts";
import { onlyResource, resolver, resourcesOf } from "./template-reader.ts";
import { pageFallback } from "./web.ts";

const managed = {
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  allViewerExceptHost: "b689b0a8-53d0-40ab-baf2-68738e2966ac",
} as const;

let app: Synthesised;
let resolve: (value: unknown) => string;
beforeAll(async () => {
  app = await synthesise({ stage: "test" });
  resolve = resolver(app, app.templates.Application);
});

const distribution = () => onlyResource(app.templates.Application, "AWS::CloudFront::Distribution").properties.DistributionConfig;
const api = () => distribution().CacheBehaviors[0];

it("the API is reached uncached and whole, its errors never become pages", () => {
  expect(distribution().CacheBehaviors).toHaveLength(1);
  expect(api()).toMatchObject({
    PathPattern: "/api/*",
    CachePolicyId: managed.cachingDisabled,
    OriginRequestPolicyId: managed.allViewerExceptHost,
    ViewerProtocolPolicy: "https-only",
    AllowedMethods: expect.arrayContaining(["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]),
  });
  expect(api().FunctionAssociations).toBeUndefined();
  expect(distribution().CustomErrorResponses).toBeUndefined();
});

it("a hashed file is kept for ever, another no longer than its own headers say; pages and configuration are not kept at all", () => {
  const policy = onlyResource(app.templates.Application, "AWS::CloudFront::CachePolicy");
  expect(resolve(distribution().DefaultCacheBehavior.CachePolicyId)).toBe(policy.id);
  expect(policy.properties.CachePolicyConfig).toMatchObject({ MinTTL: 0, DefaultTTL: 0 });
  const deployments = resourcesOf(app.templates.Application, "Custom::CDKBucketDeployment").map(({ properties }) => ({
    below: properties.DestinationBucketKeyPrefix,
    cacheControl: properties.SystemMetadata["cache-control"],
    sources: properties.SourceObjectKeys.length,
    prune: properties.Prune,
  }));
  expect(deployments).toEqual([
    { below: "assets", cacheControl: "public, max-age=31536000, immutable", sources: 1, prune: false },
    { below: undefined, cacheControl: "no-cache", sources: 1, prune: false },
    // The second source is the generated config.json.
    { below: undefined, cacheControl: "no-store", sources: 2, prune: false },
  ]);
  const last = resourcesOf(app.templates.Application, "Custom::CDKBucketDeployment").at(-1);
  // A page is there only after the files that it asks for.
  expect(app.templates.Application.toJSON().Resources[last?.id ?? ""].DependsOn).toEqual(
    expect.arrayContaining([expect.stringMatching(/^Assets/), expect.stringMatching(/^Files/)]),
  );
});

it("the configuration names the issuer, the client and the scope", () => {
  const pages = resourcesOf(app.templates.Application, "Custom::CDKBucketDeployment").at(-1)!;
  const values = pages.properties.SourceMarkers.flatMap((markers: Record<string, unknown>) => Object.values(markers)).map(resolve);
  expect(values).toEqual([
    expect.stringMatching(/^"https:\/\/cognito-idp\.us-east-1\.amazonaws\.com\/Users[0-9A-F]{8}"$/),
    expect.stringMatching(/^"UsersDashboard[0-9A-F]{8}"$/),
  ]);
});

it("pages may load nothing inline and nothing from elsewhere", () => {
  const { properties } = onlyResource(app.templates.Application, "AWS::CloudFront::ResponseHeadersPolicy");
  const { SecurityHeadersConfig: headers, CustomHeadersConfig: others } = properties.ResponseHeadersPolicyConfig;
  const policy = resolve(headers.ContentSecurityPolicy.ContentSecurityPolicy);
  expect(policy).not.toContain("unsafe");
  expect(policy).not.toContain("*");
  expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
  expect(policy).toMatch(
    /connect-src 'self' https:\/\/cognito-idp\.us-east-1\.amazonaws\.com https:\/\/UsersSignIn[0-9A-F]{8}\.auth\.us-east-1\.amazoncognito\.com;/,
  );
  expect(headers).toMatchObject({
    ContentTypeOptions: { Override: true },
    FrameOptions: { FrameOption: "DENY", Override: true },
    ReferrerPolicy: { ReferrerPolicy: "no-referrer", Override: true },
    StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, IncludeSubdomains: true, Override: true },
  });
  expect(others.Items.map(({ Header }: { Header: string }) => Header)).toEqual(["cross-origin-opener-policy", "permissions-policy"]);
});

it("every behaviour answers with the security headers", () => {
  const policy = onlyResource(app.templates.Application, "AWS::CloudFront::ResponseHeadersPolicy").id;
  for (const behaviour of [distribution().DefaultCacheBehavior, api()]) expect(resolve(behaviour.ResponseHeadersPolicyId)).toBe(policy);
});

it("the bucket is private: CloudFront alone reads it, by its own signed requests", () => {
  for (const { properties } of resourcesOf(app.templates.Application, "AWS::S3::Bucket")) {
    expect(Object.values(properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    expect(properties.BucketEncryption).toBeDefined();
  }
  const [site] = distribution().Origins;
  expect(site.OriginAccessControlId).toBeDefined();
  expect(site.S3OriginConfig).toEqual({ OriginAccessIdentity: "" });
  const allowed = resourcesOf(app.templates.Application, "AWS::S3::BucketPolicy")
    .flatMap(({ properties }) => properties.PolicyDocument.Statement)
    .filter(({ Effect, Action }) => Effect === "Allow" && Action === "s3:GetObject");
  expect(allowed).toHaveLength(1);
  expect(allowed[0].Principal).toEqual({ Service: "cloudfront.amazonaws.com" });
  expect(allowed[0].Condition.StringEquals).toHaveProperty(["AWS:SourceArn"]);
});

it("visits are logged without cookies", () => {
  expect(distribution().Logging).toMatchObject({ IncludeCookies: false, Prefix: "distribution/" });
});

describe("the page's fallback", () => {
  const handler = vm.runInNewContext(`${pageFallback}; handler`) as (event: { request: { uri: string } }) => { uri: string };

  it.each([
    ["/", "/index.html"],
    ["/funds", "/index.html"],
    ["/operator/wallets", "/index.html"],
    ["/wallet/entries/1", "/index.html"],
    ["/index.html", "/index.html"],
    ["/app.js", "/app.js"],
    ["/config.json", "/config.json"],
    ["/assets/app-4f2a.css", "/assets/app-4f2a.css"],
  ])("%s is answered by %s", (uri, file) => {
    expect(handler({ request: { uri } }).uri).toBe(file);
  });
});
