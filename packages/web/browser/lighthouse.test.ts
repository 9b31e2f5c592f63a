import { createRequire } from "node:module";
import { loadavg } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, startApp } from "./app.ts";
import { chromiumFlags, findChromium } from "./chromium.ts";

const LEAST = 0.95;

/** What does not depend on how busy the machine is. Performance does, so it is told and not asserted. */
const ASSERTED = ["accessibility", "best-practices"] as const;
const CATEGORIES = ["performance", ...ASSERTED] as const;
const METRICS = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"] as const;

/** As Lighthouse has them: a phone behind a slow line with a processor slowed down four times, and a desktop. */
const FORM_FACTORS = ["mobile", "desktop"] as const;

/** The one that Lighthouse itself drives the browser with. */
const puppeteer = createRequire(createRequire(import.meta.url).resolve("lighthouse"))("puppeteer-core");

/** Somebody who has signed in, in a browser that Lighthouse can drive. */
async function openSignedIn(address: string) {
  const browser = await puppeteer.launch({ executablePath: findChromium(), args: [...chromiumFlags, "--headless=new"] });
  const page = await browser.newPage();
  await page.goto(address);
  await (await page.waitForSelector("main button")).click();
  await page.waitForSelector("#user");
  await page.type("#user", "demo");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dl dd");
  return { browser, page };
}

let app: App;
let opened: Awaited<ReturnType<typeof openSignedIn>>;
beforeAll(async () => {
  app = await startApp();
  opened = await openSignedIn(app.url);
});
afterAll(async () => {
  await opened?.browser.close();
  await app?.[Symbol.asyncDispose]();
});

describe.each([
  ["Funds", "/funds"],
  ["Numbers", "/numbers"],
] as const)("%s", (name, path) => {
  test.each(FORM_FACTORS)("has 95 or more for accessibility and best practices on a %s; its performance is told", async (form) => {
    const { default: lighthouse, desktopConfig } = await import("lighthouse");
    const options = { onlyCategories: [...CATEGORIES], disableStorageReset: true, output: "json" as const };
    const result = await lighthouse(`${app.url}${path}`, options, form === "desktop" ? desktopConfig : undefined, opened.page);
    const { categories = {}, audits = {}, environment } = result?.lhr ?? {};
    const metrics = METRICS.map((metric) => `${metric} ${audits[metric]?.displayValue}`).join(", ");
    const scores = CATEGORIES.map((category) => `${category} ${categories[category]?.score}`).join(", ");
    console.log(`${name}, ${form}: ${scores}; ${metrics}; machine ${environment?.benchmarkIndex}, load ${loadavg()[0]?.toFixed(1)}`);
    for (const category of ASSERTED) expect(categories[category]?.score, `${category}, ${form}`).toBeGreaterThanOrEqual(LEAST);
  });
});
