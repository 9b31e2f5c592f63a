import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "./app.ts";
import { chromiumFlags, findChromium } from "./chromium.ts";

const LEAST = 0.95;
const CATEGORIES = ["performance", "accessibility", "best-practices"] as const;

/** Whatever else the machine does only makes a measurement worse: the best of a few counts. */
const TRIES = 3;
const METRICS = ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift"] as const;

type Scores = Readonly<Record<(typeof CATEGORIES)[number], number>>;
const lowest = (scores: Scores): number => Math.min(...Object.values(scores));
const isGood = (scores: Scores): boolean => lowest(scores) >= LEAST;

async function measure(lighthouse: typeof import("lighthouse").default, page: unknown): Promise<Scores> {
  const options = { onlyCategories: [...CATEGORIES], disableStorageReset: true, output: "json" as const };
  const result = await lighthouse(`${app.url}/funds`, options, undefined, page as Parameters<typeof lighthouse>[3]);
  const { categories = {}, audits = {}, environment } = result?.lhr ?? {};
  const scores = Object.fromEntries(CATEGORIES.map((name) => [name, categories[name]?.score ?? 0])) as unknown as Scores;
  const metrics = METRICS.map((name) => `${name} ${audits[name]?.displayValue}`).join(", ");
  console.log(JSON.stringify(scores), metrics, `machine ${environment?.benchmarkIndex}`);
  return scores;
}

/** The one that Lighthouse itself drives the browser with. */
const puppeteer = createRequire(createRequire(import.meta.url).resolve("lighthouse"))("puppeteer-core");

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(async () => {
  await app?.[Symbol.asyncDispose]();
});

test("Funds has 95 or more for performance, accessibility and best practices, on a slow phone", async () => {
  const { default: lighthouse } = await import("lighthouse");
  const browser = await puppeteer.launch({ executablePath: findChromium(), args: [...chromiumFlags, "--headless=new"] });
  try {
    const page = await browser.newPage();
    await page.goto(app.url);
    await (await page.waitForSelector("main button")).click();
    await page.waitForSelector("#user");
    await page.type("#user", "demo");
    await page.keyboard.press("Enter");
    await page.waitForSelector("dl dd");
    let best: Scores | undefined;
    for (let tries = 0; tries < TRIES && !(best && isGood(best)); tries++) {
      const measured = await measure(lighthouse, page);
      if (!best || lowest(measured) > lowest(best)) best = measured;
    }
    for (const name of CATEGORIES) expect(best?.[name], name).toBeGreaterThanOrEqual(LEAST);
  } finally {
    await browser.close();
  }
}, 120_000);
