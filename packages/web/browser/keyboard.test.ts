import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { availableOf, expectQuiet, visit } from "./visitor.ts";

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

/** What has the focus, by its name. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    const label = (element as HTMLInputElement | null)?.labels?.[0]?.textContent;
    return (element?.getAttribute("aria-label") ?? label ?? element?.textContent ?? "").trim();
  });

/** Presses Tab until the focus is there, as a person without a pointer does. */
async function tabTo(page: Page, name: RegExp, most = 60): Promise<void> {
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press("Tab");
    if (name.test(await focused(page))) return;
  }
  throw new Error(`Tab does not lead to ${name}; it is at "${await focused(page)}"`);
}

test("by keyboard alone: sign in, add funds, pay, read an entry, filter, sign out", async () => {
  const visitor = await visit(browser);
  const { page } = visitor;
  await page.goto(app.url);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await tabTo(page, /^Sign in$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/authorize/);
  await tabTo(page, /^demo/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Funds" }).waitFor();
  const before = await availableOf(page);

  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Skip to content");
  await page.keyboard.press("Enter");
  await tabTo(page, /^Add funds$/);
  await page.keyboard.press("Enter");
  // The dialog takes the focus to where one types.
  await expect.poll(() => focused(page)).toBe("Amount");
  await page.keyboard.type("15");
  await page.keyboard.press("Enter");
  await page.getByText("Sandbox: no real money moves.").waitFor();
  await tabTo(page, /^Pay \S+ by card$/);
  await page.keyboard.press("Enter");
  await page.getByText("$15.00 added").waitFor();
  await expect.poll(() => availableOf(page)).toBeCloseTo(before + 15, 2);

  await tabTo(page, /^Download as CSV$/);
  await page.locator("tbody tr").first().waitFor();
  await tabTo(page, /^Top-up$/);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText("Balance after").waitFor();
  await page.keyboard.press("Escape");
  // The way back is where one came from.
  await expect.poll(() => focused(page)).toBe("Top-up");

  await page.reload();
  await tabTo(page, /^Download as CSV$/);
  await page.locator("tbody tr").first().waitFor();
  await tabTo(page, /^Kind$/);
  await page.keyboard.press("Enter");
  await page.keyboard.type("Correction");
  await page.getByRole("option", { name: "Correction" }).waitFor();
  for (
    let moves = 0;
    moves < 12 &&
    (await page
      .locator("[data-combobox-selected]")
      .innerText()
      .catch(() => "")) !== "Correction";
    moves++
  )
    await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator("tbody tr").count()).toBe(1);

  await page.keyboard.press("Escape");
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Funds" }).waitFor();
  await tabTo(page, /^Account/);
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  expectQuiet(visitor);
});
