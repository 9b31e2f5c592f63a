import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { WEB_DIST } from "../../local/src/web-build.ts";

const BUDGET = 200_000;

test("the first load is at most 200 KB of scripts and styles, compressed, before any page", () => {
  const html = readFileSync(join(WEB_DIST, "index.html"), "utf8");
  const files = [...html.matchAll(/"\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => file ?? "");
  const bytes = files.reduce((sum, file) => sum + gzipSync(readFileSync(join(WEB_DIST, file)), { level: 9 }).length, 0);
  console.log(`First load: ${bytes} bytes in ${files.length} files.`);
  expect(files.length).toBeGreaterThan(1);
  expect(bytes).toBeLessThan(BUDGET);
});

test("no page holds anything inline", () => {
  const html = readFileSync(join(WEB_DIST, "index.html"), "utf8");
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|data:/);
});
