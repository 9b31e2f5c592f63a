import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type App, startApp } from "./app.ts";
import { overflowOf, settled, violationsOf } from "./axe.ts";
import { launchChromium } from "./chromium.ts";
import { chooseNumber, dialogOf, digitsOf, numberRow, sandboxOf } from "./number-steps.ts";
import { expectQuiet, type Visitor, visitSignedIn } from "./visitor.ts";

let app: App;
let browser: Browser;
let visitor: Visitor;
let page: Page;
beforeAll(async () => {
  browser = await launchChromium();
  app = await startApp();
  visitor = await visitSignedIn(browser, app.url, "demo");
});
afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
});
beforeEach(async () => {
  page = await visitor.openTab();
});
afterEach(async () => {
  await page.close();
  expectQuiet(visitor);
});

const twilio = () => sandboxOf(app);
const dialog = (on = page) => dialogOf(on);
const row = (number: string) => numberRow(page, number);

const settingsOf = async (name: string): Promise<Locator> => {
  await page.goto(`${app.url}/numbers`);
  await row(name).getByRole("link").click();
  const form = page.getByRole("region", { name: "How it answers" });
  await form.getByRole("button", { name: "Save changes" }).waitFor();
  return form;
};

test("settings are saved, and stand there after a reload", async () => {
  const form = await settingsOf("London workshop");
  await form.getByRole("radio", { name: /^Another phone/ }).check();
  await form.getByRole("button", { name: "Save changes" }).click();
  await form.getByText("Write the number with a plus").waitFor();
  await form.getByLabel("Forward to").fill("+1 (415) 555-0199");
  await form.getByRole("textbox", { name: "Greeting" }).fill("Welcome to the workshop.");
  await form.getByRole("radio", { name: "In business hours" }).check();
  await form.getByLabel("Monday, to").fill("13:00");
  await form.getByRole("button", { name: "Another period on Monday" }).click();
  await form.getByLabel("Monday, from").last().fill("14:00");
  await form.getByText("Friday", { exact: true }).click();
  await form.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("Saved. The next call is answered this way.").waitFor();
  await page.reload();
  expect(await form.getByLabel("Forward to").inputValue()).toBe("+1 415 555 0199");
  expect(await form.getByRole("textbox", { name: "Greeting" }).inputValue()).toBe("Welcome to the workshop.");
  expect(await form.getByLabel("Monday, to").first().inputValue()).toBe("13:00");
  expect(await form.getByLabel("Monday, from").last().inputValue()).toBe("14:00");
  expect(await form.getByRole("checkbox", { name: "Friday" }).isChecked()).toBe(false);
  await form.getByText("Nothing has changed.").waitFor();
  await page.goto(`${app.url}/numbers`);
  await row("London workshop").getByText("Forwarded to +1 415 555 0199").waitFor();
});

test("a number cannot be forwarded to itself, and the field says so", async () => {
  const form = await settingsOf("Harbour Bikes");
  const own = await page.getByRole("heading", { level: 1 }).innerText();
  await form.getByRole("radio", { name: /^Another phone/ }).check();
  await form.getByLabel("Forward to").fill(own);
  await form.getByRole("button", { name: "Save changes" }).click();
  await form.getByText("A number can't forward to itself.").waitFor();
});

test("a number is given back only once its last digits were typed, and it says what is lost", async () => {
  const form = await settingsOf("London workshop");
  const number = await page.getByRole("heading", { level: 1 }).innerText();
  await form.waitFor();
  await page.getByRole("button", { name: "Give back…" }).click();
  await dialog().getByText("can't be got back").waitFor();
  await dialog()
    .getByLabel(/Type its last four digits/)
    .fill("0000");
  await dialog().getByRole("button", { name: "Give back for ever" }).click();
  await dialog().getByText("These are not its last four digits.").waitFor();
  expect(twilio().state.ownedNumber(digitsOf(number))).toBeDefined();
  await dialog()
    .getByLabel(/Type its last four digits/)
    .fill(number.slice(-4));
  await dialog().getByRole("button", { name: "Give back for ever" }).click();
  await page.getByText(`${number} was given back.`).waitFor();
  await expect.poll(() => row("London workshop").count()).toBe(0);
  expect(twilio().state.ownedNumber(digitsOf(number))).toBeUndefined();
});

test("an address of no number says so and leads back", async () => {
  await page.goto(`${app.url}/numbers/num_${"0".repeat(26)}`);
  await page.getByRole("heading", { level: 1, name: "No such number" }).waitFor();
  await page.getByRole("link", { name: "All numbers" }).click();
  await row("Harbour Bikes").waitFor();
});

describe.each([
  { scheme: "light", width: 1440 },
  { scheme: "dark", width: 360 },
] as const)("$scheme at $width px", ({ scheme, width }) => {
  test("settings and dialogs have no violation, and nothing sticks out", async () => {
    const other = await visitSignedIn(browser, app.url, "demo", { scheme, width });
    const { page: there } = other;
    const clean = async (what: string) => {
      await settled(there);
      expect(await violationsOf(there), what).toEqual([]);
      expect(await overflowOf(there), what).toBe(0);
    };
    await there.goto(`${app.url}/numbers`);
    await chooseNumber(there, "415");
    await clean("confirmation");
    await there.getByRole("button", { name: "Back to the numbers" }).click();
    await dialog(there).getByRole("listitem").first().waitFor();
    await clean("search");
    await there.keyboard.press("Escape");
    await numberRow(there, "Harbour Bikes").getByRole("link").click();
    await there.getByRole("radio", { name: "In business hours" }).check();
    await clean("settings");
    await there.getByRole("button", { name: "Give back…" }).click();
    await dialog(there).getByText("can't be got back").waitFor();
    await clean("release");
    expectQuiet(other);
    await other.context.close();
  });
});
