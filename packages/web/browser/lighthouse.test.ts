import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, test } from "vitest";
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

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await app?.[Symbol.asyncDispose]();
});

test.each([
  ["Funds", "/funds"],
  ["Numbers", "/numbers"],
] as const)(
  "%s has 95 or more for accessibility and best practices; its performance is told",
  async (name, path) => {
    const { default: lighthouse, desktopConfig } = await import("lighthouse");
    const browser = await puppeteer.launch({ executablePath: findChromium(), args: [...chromiumFlags, "--headless=new"] });
    try {
      const page = await browser.newPage();
      await page.goto(app.url);
      await (await page.waitForSelector("main button")).click();
      await page.waitForSelector("#user");
      await page.type("#user", "demo");
      await page.keyboard.press("Enter");
      await page.waitForSelector("dl dd");
      for (const form of FORM_FACTORS) {
        const options = { onlyCategories: [...CATEGORIES], disableStorageReset: true, output: "json" as const };
        const config = form === "desktop" ? desktopConfig : undefined;
        const result = await lighthouse(`${app.url}${path}`, options, config, page);
        const { categories = {}, audits = {}, environment } = result?.lhr ?? {};
        const metrics = METRICS.map((metric) => `${metric} ${audits[metric]?.displayValue}`).join(", ");
        const scores = CATEGORIES.map((category) => `${category} ${categories[category]?.score}`).join(", ");
        console.log(`${name}, ${form}: ${scores}; ${metrics}; machine ${environment?.benchmarkIndex}`);
        for (const category of ASSERTED) expect(categories[category]?.score, `${category}, ${form}`).toBeGreaterThanOrEqual(LEAST);
      }
    } finally {
      await browser.close();
    }
  },
  180_000,
);
