import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { PAGES } from "./pages.ts";
import { expectQuiet, scrollToStatement, signIn, visit } from "./visitor.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

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

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[];
}

/** What axe finds wrong, a line each. It is evaluated by the debugger, since the page's policy lets no foreign script in. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run: (options: object) => Promise<{ violations: Violation[] }> } };
    return (await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })).violations;
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${JSON.stringify(target)} ${failureSummary}`),
  );
}

/** Nothing fades or slides any more. */
const settled = (page: Page) =>
  page.waitForFunction(() =>
    document
      .getAnimations()
      .every(({ playState, effect }) => playState !== "running" || effect?.getTiming().iterations === Number.POSITIVE_INFINITY),
  );

/** By how much anything sticks out to the side. */
const overflowOf = (page: Page) =>
  page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));

describe.each([
  { scheme: "light", width: 1440 },
  { scheme: "dark", width: 360 },
] as const)("$scheme at $width px", ({ scheme, width }) => {
  for (const who of [undefined, "demo", "newcomer", "operator"] as const) {
    test(`the pages of ${who ?? "anybody"} have no violation, and nothing sticks out`, async () => {
      const visitor = await visit(browser, { scheme, width });
      const { page } = visitor;
      if (who) {
        await page.goto(app.url);
        await signIn(page, who);
      }
      for (const { path, ready, name, ...more } of PAGES.filter((each) => each.who === who)) {
        await page.goto(`${app.url}${path}`);
        if ("below" in more) await scrollToStatement(page);
        await page.getByText(ready).first().waitFor({ state: "attached" });
        await settled(page);
        expect(await violationsOf(page), name).toEqual([]);
        expect(await overflowOf(page), name).toBe(0);
      }
      expectQuiet(visitor);
      await visitor.context.close();
    });
  }

  test("dialogs, drawers and menus have no violation", async () => {
    const visitor = await visit(browser, { scheme, width });
    const { page } = visitor;
    await page.goto(app.url);
    await signIn(page, "demo");
    await scrollToStatement(page);
    const open = async (name: string | RegExp, ready: string) => {
      await page.getByRole("button", { name }).first().click();
      await page.getByText(ready).first().waitFor();
      await settled(page);
      expect(await violationsOf(page), String(name)).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByText(ready).first().waitFor({ state: "hidden" });
    };
    await open("Add funds", "You pay on Stripe's page");
    await open(/^Charged from held$/, "Balance after");
    await open("What is held money?", "It is yours until then");
    await open(/^Account/, "Appearance");
    await open(/^Change the low-balance alert for US/, "Alert me below");
    expectQuiet(visitor);
    await visitor.context.close();
  });
});
