import { readFile } from "node:fs/promises";
import type { IncomingMessage, RequestListener } from "node:http";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { decodePath, splitTarget } from "./gateway-event.ts";
import { securityHeaders } from "./security-headers.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

/** What the dashboard must know about where it runs. Served as `/config.json`. */
export interface DashboardConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
}

interface Options {
  /** The folder of the dashboard's built files. */
  readonly folder: string;
  readonly config: DashboardConfig;
  /** The origin that voicemail is heard from. Default: Twilio's. */
  readonly recordings?: string | undefined;
}

/** As stacks/web.ts uploads them: a file whose name holds its hash never changes, the entry page and the configuration are not even kept. */
const CACHING = { hashed: "public, max-age=31536000, immutable", other: "no-cache", entry: "no-store" } as const;

const NOT_BUILT = "The dashboard is not built here: npm start does it, and so does npm run build:web.\n";

/**
 * The dashboard as CloudFront serves it: files, compressed, and `index.html` for every path whose last part has no dot, since the
 * dashboard routes by itself. Where it was not built, a sentence says so.
 */
export function createStaticSite({ folder, config, recordings }: Options): RequestListener {
  const headers = securityHeaders(config.issuer, recordings);
  const compressed = createCompressor();
  return async (request, response) => {
    const answer = (status: number, type: string, body: string | Buffer, more: Record<string, string> = {}) =>
      response
        .writeHead(status, {
          ...headers,
          "cache-control": CACHING.other,
          ...more,
          "content-type": type,
          "content-length": Buffer.byteLength(body),
        })
        .end(request.method === "HEAD" ? undefined : body);
    if (request.method !== "GET" && request.method !== "HEAD")
      return answer(405, TYPES[".txt"] ?? "", "Method Not Allowed\n", { allow: "GET, HEAD" });
    const path = splitTarget(request.url ?? "/").path;
    if (path === "/config.json") return answer(200, "application/json", JSON.stringify(config), { "cache-control": CACHING.entry });
    const parts = safeParts(path);
    const isPage = parts !== undefined && !parts.at(-1)?.includes(".");
    const file = parts && join(folder, ...(isPage ? ["index.html"] : parts));
    const content = file && (await read(file));
    if (!content) return isPage ? answer(503, TYPES[".txt"] ?? "", NOT_BUILT) : answer(404, TYPES[".txt"] ?? "", "Not Found\n");
    const caching = parts[0] === "assets" ? CACHING.hashed : file === join(folder, "index.html") ? CACHING.entry : CACHING.other;
    const { body, encoding } = await compressed(request, file, content);
    return answer(200, TYPES[extname(file)] ?? "application/octet-stream", body, { "cache-control": caching, ...encoding });
  };
}

/** The path's parts, or undefined when one of them could lead out of the folder. */
function safeParts(path: string): string[] | undefined {
  const decoded = decodePath(path);
  if (decoded === undefined || /[\\\0]/.test(decoded) || !decoded.startsWith("/")) return undefined;
  const parts = decoded.split("/").filter((part) => part !== "");
  return parts.some((part) => part.startsWith(".")) ? undefined : parts;
}

const ENCODERS = {
  // As hard as CloudFront tries: the best would take seconds.
  br: (content: Buffer) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (content: Buffer) => promisify(gzip)(content),
} as const;
const WORTHWHILE = /\.(html|js|css|json|svg|txt|map)$/;
/** CloudFront compresses nothing smaller. */
const LEAST_BYTES = 1_000;

interface Compressed {
  readonly body: Buffer;
  /** The headers that tell of it. */
  readonly encoding: Record<string, string>;
}

/** Each file is compressed once for each of its contents. */
function createCompressor() {
  const kept = new Map<string, { readonly content: Buffer; readonly body: Promise<Buffer> }>();
  return async (request: IncomingMessage, file: string, content: Buffer): Promise<Compressed> => {
    const accepted = String(request.headers["accept-encoding"] ?? "");
    const encoding = (["br", "gzip"] as const).find((name) => new RegExp(`\\b${name}\\b`).test(accepted));
    if (!WORTHWHILE.test(file) || content.length < LEAST_BYTES) return { body: content, encoding: {} };
    if (!encoding) return { body: content, encoding: { vary: "accept-encoding" } };
    const key = `${encoding} ${file}`;
    let made = kept.get(key);
    if (!made?.content.equals(content)) {
      made = { content, body: ENCODERS[encoding](content) };
      kept.set(key, made);
    }
    return { body: await made.body, encoding: { "content-encoding": encoding, vary: "accept-encoding" } };
  };
}

async function read(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (["ENOENT", "ENOTDIR", "EISDIR", "ENAMETOOLONG"].includes(code)) return undefined;
    throw error;
  }
}
