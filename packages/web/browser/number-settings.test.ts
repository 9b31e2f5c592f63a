import { describe, expect, test } from "vitest";
import { expectClean } from "./axe.ts";
import { LOOKS } from "./looks.ts";
import { chooseNumber, dialogOf, digitsOf, numberRow, numberSettings, sandboxOf } from "./number-steps.ts";
import { app, openStageFor, page, visitSignedIn } from "./stage.ts";

openStageFor("demo");

const twilio = () => sandboxOf(app);
const dialog = (on = page) => dialogOf(on);
const row = (number: string) => numberRow(page, number);

const settingsOf = (name: string) => numberSettings(page, app, name);

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
  await expect.poll(() => form.getByLabel("Forward to").inputValue()).toBe("+1 415 555 0199");
  await expect.poll(() => form.getByRole("textbox", { name: "Greeting" }).inputValue()).toBe("Welcome to the workshop.");
  await expect.poll(() => form.getByLabel("Monday, to").first().inputValue()).toBe("13:00");
  await expect.poll(() => form.getByLabel("Monday, from").last().inputValue()).toBe("14:00");
  await expect.poll(() => form.getByRole("checkbox", { name: "Friday" }).isChecked()).toBe(false);
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

describe.each(LOOKS)("$scheme at $width px", ({ scheme, width }) => {
  test("settings and dialogs have no violation, and nothing sticks out", async () => {
    const { page: there } = await visitSignedIn("demo", { scheme, width });
    await there.goto(`${app.url}/numbers`);
    await chooseNumber(there, "415");
    await expectClean(there, "confirmation");
    await there.getByRole("button", { name: "Back to the numbers" }).click();
    await dialog(there).getByRole("listitem").first().waitFor();
    await expectClean(there, "search");
    await there.keyboard.press("Escape");
    await numberRow(there, "Harbour Bikes").getByRole("link").click();
    await there.getByRole("radio", { name: "In business hours" }).check();
    await expectClean(there, "settings");
    await there.getByRole("button", { name: "Give back…" }).click();
    await dialog(there).getByText("can't be got back").waitFor();
    await expectClean(there, "release");
  });
});
