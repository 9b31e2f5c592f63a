import { readPageFile } from "../sandbox/page-file.ts";
import { soundOf } from "./calls.ts";
import type { Store } from "./store.ts";

/** The page's files, by their addresses. Nothing else is served. */
const FILES: Readonly<Record<string, readonly [file: string, contentType: string]>> = {
  "/": ["index.html", "text/html; charset=utf-8"],
  "/softphone/style.css": ["style.css", "text/css; charset=utf-8"],
  "/softphone/main.js": ["main.js", "text/javascript; charset=utf-8"],
  "/softphone/elements.js": ["elements.js", "text/javascript; charset=utf-8"],
  "/softphone/sandbox.js": ["sandbox.js", "text/javascript; charset=utf-8"],
  "/softphone/phone.js": ["phone.js", "text/javascript; charset=utf-8"],
  "/softphone/texts.js": ["texts.js", "text/javascript; charset=utf-8"],
  "/softphone/voice.js": ["voice.js", "text/javascript; charset=utf-8"],
};

const RECORDING = /^\/softphone\/recordings\/(RE[0-9a-f]{32})$/;

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const serveAs = (body: string | Uint8Array<ArrayBuffer>, contentType: string) =>
  new Response(body, { headers: { ...HEADERS, "content-type": contentType } });

/** The softphone at `/`: its files, and recordings to listen to. Answers undefined for a path that is not its own. */
export function handlePage(store: Store, request: Request): Response | undefined {
  const { pathname } = new URL(request.url);
  const file = Object.hasOwn(FILES, pathname) ? FILES[pathname] : undefined;
  const recordingSid = RECORDING.exec(pathname)?.[1];
  if (file === undefined && recordingSid === undefined) return undefined;
  if (request.method !== "GET" && request.method !== "HEAD") return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
  if (file !== undefined) return serveAs(readPageFile(new URL(`./page/${file[0]}`, import.meta.url)), file[1]);
  const recording = store.recordings.get(recordingSid ?? "");
  return recording
    ? serveAs(soundOf(recording), "audio/wav")
    : new Response("There is no such recording.", { status: 404, headers: HEADERS });
}
