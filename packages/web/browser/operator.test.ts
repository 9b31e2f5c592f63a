import type { Client } from "@aira/contract/client";
import { queryEntries } from "@aira/core/ledger";
import { createDocumentClient, createTable, keys } from "@aira/core/table";
import type { Route } from "playwright-core";
import { expect, test } from "vitest";
import { expectClean } from "./axe.ts";
import { LOOKS } from "./looks.ts";
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

const card = (name: string, of = page) => of.getByRole("region", { name, exact: true });
const runNow = (name: string) => card(name).getByRole("button", { name: `Run now: ${name}` });

test("an operator has the ledger verified and Stripe compared, follows both to their end, and sees what came of them", async () => {
  await page.goto(`${app.url}/operator/reports`);
  await card("Ledger verification").getByText("Never run so far").waitFor();
  await card("Differences").getByText("in quarantine").waitFor();
  await expectClean(page, "before the first run");
  await runNow("Ledger verification").click();
  await runNow("Stripe reconciliation").click();
  await card("Ledger verification").getByText("The ledger is sound").waitFor();
  await card("Ledger verification").getByText("by you").waitFor();
  const facts = await card("Ledger verification").locator("dl > div").allInnerTexts();
  expect(facts.map((fact) => fact.split("\n")[0])).toEqual(["Wallets", "Entries read", "Violations"]);
  expect(facts.at(-1)).toMatch(/0$/);
  await card("Stripe reconciliation").getByText("Stripe and the ledger agree").waitFor();
  // Its cause was refunded before: with the run the reports below are read again.
  await expect.poll(() => card("Differences").count()).toBe(0);
  await page.getByRole("alert").filter({ hasText: "The ledger is sound" }).waitFor();
  await expectClean(page, "with what came of them");
  for (const looks of LOOKS) {
    const { page: other } = await visitSignedIn("operator", looks);
    await other.goto(`${app.url}/operator/reports`);
    await card("Stripe reconciliation", other).getByText("by you").waitFor();
    await expectClean(other, `at ${looks.width} px, ${looks.scheme}`);
  }
});

test("an answer that was lost is one run: trying again sends the same key", async () => {
  await page.goto(`${app.url}/operator/reports`);
  const sent: (string | undefined)[] = [];
  await page.route("**/api/operator/runs", async (route) => {
    sent.push(route.request().headers()["idempotency-key"]);
    if (sent.length > 1) return route.continue();
    const problem = {
      type: "/problems/service.busy",
      title: "The service is busy",
      status: 503,
      code: "service.busy",
      requestId: "request-77",
    };
    const body = JSON.stringify({ ...problem, detail: "The run is not queued yet." });
    return route.fulfill({ status: 503, contentType: "application/problem+json", body });
  });
  await runNow("Twilio reconciliation").click();
  await card("Twilio reconciliation").getByText("The run is not queued yet.").waitFor();
  await card("Twilio reconciliation").getByText("request-77").waitFor();
  await card("Twilio reconciliation").getByRole("button", { name: "Try again" }).click();
  await card("Twilio reconciliation").getByText("Finished").waitFor();
  expect(sent).toHaveLength(2);
  expect(sent[0]).toBe(sent[1]);
  await card("Differences with Twilio").getByText("its calls go elsewhere").first().waitFor();
});

const failing = { requestedBy: "operator:op-2", finishedAt: null, error: "payment_provider.unavailable" };
const difference = {
  type: "payment_difference",
  day: "2026-03-01",
  topUpId: "top_1",
  reason: "credited_more",
  currency: "USD",
  atStripeMinor: 500,
  inLedgerMinor: 900,
};

test.each([
  ["waits for another try", { ...failing, state: "queued" }, "A try failed", "It is tried again by itself", "Try now"],
  ["has failed", { ...failing, state: "failed" }, "It failed", "a redrive of the queue reports", "Run now"],
  [
    "is a schedule's and has failed",
    { ...failing, state: "failed", requestedBy: "schedule" },
    "It failed",
    "The schedule runs again",
    "Run now",
  ],
  ["has stalled", { ...failing, state: "stalled", error: null }, "No sign of life for twenty minutes", "Run it again", "Run now"],
  ["is a part", { state: "finished", requestedBy: "schedule", complete: false }, "Nothing wrong so far", "goes on from there", "Run now"],
  [
    "found more than it lists",
    { findings: [difference], findingCount: 70 },
    "Stripe and the ledger differ",
    "has its reason below",
    "Run now",
  ],
] as const)("a run that %s says so, and what to do next", async (_, changes, title, text, action) => {
  // Another operator's, as the API would tell of it.
  await page.route("**/api/operator/runs?*payment_reconciliation*", async (route: Route) => {
    const response = await route.fetch();
    const { runs } = (await response.json()) as Awaited<ReturnType<Client["listRuns"]>>;
    return route.fulfill({ response, json: { runs: runs.slice(0, 1).map((run) => ({ ...run, ...changes })) } });
  });
  await page.goto(`${app.url}/operator/reports`);
  const stripe = card("Stripe reconciliation");
  await stripe.getByText(title).waitFor();
  await stripe.getByText(text).waitFor();
  await stripe.getByRole("button", { name: `${action}: Stripe reconciliation` }).waitFor();
  const author =
    "requestedBy" in changes ? changes.requestedBy.replace("operator:", "by ").replace(/^schedule$/, "by the schedule") : "by you";
  await stripe.getByText(author).waitFor();
  if ("findings" in changes) {
    const [row] = await card("Differences with Stripe").getByRole("row", { name: "top_1" }).allInnerTexts();
    expect(row?.split(/\s*\t\s*/)).toEqual(["Mar 1, 2026", "credited more", "top_1", "$5.00", "$9.00"]);
    await card("Differences with Stripe").getByText("The first 1 of 70.").waitFor();
  }
});

test("an entry that was altered is found where whole histories are read, is named, and an earlier run can be looked at again", async () => {
  const client = createDocumentClient();
  const table = createTable(client, app.runtime.tableName);
  const [entry] = (await queryEntries(table, "demo", { limit: 1 })).entries;
  const at = keys.entry("demo", entry?.at ?? "", entry?.seq ?? 0);
  await table.write({ update: at, set: { amountMinor: 501 } });
  await page.goto(`${app.url}/operator/reports`);
  const ledger = card("Ledger verification");
  await runNow("Ledger verification").click();
  await page.getByRole("alert").filter({ hasText: "The ledger is sound" }).waitFor();
  await ledger.getByRole("radio", { name: "Whole histories" }).check();
  await runNow("Ledger verification").click();
  await ledger.getByText("The ledger breaks rules of its own").waitFor();
  const row = card("Violations in the ledger").getByRole("row").nth(1);
  expect(await row.innerText()).toMatch(/demo\s+1\s+the hash matches the entry's fields/);

  await ledger.getByText("Earlier runs").click();
  await ledger
    .getByRole("button", { name: /Nothing found/ })
    .first()
    .click();
  await ledger.getByText("The ledger is sound").waitFor();
  expect(await card("Violations in the ledger").count()).toBe(0);
  await table.write({ update: at, set: { amountMinor: entry?.amountMinor } });
  client.destroy();
});
