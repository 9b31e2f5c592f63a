import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { send } from "./fixtures/http.ts";
import { type LocalServer, openServer } from "./http-server.ts";
import { createStaticSite } from "./static.ts";

let root: string;
let server: LocalServer;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "aira-static-"));
  await mkdir(join(root, "site/assets.d"), { recursive: true });
  await writeFile(join(root, "secret.txt"), "secret");
  await writeFile(join(root, "site/index.html"), "<h1>Aira</h1>");
  await writeFile(join(root, "site/app.js"), "export {};");
  await writeFile(join(root, "site/.env"), "secret");
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

test("HEAD has no body, and nothing can be posted", async () => {
  const head = await send(server.url, "/", { method: "HEAD" });
  expect([head.status, head.body, head.headers["content-length"]]).toEqual([200, "", "13"]);
  const post = await send(server.url, "/", { method: "POST" });
  expect([post.status, post.headers.allow]).toEqual([405, "GET, HEAD"]);
});
