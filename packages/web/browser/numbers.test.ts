import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type App, startApp } from "./app.ts";
import { overflowOf, settled, violationsOf } from "./axe.ts";
import { launchChromium } from "./chromium.ts";
import { availableOf, expectQuiet, type Visitor, visitSignedIn } from "./visitor.ts";

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
  app.runtime.twilio?.switches.set({});
  await page.close();
  expectQuiet(visitor);
});

const twilio = () => {
  const { twilio: sandbox } = app.runtime;
  if (!sandbox) throw new Error("the sandbox runs");
  return sandbox;
};
const dialog = (on = page) => on.getByRole("dialog");
const row = (number: string) => page.getByRole("listitem").filter({ hasText: number });
const digitsOf = (written: string) => written.replace(/[^+\d]/g, "");

/** Opens the dialog and answers the first number that is offered under an area code, as it is written. */
async function choose(areaCode: string, on = page): Promise<string> {
  await on.getByRole("button", { name: "Add number" }).first().click();
  await dialog(on).getByLabel("Area code").fill(areaCode);
  const offer = dialog(on)
    .getByRole("listitem")
    .filter({ hasText: `+1 ${areaCode}` });
  await offer.first().waitFor();
  const name = (await offer.first().getByRole("button").getAttribute("aria-label")) ?? "";
  await dialog(on).getByRole("button", { name, exact: true }).click();
  return name.replace("Choose ", "");
}
const buy = (on = page) => dialog(on).getByRole("button", { name: /^Buy for/ });

test("a number is found, its price seen before, bought, and it answers from then on", async () => {
  await page.goto(`${app.url}/funds`);
  const before = await availableOf(page);
  await page.goto(`${app.url}/numbers`);
  const number = await choose("415");
  await dialog().getByText("Charged now").waitFor();
  expect(await dialog().locator("dl").innerText()).toMatch(
    /Set-up, once\s+\$1\.00[\s\S]+Charged now\s+\$3\.00[\s\S]+Then each month\s+\$2\.00/,
  );
  expect(await dialog().locator("dl").innerText()).toContain(`Remains in your USD wallet\n$${(before - 3).toFixed(2)}`);
  await buy().click();
  await dialog().getByText(`${number} is yours`).waitFor();
  await dialog().getByRole("button", { name: "Done" }).click();
  await row(number).getByText("Active").waitFor();
  expect(twilio().state.ownedNumber(digitsOf(number))).toBeDefined();
  await page.goto(`${app.url}/funds`);
  expect(await availableOf(page)).toBeCloseTo(before - 3, 2);
});

test("a price that has moved is shown and asked for again, and nothing is charged in between", async () => {
  await page.route("**/api/numbers/search*", async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    for (const { price } of body.numbers) Object.assign(price, { monthlyMinor: 150, dueNowMinor: 250 });
    await route.fulfill({ response: answer, json: body });
  });
  await page.goto(`${app.url}/numbers`);
  const number = await choose("312");
  await dialog().getByRole("button", { name: "Buy for $2.50" }).click();
  await dialog().getByText("The price has changed").waitFor();
  await dialog().getByText("You were shown $2.50 now and $1.50 a month.").waitFor();
  expect(twilio().state.ownedNumber(digitsOf(number))).toBeUndefined();
  await dialog().getByRole("button", { name: "Buy for $3.00" }).click();
  await dialog().getByText(`${number} is yours`).waitFor();
});

test("a number that is gone leads back to those that are left", async () => {
  await page.goto(`${app.url}/numbers`);
  const number = await choose("617");
  twilio().state.takeAway(digitsOf(number));
  await buy().click();
  await dialog().getByText(`${number} has just gone to somebody else`).waitFor();
  await dialog().getByRole("listitem").filter({ hasText: "+1 617" }).first().waitFor();
  await expect
    .poll(() =>
      dialog()
        .getByRole("button", { name: `Choose ${number}` })
        .count(),
    )
    .toBe(0);
});

test("too little money: what is missing is said, and Add funds opens with it", async () => {
  const newcomer = await visitSignedIn(browser, app.url, "newcomer");
  await newcomer.page.goto(`${app.url}/numbers`);
  await newcomer.page.getByText("No numbers yet").waitFor();
  const number = await choose("415", newcomer.page);
  await dialog(newcomer.page).getByText("$3.00 is missing").waitFor();
  expect(await buy(newcomer.page).count()).toBe(0);
  await dialog(newcomer.page).getByRole("button", { name: "Add funds" }).click();
  const amount = newcomer.page.getByLabel("Amount", { exact: true });
  expect(await amount.inputValue()).toBe("3.00");
  await newcomer.page.getByRole("button", { name: "Continue to pay $3.00" }).click();
  await newcomer.page.getByRole("button", { name: /^Pay \S+ by card/ }).click();
  await newcomer.page.getByText("$3.00 added").waitFor();
  // The number that was chosen has waited.
  await newcomer.page.getByRole("link", { name: "Numbers" }).click();
  await newcomer.page.getByRole("button", { name: "Add number" }).first().click();
  await dialog(newcomer.page).getByText(number, { exact: true }).waitFor();
  await buy(newcomer.page).click();
  await dialog(newcomer.page).getByText(`${number} is yours`).waitFor();
  expectQuiet(newcomer);
  await newcomer.context.close();
});

test("a purchase of which the provider's answer was lost shows its progress until it is settled", async () => {
  await page.goto(`${app.url}/numbers`);
  const number = await choose("206");
  // It is bought, nobody hears of it, and the provider's list does not show it yet.
  twilio().switches.set({ failNext: [{ operation: "numbers.create", when: "after", answer: "reset" }], listLagMs: 2_500 });
  await buy().click();
  await page.getByText(`Buying ${number}`).waitFor();
  await page.getByText("$3.00 is held, and charged only if the number is yours.").waitFor();
  await row(number).getByText("Being bought").waitFor();
  await page.getByText(`${number} is yours`).waitFor();
  await row(number).getByText("Active").waitFor();
});

test("an answer that the network lost buys once: trying again is the same purchase", async () => {
  await page.goto(`${app.url}/funds`);
  const before = await availableOf(page);
  await page.goto(`${app.url}/numbers`);
  const number = await choose("503");
  const keys: (string | undefined)[] = [];
  await page.route("**/api/numbers/purchase", async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length > 1) return route.continue();
    // It reaches the API, and its answer nobody.
    await route.fetch();
    await route.abort("connectionreset");
  });
  await buy().click();
  await dialog().getByText("Aira cannot be reached").waitFor();
  await dialog().getByRole("button", { name: "Try again" }).click();
  await dialog().getByText(`${number} is yours`).waitFor();
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBe(keys[1]);
  await page.goto(`${app.url}/funds`);
  expect(await availableOf(page)).toBeCloseTo(before - 3, 2);
});

test("a country whose law asks for an address or documents says so before and instead of a purchase", async () => {
  await page.goto(`${app.url}/numbers`);
  await page.getByRole("button", { name: "Add number" }).click();
  await dialog().getByRole("combobox", { name: "Country" }).click();
  await page.getByRole("option", { name: "Germany" }).click();
  const offer = dialog().getByRole("listitem").filter({ hasText: "+49" }).first();
  await offer.getByText("Needs an address in the country on file").waitFor();
  expect(await dialog().getByLabel("Area code").count()).toBe(0);
  await offer.getByRole("button").click();
  await buy().click();
  await dialog().getByRole("alert").waitFor();
  expect(await dialog().getByRole("alert").innerText()).toMatch(/on file/);
});

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
    await choose("415", there);
    await clean("confirmation");
    await there.getByRole("button", { name: "Back to the numbers" }).click();
    await dialog(there).getByRole("listitem").first().waitFor();
    await clean("search");
    await there.keyboard.press("Escape");
    await there.getByRole("listitem").filter({ hasText: "Harbour Bikes" }).getByRole("link").click();
    await there.getByRole("radio", { name: "In business hours" }).check();
    await clean("settings");
    await there.getByRole("button", { name: "Give back…" }).click();
    await dialog(there).getByText("can't be got back").waitFor();
    await clean("release");
    expectQuiet(other);
    await other.context.close();
  });
});

test("by keyboard alone: find, choose and buy a number", async () => {
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "");
  const tabTo = async (name: RegExp) => {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press("Tab");
      if (name.test(await focused())) return;
    }
    throw new Error(`Tab does not lead to ${name}; it is at "${await focused()}"`);
  };
  await page.goto(`${app.url}/numbers`);
  await page.getByRole("button", { name: "Add number" }).waitFor();
  await tabTo(/^Add number$/);
  await page.keyboard.press("Enter");
  await dialog().getByRole("listitem").first().waitFor();
  await tabTo(/^Choose/);
  await page.keyboard.press("Enter");
  await dialog().getByText("Charged now").waitFor();
  await tabTo(/^Buy for/);
  await page.keyboard.press("Enter");
  await dialog()
    .getByText(/is yours$/)
    .waitFor();
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "hidden" });
});
