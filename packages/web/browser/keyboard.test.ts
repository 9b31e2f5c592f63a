import { expect, test } from "vitest";
import { focused, tabTo } from "./keys.ts";
import { app, openStage, visit } from "./stage.ts";
import { availableOf } from "./visitor.ts";

openStage();

test("by keyboard alone: sign in, add funds, pay, read an entry, filter, sign out", async () => {
  const { page } = await visit();
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
  await page.getByRole("button", { name: "Download as CSV" }).waitFor();
  await tabTo(page, /^Download as CSV$/);
  await page.locator("tbody tr").first().waitFor();
  await tabTo(page, /^Kind$/);
  await page.keyboard.press("Enter");
  await page.keyboard.type("Correction");
  await page.getByRole("option", { name: "Correction" }).waitFor();
  const chosen = page.locator("[data-combobox-selected]");
  for (let moves = 0; moves < 12 && !(await chosen.allInnerTexts()).includes("Correction"); moves++) await page.keyboard.press("ArrowDown");
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
});
