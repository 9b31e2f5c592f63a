import { afterEach, expect, test } from "vitest";
import { tabTo } from "./keys.ts";
import { chooseNumber, dialogOf, digitsOf, numberRow, sandboxOf } from "./number-steps.ts";
import { app, openStageFor, page, visitSignedIn } from "./stage.ts";
import { availableOf } from "./visitor.ts";

openStageFor("demo");
afterEach(() => {
  twilio().switches.set({});
});

const DAY_MS = 86_400_000;

const twilio = () => sandboxOf(app);
const dialog = (on = page) => dialogOf(on);
const row = (number: string) => numberRow(page, number);
const choose = (areaCode: string, on = page) => chooseNumber(on, areaCode);

const buy = (on = page) => dialog(on).getByRole("button", { name: /^Buy for/ });

test("a number is found, its price seen before, bought, and it answers from then on", async () => {
  await page.goto(`${app.url}/funds`);
  const before = await availableOf(page);
  await page.goto(`${app.url}/numbers`);
  const number = await choose("415");
  await dialog().getByText("Charged now").waitFor();
  const terms = () => dialog().locator("dl").innerText();
  expect(await terms()).toMatch(/Set-up, once\s+\$1\.00[\s\S]+Charged now\s+\$3\.00[\s\S]+Then each month\s+\$2\.00/);
  // The wallet is asked for at the same time.
  await expect.poll(terms).toContain(`Remains in your USD wallet\n$${(before - 3).toFixed(2)}`);
  await buy().click();
  await dialog().getByText(`${number} is yours`).waitFor();
  await dialog().getByRole("button", { name: "Done" }).click();
  await row(number).getByText("Active").waitFor();
  expect(twilio().state.ownedNumber(digitsOf(number))).toBeDefined();
  await page.goto(`${app.url}/funds`);
  await expect.poll(() => availableOf(page)).toBeCloseTo(before - 3, 2);
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
  const { page: theirs } = await visitSignedIn("newcomer");
  await theirs.goto(`${app.url}/numbers`);
  await theirs.getByText("No numbers yet").waitFor();
  const number = await choose("415", theirs);
  await dialog(theirs).getByText("$3.00 is missing").waitFor();
  expect(await buy(theirs).count()).toBe(0);
  await dialog(theirs).getByRole("button", { name: "Add funds" }).click();
  const amount = theirs.getByLabel("Amount", { exact: true });
  await expect.poll(() => amount.inputValue()).toBe("3.00");
  await theirs.getByRole("button", { name: "Continue to pay $3.00" }).click();
  await theirs.getByRole("button", { name: /^Pay \S+ by card/ }).click();
  await theirs.getByText("$3.00 added").waitFor();
  // The number that was chosen has waited.
  await theirs.getByRole("link", { name: "Numbers" }).click();
  await theirs.getByRole("button", { name: "Add number" }).first().click();
  await dialog(theirs).getByText(number, { exact: true }).waitFor();
  await buy(theirs).click();
  await dialog(theirs).getByText(`${number} is yours`).waitFor();
});

test("a purchase of which the provider's answer was lost shows its progress until it is settled", async () => {
  await page.goto(`${app.url}/numbers`);
  const number = await choose("206");
  // It is bought, nobody hears of it, and the provider's list does not show it yet.
  twilio().switches.set({ failNext: [{ operation: "numbers.create", when: "after", answer: "reset" }], listLagMs: DAY_MS });
  await buy().click();
  await page.getByText(`Buying ${number}`).waitFor();
  await page.getByText("$3.00 is held, and charged only if the number is yours.").waitFor();
  await row(number).getByText("Being bought").waitFor();
  twilio().switches.set({});
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
  await expect.poll(() => availableOf(page)).toBeCloseTo(before - 3, 2);
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

test("by keyboard alone: find, choose and buy a number", async () => {
  await page.goto(`${app.url}/numbers`);
  await page.getByRole("button", { name: "Add number" }).waitFor();
  await tabTo(page, /^Add number$/);
  await page.keyboard.press("Enter");
  await dialog().getByRole("listitem").first().waitFor();
  await tabTo(page, /^Choose/);
  await page.keyboard.press("Enter");
  await dialog().getByText("Charged now").waitFor();
  await tabTo(page, /^Buy for/);
  await page.keyboard.press("Enter");
  await dialog()
    .getByText(/is yours$/)
    .waitFor();
  await page.keyboard.press("Escape");
  await dialog().waitFor({ state: "hidden" });
});
