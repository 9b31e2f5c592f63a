import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { app, openStageFor, page, visitSignedIn } from "./stage.ts";
import { availableOf, scrollToStatement } from "./visitor.ts";

openStageFor("demo");

const rows = () => page.locator("tbody tr");
const openPayment = async (amount: string) => {
  await page.getByRole("button", { name: "Add funds" }).first().click();
  await page.getByLabel("Amount", { exact: true }).fill(amount);
  await page.getByRole("button", { name: /^Continue to pay/ }).click();
  await page.getByText("Sandbox: no real money moves.").waitFor();
};

test("add funds, pay on Stripe's page, and see the credit arrive, once", async () => {
  await page.goto(app.url);
  const before = await availableOf(page);
  await openPayment("25");
  await page.getByRole("button", { name: /^Pay \S+ by card/ }).click();
  await page.getByText("$25.00 added").waitFor();
  await expect.poll(() => availableOf(page)).toBeCloseTo(before + 25, 2);
  await scrollToStatement(page);
  await expect.poll(() => rows().first().innerText()).toContain("+$25.00");
  expect(new URL(page.url()).search).toBe("");
  // A reload neither asks again nor adds again.
  await page.reload();
  await expect.poll(() => availableOf(page)).toBeCloseTo(before + 25, 2);
  expect(await page.getByText("$25.00 added").count()).toBe(0);
});

test("a declined card adds nothing, and the way back to the payment stays open", async () => {
  await page.goto(app.url);
  const before = await availableOf(page);
  await openPayment("10");
  await page.getByRole("button", { name: "Pay by a card that is declined" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByRole("link", { name: "Back without paying" }).click();
  await page.getByText("You left before paying $10.00").waitFor();
  await expect.poll(() => availableOf(page)).toBeCloseTo(before, 2);
  await page.getByRole("link", { name: "Back to payment" }).click();
  await page.getByRole("button", { name: /^Pay \S+ by card/ }).click();
  await page.getByText("$10.00 added").waitFor();
});

test("a payment page that expired says so, and offers to start again", async () => {
  await page.goto(app.url);
  await openPayment("11");
  await page.getByRole("button", { name: "Let this page expire" }).click();
  await page.goto(`${app.url}/funds?paid=1`);
  await page.getByText("The payment page for $11.00 has expired").waitFor();
});

test("too little and too much are said at once, in the person's own words for numbers", async () => {
  await page.goto(app.url);
  await page.getByRole("button", { name: "Add funds" }).first().click();
  const amount = page.getByLabel("Amount", { exact: true });
  await amount.fill("0.50");
  await page.getByRole("button", { name: "Continue to payment" }).click();
  await page.getByText("At least $1.00.").waitFor();
  await amount.fill("10000.01");
  await page.getByText("At most $10,000.00 at a time.").waitFor();
  await amount.fill("1.234");
  await page.getByText("Write at most two digits").waitFor();
  await page.getByRole("button", { name: "$50", exact: true }).click();
  await page.getByRole("button", { name: "Continue to pay $50.00" }).waitFor();
  expect(new URL(page.url()).origin).toBe(app.url);
});

test("filters narrow the statement, stand in the address, and survive a reload", async () => {
  await page.goto(app.url);
  await rows().first().waitFor();
  await page.getByRole("region", { name: "Transactions" }).getByRole("radio", { name: "INR" }).check();
  await expect.poll(async () => (await rows().allInnerTexts()).every((text) => text.includes("₹"))).toBe(true);
  await page.getByRole("combobox", { name: "Kind" }).click();
  await page.getByRole("option", { name: "Top-up" }).click();
  await expect.poll(() => rows().count()).toBe(2);
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ currency: "INR", kind: "credit" });
  await page.reload();
  await expect.poll(() => rows().count()).toBe(2);
  await page.getByRole("textbox", { name: "Reference" }).fill("top_nothing");
  await page.getByText("Nothing matches these filters").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).last().click();
  await expect.poll(() => rows().count()).toBeGreaterThan(20);
  expect(new URL(page.url()).search).toBe("");
});

test("older entries come by themselves until the first one, and the balance after it is its amount", async () => {
  await page.goto(app.url);
  await rows().first().waitFor();
  await expect
    .poll(async () => {
      await page.mouse.wheel(0, 4_000);
      return page.getByText("That is everything.").count();
    })
    .toBe(1);
  const first = await rows().last().innerText();
  expect(first.match(/\$50\.00/g)).toHaveLength(2);
});

test("the statement is a file for spreadsheets, with the filters of the page", async () => {
  await page.goto(`${app.url}/funds?currency=INR`);
  await rows().first().waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download as CSV" }).click()]);
  expect(download.suggestedFilename()).toMatch(/^aira-statement-\d{4}-\d\d-\d\d\.csv$/);
  const [header = "", ...records] = (await readFile(await download.path(), "utf8")).trim().split("\r\n");
  expect(header.split(",").slice(0, 5)).toEqual(["at", "kind", "description", "currency", "amount"]);
  await expect.poll(() => rows().count()).toBe(records.length);
  expect(records.every((record) => record.includes(",INR,"))).toBe(true);
  await page.getByText(`Statement downloaded: ${records.length} entries.`).waitFor();
});

test("the details of a charge from held money show what was set aside and what became of it", async () => {
  await page.goto(`${app.url}/funds?kind=capture`);
  await rows().first().getByRole("button").click();
  const drawer = page.getByRole("dialog");
  await drawer.getByText("What was set aside, and what became of it").waitFor();
  await expect.poll(() => drawer.getByRole("listitem").count()).toBe(2);
  expect(await drawer.getByRole("listitem").allInnerTexts()).toEqual([
    expect.stringContaining("Set aside"),
    expect.stringContaining("Charged from held"),
  ]);
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "hidden" });
});

test("held money is explained where it is shown", async () => {
  await page.goto(app.url);
  await page.getByRole("button", { name: "What is held money?" }).click();
  await page.getByText("It is yours until then").waitFor();
});

test("a low balance is said at the top of the page, from the threshold that was asked for", async () => {
  await page.goto(app.url);
  await page.getByRole("button", { name: "Change the low-balance alert for Indian rupee" }).click();
  await page.getByLabel("Alert me below").fill("99,999");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Your Indian rupee balance is low").waitFor();
  await page.reload();
  await page.getByText("Your Indian rupee balance is low").waitFor();
  await page.getByRole("button", { name: "Change the low-balance alert for Indian rupee" }).click();
  await page.getByRole("button", { name: "Standard again" }).click();
  await page.getByText("Your Indian rupee balance is low").waitFor({ state: "hidden" });
});

test("held money still counts as balance: it does not make the balance low", async () => {
  await page.goto(app.url);
  const card = page.getByRole("region", { name: "Balances" }).locator("> *", { hasText: "US dollar" });
  await card.getByText("In all").waitFor();
  const [available = 0, , total = 0] = (await card.locator("dd").allInnerTexts()).map((text) => Number(text.replace(/[^\d.]/g, "")));
  expect(total).toBeGreaterThan(available);
  const alertBelow = async (amount: number) => {
    await page.getByRole("button", { name: "Change the low-balance alert for US dollar" }).click();
    await page.getByLabel("Alert me below").fill(amount.toFixed(2));
    await page.getByRole("button", { name: "Save" }).click();
    await card.getByText(`Alert below $${amount.toFixed(2)}`).waitFor();
  };
  await alertBelow(total);
  expect(await page.getByText("Your US dollar balance is low").count()).toBe(0);
  await alertBelow(total + 1);
  await page.getByText(`$${total.toFixed(2)} is left, held money included; you asked to be told below`).waitFor();
});

test("a newcomer is told what to do first", async () => {
  const { page: theirs } = await visitSignedIn("newcomer");
  await theirs.getByText("No transactions yet").waitFor();
  await theirs.getByRole("region", { name: "Transactions" }).getByRole("button", { name: "Add funds" }).click();
  await theirs.getByRole("dialog").waitFor();
});
