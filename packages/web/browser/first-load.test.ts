import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { WEB_DIST } from "../../local/src/web-build.ts";

const BUDGET = 200_000;
const PAGE_BUDGET = 75_000;
/** Each of them costs a slow phone time, also side by side. */
const PAGE_REQUESTS = 16;

const read = (file: string) => readFileSync(join(WEB_DIST, "assets", file), "utf8");
const bytesOf = (files: Iterable<string>) => [...files].reduce((sum, file) => sum + gzipSync(read(file), { level: 9 }).length, 0);

const html = readFileSync(join(WEB_DIST, "index.html"), "utf8");
/** What the entry page itself asks for, all at once. */
const first = new Set([...html.matchAll(/"\/assets\/([^"]+\.(?:js|css))"/g)].map(([, file]) => file ?? ""));

/** A chunk by the name of its source, with all that it cannot begin without. */
function withImports(name: string): Set<string> {
  const found = new Set<string>();
  const follow = (file: string) => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, imported = ""] of read(file).matchAll(/(?:from|\bimport)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)) follow(imported);
  };
  follow(readdirSync(join(WEB_DIST, "assets")).find((file) => file.startsWith(`${name}-`) && file.endsWith(".js")) ?? `no chunk ${name}`);
  return found;
}

test("the first load is at most 200 KB of scripts and styles, compressed, before any page", () => {
  const bytes = bytesOf(first);
  console.log(`First load: ${bytes} bytes in ${first.size} files.`);
  expect(first.size).toBeGreaterThan(1);
  expect(bytes).toBeLessThan(BUDGET);
});

test("what every page stands on is asked for by the entry page, not by a script that has to come first", () => {
  const needed = withImports("start");
  expect(needed.size).toBeGreaterThan(1);
  expect([...needed].filter((file) => !first.has(file))).toEqual([]);
});

test.each(["funds", "numbers"])("the page %s is small, comes in few files, and waits for none of the others", (name) => {
  const own = [...withImports(name)].filter((file) => !first.has(file));
  const bytes = bytesOf(own);
  console.log(`${name}: ${bytes} bytes in ${own.length} files.`);
  expect(bytes).toBeLessThan(PAGE_BUDGET);
  expect(own.length).toBeLessThanOrEqual(PAGE_REQUESTS);
  // The script that asks for it stands on next to nothing.
  const asking = withImports("index");
  expect(bytesOf(asking)).toBeLessThan(5_000);
  expect([...asking].map(read).some((code) => code.includes(`./${own[0]}`))).toBe(true);
});

test("the API's schemas stay with the API", () => {
  const scripts = readdirSync(join(WEB_DIST, "assets")).filter((file) => file.endsWith(".js"));
  expect(scripts.filter((file) => read(file).includes("ZodMini"))).toEqual([]);
});

test("no page holds anything inline", () => {
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|data:/);
});
