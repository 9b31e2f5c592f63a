import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";

export interface Looks {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
  readonly locale?: string;
}

/** Somebody with a browser of their own. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the console complained about, in every tab. */
  readonly complaints: string[];
  openTab(): Promise<Page>;
}

/** For what a person would see at once: only a journey that fails waits so long, also on a machine that is busy with much else. */
const PATIENCE_MS = 30_000;

/** A failed request is in the console too, and some journeys are about those. */
const NETWORK = /Failed to load resource/;

/** Opens a browser with nothing in it. */
export async function enter(
  browser: Browser,
  { width = 1280, height = 900, scheme = "light", locale = "en-US" }: Looks = {},
): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    locale,
    timezoneId: "Asia/Kolkata",
    acceptDownloads: true,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  const openTab = async () => {
    const page = await context.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()) && !NETWORK.test(message.text())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    return page;
  };
  return { context, page: await openTab(), complaints, openTab };
}

/** From wherever the page asks for it, through the identity provider, and back to the address that was asked for. */
export async function signIn(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /^Sign in/ }).click();
  await page.locator("#user").fill(name);
  await page
    .locator("form", { has: page.locator("#user") })
    .getByRole("button")
    .click();
  await page.getByRole("heading", { level: 1, name: /^(Funds|Operator)$/ }).waitFor();
}

/** The statement is asked for only when it comes close to view. */
export async function scrollToStatement(page: Page): Promise<void> {
  await page.getByRole("heading", { name: "Transactions" }).scrollIntoViewIfNeeded();
  await page.locator("tbody tr").first().waitFor();
}

const amountOf = (text: string): number => Number(text.replace(/[^\d.−-]/g, "").replace("−", "-"));

/** The available balance that the page shows, in units. */
export async function availableOf(page: Page, currency = "US dollar"): Promise<number> {
  const card = page.getByRole("region", { name: "Balances" }).locator("> *", { hasText: currency });
  const figure = card.locator("dd").first();
  await figure.waitFor();
  return amountOf(await figure.innerText());
}

export const expectQuiet = ({ complaints }: Visitor): void => expect(complaints).toEqual([]);
