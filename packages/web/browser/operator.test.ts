import { expect, test } from "vitest";
import { app, openStageFor, page, visitSignedIn } from "./stage.ts";

openStageFor("operator");

const wallet = (owner: string) => page.getByRole("region", { name: owner, exact: true });

test("who is no operator finds no such page, and no way to it", async () => {
  const { page: theirs } = await visitSignedIn("demo");
  expect(await theirs.getByRole("link", { name: "Operator" }).count()).toBe(0);
  await theirs.goto(`${app.url}/operator/wallets?owner=asha`);
  await theirs.getByRole("heading", { level: 1, name: "There is no such page" }).waitFor();
});

test("an operator finds a wallet, corrects it with a reason, and the customer's statement shows both", async () => {
  await page.goto(app.url);
  await page.getByRole("link", { name: "Operator" }).click();
  await page.getByLabel("Owner").fill("asha");
  await page.getByRole("button", { name: "Find" }).click();
  await wallet("asha").getByRole("button", { name: "Correct balance" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("radio", { name: "Take money" }).check();
  await dialog.getByLabel("Amount").fill("2.50");
  await dialog.getByLabel("Reason").fill("x");
  await dialog.getByRole("button", { name: "Post −$2.50" }).click();
  await dialog.getByText("Write at least 3 characters.").waitFor();
  await dialog.getByLabel("Reason").fill("Charged twice, ticket 7");
  await dialog.getByRole("button", { name: "Post −$2.50" }).click();
  await page.getByText("−$2.50 posted.").waitFor();
  await expect.poll(() => page.locator("tbody tr").first().innerText()).toContain("Charged twice, ticket 7");
  await wallet("asha").getByText("Below zero").waitFor();
});

test("an answer that was lost posts once: trying again sends the same key", async () => {
  await page.goto(`${app.url}/operator/wallets?owner=asha`);
  await wallet("asha").getByRole("button", { name: "Correct balance" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Amount").fill("7.77");
  await dialog.getByLabel("Reason").fill("Goodwill, ticket 8");
  let lost = false;
  await page.route("**/api/operator/adjustments", async (route) => {
    if (lost) return route.continue();
    lost = true;
    // It reaches the API, and its answer nobody.
    await route.fetch();
    await route.abort("connectionreset");
  });
  await dialog.getByRole("button", { name: "Post +$7.77" }).click();
  await dialog.getByText("Aira cannot be reached").waitFor();
  await dialog.getByRole("button", { name: "Try again" }).click();
  await page.getByText("+$7.77 posted.").waitFor();
  await expect.poll(() => page.locator("tbody tr", { hasText: "Goodwill, ticket 8" }).count()).toBe(1);
});

test("a freeze and its end stand in the statement with their reasons", async () => {
  await page.goto(`${app.url}/operator/wallets?owner=demo`);
  await wallet("demo").getByRole("button", { name: "Freeze" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("Stolen card, ticket 9");
  await page.getByRole("dialog").getByRole("button", { name: "Freeze" }).click();
  await wallet("demo").getByText("Frozen").waitFor();
  await expect.poll(() => page.locator("tbody tr").first().innerText()).toContain("Stolen card, ticket 9");
  await wallet("demo").getByRole("button", { name: "Unfreeze" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("Card was found");
  await page.getByRole("dialog").getByRole("button", { name: "Unfreeze" }).click();
  await wallet("demo").getByText("Active").waitFor();
});

test("an owner without a wallet is said to have none", async () => {
  await page.goto(`${app.url}/operator/wallets?owner=nobody-at-all`);
  await page.getByText("nobody-at-all has no wallet yet").first().waitFor();
});

test("a finding is replayed: it stays while it contradicts, and closes once its cause is refunded", async () => {
  await page.goto(`${app.url}/operator/quarantine`);
  const finding = page.getByRole("listitem").filter({ hasText: "A second paid session" });
  await finding.getByRole("button", { name: "Replay" }).click();
  await finding.getByText("Still contradicting").waitFor();
  const { stripe } = app.runtime;
  const sessionId = (await finding.locator("code").last().innerText()).trim();
  const paymentIntent = stripe?.state.store.sessions.get(sessionId)?.payment_intent ?? "";
  stripe?.state.refund({ paymentIntent }, {});
  await finding.getByRole("button", { name: "Replay" }).click();
  await page.getByText("Nothing is in quarantine").waitFor();
});

test("queues show their depth, and dead letters can be looked at", async () => {
  await page.goto(`${app.url}/operator/queues`);
  await page.getByRole("cell", { name: "payments", exact: true }).waitFor();
  await page.getByRole("button", { name: "Look at the dead letters of payments" }).click();
  await page.getByText("There are none to see.").waitFor();
});

test("the sections lead to each other, and say where one is", async () => {
  await page.goto(`${app.url}/operator/reports`);
  const sections = page.getByRole("navigation", { name: "Sections" });
  for (const name of ["Wallets", "Queues", "Quarantine", "Reports"]) {
    await sections.getByRole("link", { name }).click();
    await page.waitForURL(`${app.url}/operator/${name.toLowerCase()}`);
    await expect.poll(() => sections.locator("[aria-current=page]").innerText()).toBe(name);
  }
});

test("totals carry on from day to day, and the reconciliation names what differs", async () => {
  await page.goto(`${app.url}/operator/reports`);
  const totals = page.getByRole("region", { name: "Totals by day" }).getByRole("row");
  await expect.poll(() => totals.count()).toBeGreaterThan(10);
  expect((await totals.allInnerTexts()).slice(1).every((row) => row.includes("Yes"))).toBe(true);
  await page.getByRole("region", { name: "Differences" }).getByText("in quarantine").first().waitFor();
});
