import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "./app.ts";
import { settled, violationsOf } from "./axe.ts";
import { launchChromium } from "./chromium.ts";
import { expectQuiet, visitSignedIn } from "./visitor.ts";

let app: App;
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
  app = await startApp();
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});

test("the bell counts what is new until it was looked at, and each notice leads to what it is about", async () => {
  const visitor = await visitSignedIn(browser, app.url, "demo", { scheme: "dark", width: 360 });
  const { page } = visitor;
  await page.getByRole("button", { name: /^Notices \d+ new$/ }).click();
  const drawer = page.getByRole("dialog");
  const first = drawer.getByRole("listitem").first();
  await first.getByText("New", { exact: true }).waitFor();
  await settled(page);
  expect(await violationsOf(page)).toEqual([]);
  await drawer.getByRole("link", { name: "A month will be charged soon" }).first().click();
  await page.getByRole("region", { name: "How it answers" }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Notices", exact: true }).waitFor();
  expectQuiet(visitor);
  await visitor.context.close();
});
