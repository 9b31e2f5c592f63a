import { AwsClient } from "aws4fetch";
import { readVariable, type VariableName } from "./config.ts";
import { InvariantError } from "./error.ts";

/** How long a container trusts a secret: rotation takes effect within it. */
const CACHE_MS = 5 * 60_000;
const cache = new Map<string, { value: string; until: number }>();

/**
 * A secret by name. From the environment if it is set there (laptop, tests), else from the SSM parameter that
 * `<NAME>_PARAMETER` names, which is SST's own path, so `sst secrets set` fills it. A signed fetch, since the SSM client
 * costs 233 KB of bundle and 37 ms of cold start.
 */
export async function readSecret(name: VariableName, now: number = Date.now()): Promise<string> {
  const direct = readVariable(name);
  if (direct !== undefined) return direct;
  const parameter = process.env[`${name}_PARAMETER`];
  if (!parameter) throw new InvariantError(`${name} is not set, and ${name}_PARAMETER names no parameter`);
  const cached = cache.get(parameter);
  if (cached && cached.until > now) return cached.value;
  const value = await fetchParameter(parameter);
  readVariable(name, { [name]: value });
  cache.set(parameter, { value, until: now + CACHE_MS });
  return value;
}

async function fetchParameter(name: string): Promise<string> {
  const { AWS_REGION: region = "us-east-1", AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  const aws = new AwsClient({
    accessKeyId: AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: AWS_SECRET_ACCESS_KEY ?? "",
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    service: "ssm",
    region,
    retries: 2,
  });
  const answer = await aws.fetch(process.env.AWS_ENDPOINT_URL_SSM ?? `https://ssm.${region}.amazonaws.com/`, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AmazonSSM.GetParameters" },
    body: JSON.stringify({ Names: [name], WithDecryption: true }),
    signal: AbortSignal.timeout(3_000),
  });
  if (!answer.ok) throw new InvariantError(`SSM answered ${answer.status} for the parameter ${name}`);
  const { Parameters } = (await answer.json()) as { Parameters?: { Value?: string }[] };
  const value = Parameters?.[0]?.Value?.trim();
  if (!value) throw new InvariantError(`the parameter ${name} is missing or empty`);
  return value;
}
