import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, startApp } from "./app.ts";
import { overflowOf, settled, violationsOf } from "./axe.ts";
import { launchChromium } from "./chromium.ts";
import { PAGES } from "./pages.ts";
import { expectQuiet, scrollToStatement, signIn, visit } from "./visitor.ts";

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
