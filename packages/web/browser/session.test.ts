import type { Page } from "playwright-core";
import { beforeEach, expect, test } from "vitest";
import { answerProblem, FAILURE } from "./problem.ts";
import { app, openStage, visit } from "./stage.ts";
import { availableOf, signIn, type Visitor } from "./visitor.ts";

openStage();

let visitor: Visitor;
let page: Page;
beforeEach(async () => {
  visitor = await visit();
  page = visitor.page;
});

/** Changes the session that the tab has stored, as time would. */
const ageSession = (tab: Page, change: Record<string, unknown>) =>
  tab.evaluate((changed) => {
    const key = Object.keys(sessionStorage).find((name) => name.startsWith("aira.oidc.user:")) ?? "";
    sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(sessionStorage.getItem(key) ?? "{}"), ...changed }));
  }, change);

const PAST = 1_600_000_000;
const rows = (tab = page) => tab.locator("tbody tr");

/** Counts what is asked of the identity provider's token endpoint. */
function countRenewals(): () => number {
  let renewals = 0;
  visitor.context.on("request", (request) => {
    if (request.method() === "POST" && request.url().endsWith("/oauth2/token") && request.postData()?.includes("refresh_token")) renewals++;
  });
  return () => renewals;
}

test("signing in leads to the address that was asked for", async () => {
  await page.goto(`${app.url}/funds?currency=INR&kind=credit`);
  await signIn(page, "demo");
  await expect.poll(() => rows().count()).toBe(2);
  await expect.poll(() => page.url()).toBe(`${app.url}/funds?currency=INR&kind=credit`);
});

test("an expired token is renewed without a word", async () => {
  await page.goto(app.url);
  await signIn(page, "demo");
  const renewals = countRenewals();
  await ageSession(page, { expires_at: PAST });
  await page.reload();
  await rows().first().waitFor();
  expect(renewals()).toBe(1);
});

test("a token that the API refuses before its time is renewed once, too", async () => {
  await page.goto(app.url);
  await signIn(page, "demo");
  const renewals = countRenewals();
  await ageSession(page, { access_token: "not.a.token" });
  await page.reload();
  await rows().first().waitFor();
  expect(renewals()).toBe(1);
});

test("an expired session says so, and signing in again leads back to where one was, with what was typed", async () => {
  await page.goto(`${app.url}/funds?currency=USD`);
  await signIn(page, "demo");
  await page.getByRole("button", { name: "Add funds" }).first().click();
  await page.getByLabel("Amount", { exact: true }).fill("37");
  await page.keyboard.press("Escape");
  await ageSession(page, { expires_at: PAST, refresh_token: "gone" });
  await page.reload();
  await page.getByRole("heading", { name: "Your session has ended" }).waitFor();
  await signIn(page, "demo");
  await expect.poll(() => page.url()).toBe(`${app.url}/funds?currency=USD`);
  await page.getByRole("button", { name: "Add funds" }).first().click();
  await expect.poll(() => page.getByLabel("Amount", { exact: true }).inputValue()).toBe("37");
});

test("two tabs share one session: the second signs in by itself, they renew once, and sign out together", async () => {
  await page.goto(app.url);
  await signIn(page, "demo");
  const second = await visitor.openTab();
  await second.goto(`${app.url}/funds?currency=INR`);
  await rows(second).first().waitFor();

  const renewals = countRenewals();
  for (const tab of [page, second]) await ageSession(tab, { expires_at: PAST });
  await Promise.all([page.reload(), second.reload()]);
  await Promise.all([rows().first().waitFor(), rows(second).first().waitFor()]);
  expect(renewals()).toBe(1);

  await page.bringToFront();
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  await second.getByRole("button", { name: "Sign in" }).waitFor();
});

test("a tab that hears of the session late, since the machine is busy, signs in all the same", async () => {
  await page.goto(app.url);
  await signIn(page, "demo");
  const second = await visitor.openTab();
  await second.addInitScript(() => {
    globalThis.BroadcastChannel = class extends BroadcastChannel {
      override set onmessage(listen: (event: MessageEvent) => void) {
        super.onmessage = (event) => setTimeout(listen, 1_000, event);
      }
    };
  });
  await second.goto(`${app.url}/funds?currency=INR`);
  await second.getByRole("button", { name: "Sign in" }).waitFor();
  await rows(second).first().waitFor();
});

test("nothing that can spend money is in local storage, or in the address", async () => {
  await page.goto(app.url);
  await signIn(page, "demo");
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  expect(stored).not.toMatch(/eyJ|token|verifier/i);
  expect(page.url()).not.toMatch(/code=|state=/);
});

test("a sign-in that somebody else began is refused", async () => {
  await page.goto(`${app.url}/?code=stolen&state=unknown`);
  await page.getByText("The sign-in was not completed").waitFor();
  await expect.poll(() => page.url()).toBe(`${app.url}/`);
});

test("offline it says so; what was pressed meanwhile is tried again as the same payment", async () => {
  await page.goto(app.url);
  await signIn(page, "demo");
  await availableOf(page);
  await page.getByRole("button", { name: "Add funds" }).first().click();
  await page.getByLabel("Amount", { exact: true }).fill("12");
  const keys = new Set<string | undefined>();
  page.on("request", (request) => {
    if (request.method() === "POST" && request.url().includes("create-checkout-session")) keys.add(request.headers()["idempotency-key"]);
  });
  await visitor.context.setOffline(true);
  await page.getByRole("button", { name: "Continue to pay $12.00" }).click();
  await page.getByText("Aira cannot be reached").waitFor();
  await page.getByText("You are offline.").waitFor();
  await visitor.context.setOffline(false);
  await page.getByText("You are offline.").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Sandbox: no real money moves.").waitFor();
  expect(keys.size).toBe(1);
});

test("what the API answers with a problem is shown in its sentence, with the request's id, and can be tried again", async () => {
  await page.goto(app.url);
  await signIn(page, "demo");
  let broken = true;
  await page.route("**/api/wallet/transactions?*", (route) =>
    broken ? answerProblem(route, { ...FAILURE, requestId: "req-42" }) : route.continue(),
  );
  await page.reload();
  const statement = page.getByRole("region", { name: "Transactions" });
  await statement.getByText("Something failed on our side").waitFor();
  await statement.getByText("It was not your doing.").waitFor();
  await statement.getByText("req-42").waitFor();
  broken = false;
  await statement.getByRole("button", { name: "Try again" }).click();
  await rows().first().waitFor();
});

test("the language of the choice stays, amounts and months follow it", async () => {
  await page.goto(app.url);
  await signIn(page, "demo");
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitemradio", { name: "हिन्दी" }).click();
  await page.getByRole("heading", { name: "धनराशि", level: 1 }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "धनराशि", level: 1 }).waitFor();
  await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe("hi");
  await expect.poll(() => rows().first().innerText()).toMatch(/नव|अक्टू|सित|दिस|जन|फ़र|मार्च|अप्रैल|मई|जून|जुल|अग/);
});
