import type { Page } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { installClock } from "../../local/src/demo/movable-clock.ts";
import { expectClean } from "./axe.ts";
import { addFunds, chooseNumber, dialogOf, numberRow } from "./number-steps.ts";
import { app, openStage, visitSignedIn } from "./stage.ts";
import { availableOf } from "./visitor.ts";

/** Months go by for the app, not for the browser: a session that ended meanwhile is renewed by itself. */
const clock = installClock(Date.now());
afterAll(() => clock.remove());
openStage();

const MINUTE_MS = 60_000;

interface Told {
  readonly renewsAt: string;
  readonly unpaidNext: { readonly action: string; readonly at: string } | null;
}

/** Opens the page of a number, and answers what the API told it. */
async function open(page: Page, address: string): Promise<Told> {
  const asked = page.waitForResponse((answer) => /\/api\/numbers\/num_\w+$/.test(answer.url()) && answer.ok());
  await page.goto(address);
  return (await asked).json();
}

/** In the badge; what stands below it says the same at more length. */
const stateOf = (page: Page) =>
  page
    .getByRole("main")
    .getByText(/^(Active|Unpaid|Suspended)$/)
    .first();

/** Lets the schedule do what is due by then, step by step, until the page says so. */
async function becomes(page: Page, address: string, state: string): Promise<Told> {
  let told: Told | undefined;
  await expect
    .poll(async () => {
      await app.runtime.tick("tendNumbers");
      told = await open(page, address);
      return stateOf(page).innerText();
    })
    .toBe(state);
  if (!told) throw new Error("the number was told of");
  return told;
}

test("a number that cannot be paid says what is missing and what comes next, and works again once money came", async () => {
  const { page } = await visitSignedIn("newcomer", { scheme: "dark", width: 360 });
  await page.goto(`${app.url}/numbers`);
  const number = await chooseNumber(page, "415");
  await dialogOf(page).getByRole("button", { name: "Add funds" }).click();
  await addFunds(page, "3.00");
  await page.goto(`${app.url}/numbers`);
  await page.getByRole("button", { name: "Add number" }).first().click();
  await dialogOf(page).getByRole("button", { name: "Buy for $3.00" }).click();
  await dialogOf(page).getByText(`${number} is yours`).waitFor();
  await dialogOf(page).getByRole("button", { name: "Done" }).click();
  await numberRow(page, number).getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: number }).waitFor();
  const address = page.url();

  const bought = await becomes(page, address, "Active");
  clock.to(Date.parse(bought.renewsAt) + MINUTE_MS);
  const unpaid = await becomes(page, address, "Unpaid");
  expect(unpaid.unpaidNext?.action).toBe("suspend");
  await page.getByText("$2.00 for the next month could not be charged. Without it the number is suspended on").waitFor();
  await expectClean(page, "unpaid");
  await page.goto(`${app.url}/numbers`);
  await numberRow(page, number).getByRole("button", { name: "Add funds" }).waitFor();

  clock.to(Date.parse(unpaid.unpaidNext?.at ?? "") + MINUTE_MS);
  const suspended = await becomes(page, address, "Suspended");
  expect(suspended.unpaidNext?.action).toBe("release");
  await page
    .getByText("Callers hear a notice, since $2.00 is unpaid. Add funds and it works again; otherwise it is given back on")
    .waitFor();
  await expectClean(page, "suspended");

  await page.getByRole("button", { name: "Add funds" }).click();
  await addFunds(page, "5.00");
  const restored = await becomes(page, address, "Active");
  expect(restored.unpaidNext).toBeNull();
  expect(await page.getByText("Callers hear a notice").count()).toBe(0);
  await page.goto(`${app.url}/funds`);
  await expect.poll(() => availableOf(page)).toBe(3);
});
