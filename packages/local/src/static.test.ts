import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "./fixtures/http.ts";
import { type LocalServer, openServer } from "./http-server.ts";
import { createStaticSite } from "./static.ts";

/** Long enough to be worth compressing. */
const SCRIPT = `export const text = "${"aira ".repeat(400)}";`;

let root: string;
let server: LocalServer;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "aira-static-"));
  await mkdir(join(root, "site/assets.d"), { recursive: true });
  await writeFile(join(root, "secret.txt"), "secret");
  await writeFile(join(root, "site/index.html"), "<h1>Aira</h1>");
  await writeFile(join(root, "site/app.js"), "export {};");
  await writeFile(join(root, "site/.env"), "secret");
  await mkdir(join(root, "site/assets"));
  await writeFile(join(root, "site/assets/app-4f2a91c0.js"), SCRIPT);
  server = await openServer("app", 0);
  server.handle(
    createStaticSite({ folder: join(root, "site"), config: { issuer: "http://127.0.0.1:3003", clientId: "dashboard", scope: "aira/api" } }),
  );
});
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true });
});

test.each([
  ["/", 200, "text/html; charset=utf-8", "<h1>Aira</h1>"],
  ["/wallet/statement?x=1.5", 200, "text/html; charset=utf-8", "<h1>Aira</h1>"],
  ["/app.js", 200, "text/javascript; charset=utf-8", "export {};"],
  ["/missing.js", 404, "text/plain; charset=utf-8", "Not Found\n"],
  ["/assets.d", 404, "text/plain; charset=utf-8", "Not Found\n"],
])("%s is answered %d as %s", async (path, status, type, body) => {
  const answer = await send(server.url, path);
  expect([answer.status, answer.headers["content-type"], answer.body]).toEqual([status, type, body]);
});

test("config.json tells the dashboard where to sign in", async () => {
  expect(JSON.parse((await send(server.url, "/config.json")).body)).toEqual({
    issuer: "http://127.0.0.1:3003",
    clientId: "dashboard",
    scope: "aira/api",
  });
});

test.each([
  "/../secret.txt",
  "/..%2fsecret.txt",
  "/%2e%2e/secret.txt",
  "/a/..%5c..%5csecret.txt",
  "//../secret.txt",
  "/.env",
  "/x%00.js",
  "/%zz.js",
])("%s reads nothing outside of the folder", async (path) => {
  const { status, body } = await send(server.url, path);
  expect(status).toBe(404);
  expect(body).not.toContain("secret");
});

test("the content security policy allows the issuer, and nothing unsafe", async () => {
  const { headers } = await send(server.url, "/");
  const policy = String(headers["content-security-policy"]);
  expect(policy).toContain("connect-src 'self' http://127.0.0.1:3003;");
  expect(policy).not.toMatch(/unsafe|\*/);
  expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "x-frame-options": "DENY" });
});

test.each([
  ["/", "no-store"],
  ["/funds", "no-store"],
  ["/config.json", "no-store"],
  ["/app.js", "no-cache"],
  ["/assets/app-4f2a91c0.js", "public, max-age=31536000, immutable"],
])("%s is kept as CloudFront would have it kept: %s", async (path, caching) => {
  expect((await send(server.url, path)).headers["cache-control"]).toBe(caching);
});

test.each([
  ["br", (body: Buffer) => brotliDecompressSync(body)],
  ["gzip", (body: Buffer) => gunzipSync(body)],
])("a file goes over the wire as %s to who takes it, and is the same", async (encoding, decode) => {
  for (let twice = 0; twice < 2; twice++) {
    const answer = await fetchRaw(`${server.url}/assets/app-4f2a91c0.js`, encoding);
    expect([answer.encoding, answer.vary]).toEqual([encoding, "accept-encoding"]);
    expect(answer.body.length).toBeLessThan(SCRIPT.length / 4);
    expect(decode(answer.body).toString()).toBe(SCRIPT);
  }
  expect((await send(server.url, "/assets/app-4f2a91c0.js")).body).toBe(SCRIPT);
});

test("where the dashboard was not built, a sentence says how, and a missing file is still missing", async () => {
  const empty = await openServer("app", 0);
  empty.handle(
    createStaticSite({
      folder: join(root, "nothing"),
      config: { issuer: "http://127.0.0.1:3003", clientId: "dashboard", scope: "aira/api" },
    }),
  );
  expect(await send(empty.url, "/funds")).toMatchObject({ status: 503, body: expect.stringContaining("npm run build:web") });
  expect((await send(empty.url, "/assets/app.js")).status).toBe(404);
  await empty.close();
});

/** The bytes as they come, which fetch would unpack. */
async function fetchRaw(url: string, encoding: string) {
  const outgoing = request(url, { headers: { "accept-encoding": encoding }, agent: false }).end();
  const [response] = await once(outgoing, "response");
  const { "content-encoding": received, vary } = response.headers;
  return { encoding: received, vary, body: await buffer(response) };
}

test("HEAD has no body, and nothing can be posted", async () => {
  const head = await send(server.url, "/", { method: "HEAD" });
  expect([head.status, head.body, head.headers["content-length"]]).toEqual([200, "", "13"]);
  const post = await send(server.url, "/", { method: "POST" });
  expect([post.status, post.headers.allow]).toEqual([405, "GET, HEAD"]);
});
