import { createHmac, createSecretKey, hash, type KeyObject } from "node:crypto";

/** Who signs, and for what. */
export interface Signer {
  readonly service: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** The signer of this container: its role's credentials, which a warm container may see renewed. */
export function signerOf(service: string): Signer {
  const { AWS_REGION: region = "us-east-1", AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_SESSION_TOKEN } = process.env;
  return {
    service,
    region,
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN || undefined,
  };
}

/**
 * The headers of a POST to the root of an AWS service, signed by Signature Version 4. Node's own synchronous hashes: for a
 * body of a few kilobytes, WebCrypto takes longer to come back from its threads than to hash. `headers` are in lower case and
 * must not hold `host`; `now` is in epoch milliseconds.
 */
export function signedPost(
  signer: Signer,
  host: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  now: number,
): Record<string, string> {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const sent: Record<string, string> = {
    ...headers,
    host,
    "x-amz-date": time,
    ...(signer.sessionToken ? { "x-amz-security-token": signer.sessionToken } : {}),
  };
  const names = Object.keys(sent).sort();
  const signed = names.join(";");
  const canonical = ["POST", "/", "", ...names.map((name) => `${name}:${sent[name]?.trim()}`), "", signed, sha256(body)].join("\n");
  const scope = `${day}/${signer.region}/${signer.service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const signature = createHmac("sha256", signingKey(signer, day)).update(toSign).digest("hex");
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${signer.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
  };
}

const sha256 = (text: string): string => hash("sha256", text);
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

let kept: { readonly name: string; readonly key: KeyObject } | undefined;

/** Stands for a day, so it is derived once and not for each request; and a buffer as key takes four times as long as a key object. */
function signingKey({ secretAccessKey, region, service }: Signer, day: string): KeyObject {
  const name = [secretAccessKey, day, region, service].join(" ");
  if (kept?.name !== name) {
    const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, day), region), service), "aws4_request");
    kept = { name, key: createSecretKey(key) };
  }
  return kept.key;
}
