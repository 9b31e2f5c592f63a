import type { DeployedHandler } from "./handlers.ts";

/** Modules that a bundle may not carry. */
export interface BundleRule {
  readonly name: string;
  /** Matches paths of modules, with forward slashes. */
  readonly module: RegExp;
  /** Which handlers it is for: what a handler may not touch by its `access`, it has no use for either. */
  readonly appliesTo: (handler: Pick<DeployedHandler, "access">) => boolean;
}

const always = () => true;

/** What no bundle, or no bundle of a certain access, has a use for. */
export const bundleRules: readonly BundleRule[] = [
  { name: "zod's locales", module: /node_modules\/zod\/.*\/locales\//, appliesTo: always },
  { name: "zod's classic API", module: /node_modules\/zod\/v\d+\/classic\//, appliesTo: always },
  { name: "Twilio's REST client as a whole", module: /node_modules\/twilio\/lib\/rest\/Twilio\.js$/, appliesTo: always },
  {
    name: "credential providers",
    module: /node_modules\/@(aws-sdk|smithy)\/(credential-provider|token-providers|nested-clients|client-sso|client-sts)/,
    appliesTo: always,
  },
  { name: "a client of SSM", module: /node_modules\/@aws-sdk\/client-ssm\//, appliesTo: always },
  {
    // To send is one signed request, which needs no client.
    name: "a client of SQS without a queue to look into",
    module: /node_modules\/@aws-sdk\/client-sqs\//,
    appliesTo: ({ access: { count, peek, redrive } }) => !count?.length && !peek?.length && !redrive?.length,
  },
  {
    name: "Stripe's SDK without Stripe's key",
    module: /node_modules\/stripe\//,
    appliesTo: ({ access }) => !access.secrets?.includes("STRIPE_SECRET_KEY"),
  },
  {
    name: "Twilio's SDK without Twilio's token",
    module: /node_modules\/twilio\//,
    appliesTo: ({ access }) => !access.secrets?.includes("TWILIO_AUTH_TOKENS"),
  },
  {
    name: "Bedrock without a model to ask",
    module: /node_modules\/@aws-sdk\/client-bedrock-runtime\/|conversations\/lean-bedrock\.ts$|conversations\/responder\/bedrock\//,
    appliesTo: ({ access }) => !access.model,
  },
  {
    name: "Bedrock's own client",
    module: /node_modules\/@aws-sdk\/(client-bedrock-runtime|eventstream-handler-node|middleware-websocket)\//,
    appliesTo: always,
  },
  {
    name: "DynamoDB without a table",
    module: /node_modules\/@aws-sdk\/(client-dynamodb|lib-dynamodb|util-dynamodb|dynamodb-codec)\//,
    appliesTo: ({ access }) => !access.table?.length && !access.indexes?.length,
  },
];

/** The modules among these that a rule forbids, by rule. Only modules that left bytes in the bundle count. */
export function forbiddenModules(
  handler: Pick<DeployedHandler, "access">,
  bytesByModule: Readonly<Record<string, { readonly bytesInOutput: number }>>,
): ReadonlyMap<string, readonly string[]> {
  const kept = Object.entries(bytesByModule)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path.replaceAll("\\", "/"));
  return new Map(
    bundleRules.filter(({ appliesTo }) => appliesTo(handler)).map(({ name, module }) => [name, kept.filter((path) => module.test(path))]),
  );
}
