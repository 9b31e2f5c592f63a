import { readVariable, type VariableName } from "./config.ts";
import { InvariantError } from "./error.ts";
import { createTransport } from "./http-transport.ts";
import { signedPost, signerOf } from "./signature.ts";

/** How long a container trusts a secret: rotation takes effect within it. */
const CACHE_MS = 5 * 60_000;
const cache = new Map<string, { value: string; until: number }>();

/**
 * A secret by name. From the environment if it is set there (laptop, tests), else from the SSM parameter that
 * `<NAME>_PARAMETER` names, which is SST's own path, so `sst secrets set` fills it. A signed post, since the SSM client
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

/**
 * The values of a secret that is a comma-separated list while it is rotated, the new one first: with that one we ask, with any of them we
 * may be sent something signed.
 */
export function rotating(secret: string): readonly [string, ...string[]] {
  const [newest = "", ...older] = secret.split(",").map((value) => value.trim());
  return [newest, ...older];
}

const LIMITS = { connectMs: 1_000, answerMs: 3_000 } as const;
const TRIES = 3;
const transport = /* @__PURE__ */ createTransport();

async function fetchParameter(name: string): Promise<string> {
  const { status, text } = await askSsm("AmazonSSM.GetParameters", JSON.stringify({ Names: [name], WithDecryption: true }));
  if (status !== 200) throw new InvariantError(`SSM answered ${status} for the parameter ${name}`);
  const { Parameters } = JSON.parse(text) as { Parameters?: { Value?: string }[] };
  const value = Parameters?.[0]?.Value?.trim();
  if (!value) throw new InvariantError(`the parameter ${name} is missing or empty`);
  return value;
}

/** Asks again when nobody answers, SSM fails or throttles. */
async function askSsm(target: string, body: string): Promise<{ status: number; text: string }> {
  const signer = signerOf("ssm");
  const { protocol, hostname, port, host } = new URL(process.env.AWS_ENDPOINT_URL_SSM ?? `https://ssm.${signer.region}.amazonaws.com/`);
  for (let tries = 1; ; tries++) {
    const headers = signedPost(signer, host, { "content-type": "application/x-amz-json-1.1", "x-amz-target": target }, body, Date.now());
    const asked = transport.post({ protocol, hostname, port, path: "/", headers, body }, LIMITS);
    const answer = await asked.catch((error: unknown) => {
      if (tries === TRIES) throw error;
      return undefined;
    });
    const text = Buffer.from(answer?.body ?? []).toString();
    if (answer && (tries === TRIES || !isTransient(answer.status, text))) return { status: answer.status, text };
    await new Promise((done) => setTimeout(done, Math.random() * 100 * 2 ** tries));
  }
}

/** SSM throttles with a 400 that says so. */
const isTransient = (status: number, text: string): boolean => status >= 500 || status === 429 || /"__type":"[^"]*Throttling/.test(text);
