import { cp, mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fingerprintOf } from "./web-build.ts";

let project: string;
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), "aira-sources-"));
  for (const folder of ["packages/web/src/app", "packages/web/build", "packages/web/public", "packages/contract/src"])
    await mkdir(join(project, folder), { recursive: true });
  for (const file of ["packages/web/index.html", "packages/web/vite.config.ts", "package-lock.json", "packages/web/src/app/page.tsx"])
    await writeFile(join(project, file), file);
});
afterEach(() => rm(project, { recursive: true }));

test("the same sources need no build, wherever they lie and however old they are", async () => {
  const before = await fingerprintOf(project);
  await utimes(join(project, "packages/web/src/app/page.tsx"), 1, 1);
  expect(await fingerprintOf(project)).toBe(before);
  const copy = `${project}-copy`;
  await cp(project, copy, { recursive: true });
  expect(await fingerprintOf(copy)).toBe(before);
  await rm(copy, { recursive: true });
});

test.each([
  ["a changed page", "packages/web/src/app/page.tsx", "another"],
  ["a new file", "packages/web/src/app/new.tsx", ""],
  ["a changed contract", "packages/contract/src/wallet.ts", "another"],
  ["other versions", "package-lock.json", "another"],
])("%s needs one", async (_what, file, content) => {
  const before = await fingerprintOf(project);
  await writeFile(join(project, file), content);
  expect(await fingerprintOf(project)).not.toBe(before);
});

test("a test beside a page needs none", async () => {
  const before = await fingerprintOf(project);
  await writeFile(join(project, "packages/web/src/app/page.test.ts"), "");
  expect(await fingerprintOf(project)).toBe(before);
});

test("a file that goes away needs one, also when another takes over its content", async () => {
  await writeFile(join(project, "packages/web/src/app/a.ts"), "same");
  const before = await fingerprintOf(project);
  await rm(join(project, "packages/web/src/app/a.ts"));
  await writeFile(join(project, "packages/web/src/app/b.ts"), "same");
  expect(await fingerprintOf(project)).not.toBe(before);
});
