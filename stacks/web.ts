import path from "node:path";
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import {
  AllowedMethods,
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  Function as ViewerFunction,
  ViewerProtocolPolicy,
} from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin, S3BucketOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { BucketDeployment, CacheControl, Source } from "aws-cdk-lib/aws-s3-deployment";
import { Duration, Fn, RemovalPolicy } from "aws-cdk-lib/core";
import type { Stack } from "sst/constructs";
import { useProject } from "sst/project.js";
import { contentSecurityPolicy, isolationHeaders, RECORDINGS } from "./security-headers.ts";
import { stagePolicy } from "./stage.ts";
import { webFiles } from "./web-files.ts";

/** Below it every file's name holds a hash of its content. */
const hashedFiles = "assets";
const entryPage = "index.html";

/** Where customers reach Aira: the dashboard at `/`, the API at `/api/*`, both of one origin. */
export interface Web {
  /** Without a slash at the end. */
  readonly publicUrl: string;
  /** Where the dashboard's files lie. */
  readonly bucket: Bucket;
}

/**
 * A page's address has no file behind it: the dashboard itself reads it. A function on the default behaviour alone, since
 * CloudFront's error responses would turn the API's errors into HTML too.
 */
export const pageFallback = `
function handler(event) {
  var request = event.request;
  var name = request.uri.split("/").pop();
  if (name.indexOf(".") === -1) request.uri = "/${entryPage}";
  return request;
}`.trim();

/** The private bucket of the dashboard's files and the distribution before it and before the API. */
export function createWeb(stack: Stack, httpApi: HttpApi, identityOrigins: readonly string[]): Web {
  const logs = createLogBucket(stack);
  const bucket = new Bucket(stack, "Web", {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    serverAccessLogsBucket: logs,
    serverAccessLogsPrefix: "bucket/",
    // Its files come from the repository and can be put there again.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const headers = createHeadersPolicy(stack, identityOrigins);
  const distribution = new Distribution(stack, "Distribution", {
    comment: `Aira ${stack.stage}`,
    defaultRootObject: entryPage,
    httpVersion: HttpVersion.HTTP2_AND_3,
    minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
    enableLogging: true,
    logBucket: logs,
    logFilePrefix: "distribution/",
    logIncludesCookies: false,
    defaultBehavior: {
      origin: S3BucketOrigin.withOriginAccessControl(bucket),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      responseHeadersPolicy: headers,
      cachePolicy: createCachePolicy(stack),
      functionAssociations: [{ function: createFallback(stack), eventType: FunctionEventType.VIEWER_REQUEST }],
    },
    additionalBehaviors: {
      "/api/*": {
        origin: new HttpOrigin(hostOf(httpApi), { protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY, readTimeout: Duration.seconds(31) }),
        // A redirect would have sent a token or a webhook in the clear once already, and look like success.
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        responseHeadersPolicy: headers,
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      },
    },
  });
  return { publicUrl: `https://${distribution.distributionDomainName}`, bucket };
}

/**
 * Puts the dashboard's files in place: the pages, and the generated `config.json` that tells them where to sign in, only after
 * the files that they ask for.
 */
export function deployFiles(stack: Stack, { bucket }: Web, config: Readonly<Record<string, string>>): void {
  const { removalPolicy, logRetention } = stagePolicy(stack.stage);
  const common = {
    destinationBucket: bucket,
    // An open tab still asks for the files of the deployment before.
    prune: false,
    retainOnDelete: false,
    memoryLimit: 512,
    logGroup: new LogGroup(stack, "UploaderLogs", { retention: logRetention, removalPolicy }),
  };
  const folder = webFiles(useProject().paths.root);
  const assets = new BucketDeployment(stack, "Assets", {
    ...common,
    sources: [Source.asset(path.join(folder, hashedFiles))],
    destinationKeyPrefix: hashedFiles,
    // Another content has another name.
    cacheControl: [CacheControl.fromString("public, max-age=31536000, immutable")],
  });
  const files = new BucketDeployment(stack, "Files", {
    ...common,
    sources: [Source.asset(folder, { exclude: [entryPage, hashedFiles] })],
    // Kept, but asked for again by their ETag.
    cacheControl: [CacheControl.noCache()],
  });
  const pages = new BucketDeployment(stack, "Pages", {
    ...common,
    sources: [Source.asset(folder, { exclude: ["**", `!${entryPage}`] }), Source.jsonData("config.json", config)],
    // Not even kept: the page that comes back from signing in has a code in its address.
    cacheControl: [CacheControl.noStore()],
  });
  pages.node.addDependency(assets, files);
}

/**
 * Access logs of the bucket and of CloudFront, gone after 30 days. CloudFront's hold the visitors' addresses, which an
 * investigation of abuse needs and nothing else does: nobody but the account's administrators reads them.
 */
function createLogBucket(stack: Stack): Bucket {
  return new Bucket(stack, "WebLogs", {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    // CloudFront delivers by ACL.
    objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
    lifecycleRules: [{ expiration: Duration.days(30) }],
    // A bucket that is not empty cannot be deleted, and these never are.
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

function createHeadersPolicy(stack: Stack, identityOrigins: readonly string[]): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(stack, "SecurityHeaders", {
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(identityOrigins, RECORDINGS), override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(730), includeSubdomains: true, override: true },
    },
    customHeadersBehavior: {
      customHeaders: Object.entries(isolationHeaders).map(([header, value]) => ({ header, value, override: true })),
    },
  });
}

/** What a file's own Cache-Control says counts. AWS's ready-made policies keep each answer for a second at least. */
function createCachePolicy(stack: Stack): CachePolicy {
  return new CachePolicy(stack, "FilePolicy", {
    minTtl: Duration.seconds(0),
    defaultTtl: Duration.seconds(0),
    maxTtl: Duration.days(365),
    cookieBehavior: CacheCookieBehavior.none(),
    headerBehavior: CacheHeaderBehavior.none(),
    queryStringBehavior: CacheQueryStringBehavior.none(),
    enableAcceptEncodingGzip: true,
    enableAcceptEncodingBrotli: true,
  });
}

function createFallback(stack: Stack): ViewerFunction {
  return new ViewerFunction(stack, "PageFallback", { runtime: FunctionRuntime.JS_2_0, code: FunctionCode.fromInline(pageFallback) });
}

/** The host of `https://<api>.execute-api.<region>.amazonaws.com`. */
const hostOf = (httpApi: HttpApi) => Fn.select(2, Fn.split("/", httpApi.apiEndpoint));
