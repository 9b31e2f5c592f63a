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

/** What proxies and runtimes may change or add on the way, as AWS's own signers leave it out. */
const UNSIGNED =
  /^(authorization|cache-control|connection|expect|from|keep-alive|max-forwards|pragma|referer|te|trailer|transfer-encoding|upgrade|user-agent|x-amzn-trace-id|proxy-.*|sec-.*)$/;

/**
 * The headers of a POST to an AWS service, signed by Signature Version 4. Node's own synchronous hashes: for a body of a few
 * kilobytes, WebCrypto takes longer to come back from its threads than to hash. `headers` are in lower case and must not hold `host`;
 * `now` is in epoch milliseconds; `path` is as it is sent, without a query.
 */
export function signedPost(
  signer: Signer,
  host: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array,
  now: number,
  path = "/",
): Record<string, string> {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const sent: Record<string, string> = { ...headers, host, "x-amz-date": time };
  if (signer.sessionToken) sent["x-amz-security-token"] = signer.sessionToken;
  const names = Object.keys(sent)
    .filter((name) => !UNSIGNED.test(name))
    .sort();
  const signed = names.join(";");
  const lines = names.map((name) => `${name}:${plain(sent[name] ?? "")}`);
  const payload = headers["x-amz-content-sha256"] ?? sha256(body);
  const canonical = ["POST", canonicalPath(path), "", ...lines, "", signed, payload].join("\n");
  const scope = `${day}/${signer.region}/${signer.service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const signature = createHmac("sha256", signingKey(signer, day)).update(toSign).digest("hex");
  sent.authorization = `AWS4-HMAC-SHA256 Credential=${signer.accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`;
  return sent;
}

const sha256 = (content: string | Uint8Array): string => hash("sha256", content);
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** A header's value without space around it, and with single spaces inside. */
const plain = (value: string): string => value.trim().replace(/\s+/g, " ");

/** A path is escaped once more than it is sent, by the stricter rule of AWS. */
const canonicalPath = (path: string): string =>
  path === "/"
    ? path
    : path.replace(/[^/]+/g, (part) =>
        encodeURIComponent(part).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
      );

const keys = new Map<string, { readonly name: string; readonly key: KeyObject }>();

/**
 * One per service and region: it stands for a day, so it is derived once and not for each request; and a buffer as key takes four times as
 * long as a key object.
 */
function signingKey({ secretAccessKey, region, service }: Signer, day: string): KeyObject {
  const name = `${secretAccessKey} ${day}`;
  const kept = keys.get(`${region}/${service}`);
  if (kept?.name === name) return kept.key;
  const key = createSecretKey(hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, day), region), service), "aws4_request"));
  keys.set(`${region}/${service}`, { name, key });
  return key;
}
