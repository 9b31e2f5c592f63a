import { readFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { extname, join } from "node:path";
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
interface DashboardConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
}

interface Options {
  /** The folder of the dashboard's files. */
  readonly folder: string;
  readonly config: DashboardConfig;
}

/**
 * The dashboard as CloudFront serves it: files, and `index.html` for every path whose last part has no dot, since the
 * dashboard routes by itself.
 */
export function createStaticSite({ folder, config }: Options): RequestListener {
  const headers = { ...securityHeaders(config.issuer), "cache-control": "no-cache" };
  return async (request, response) => {
    const answer = (status: number, type: string, body: string | Buffer, more: Record<string, string> = {}) =>
      response
        .writeHead(status, { ...headers, ...more, "content-type": type, "content-length": Buffer.byteLength(body) })
        .end(request.method === "HEAD" ? undefined : body);
    if (request.method !== "GET" && request.method !== "HEAD")
      return answer(405, "text/plain; charset=utf-8", "Method Not Allowed\n", { allow: "GET, HEAD" });
    const path = splitTarget(request.url ?? "/").path;
    if (path === "/config.json") return answer(200, "application/json", JSON.stringify(config));
    const parts = safeParts(path);
    const file = parts && join(folder, ...(parts.at(-1)?.includes(".") ? parts : ["index.html"]));
    const content = file && (await read(file));
    if (!content) return answer(404, "text/plain; charset=utf-8", "Not Found\n");
    return answer(200, TYPES[extname(file)] ?? "application/octet-stream", content);
  };
}

/** The path's parts, or undefined when one of them could lead out of the folder. */
function safeParts(path: string): string[] | undefined {
  const decoded = decodePath(path);
  if (decoded === undefined || /[\\\0]/.test(decoded) || !decoded.startsWith("/")) return undefined;
  const parts = decoded.split("/").filter((part) => part !== "");
  return parts.some((part) => part.startsWith(".")) ? undefined : parts;
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
