import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { type App, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { enter, expectQuiet, type Looks, signIn, type Visitor } from "./visitor.ts";

/** What the journeys of a file play on. It changes from journey to journey, so it is read where it is used. */
export let app: App;
/** Who the journeys of the file are of, after `openStageFor`, and the tab of the one that is under way. */
let visitor: Visitor;
export let page: Page;
let browser: Browser;

const visitors: Visitor[] = [];

/** Gives the file an app and a browser. Whoever came to a journey leaves at its end, with a quiet console. */
export function openStage(): void {
  beforeAll(async () => {
    browser = await launchChromium();
    app = await startApp();
  });
  afterEach(async () => {
    const leaving = visitors.splice(0);
    await Promise.all(leaving.map(({ context }) => context.close()));
    for (const each of leaving) expectQuiet(each);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.[Symbol.asyncDispose]();
  });
}

/** Gives the file an app, a browser, and somebody who signs in once: each journey begins in a new tab of theirs. */
export function openStageFor(name: string): void {
  openStage();
  beforeAll(async () => {
    visitor = await enter(browser);
    await visitor.page.goto(app.url);
    await signIn(visitor.page, name);
  });
  beforeEach(async () => {
    page = await visitor.openTab();
  });
  afterEach(async () => {
    await page.close();
    expectQuiet(visitor);
  });
}

/** Somebody with a browser of their own, for the length of a journey. */
export async function visit(looks?: Looks): Promise<Visitor> {
  const come = await enter(browser, looks);
  visitors.push(come);
  return come;
}

/** The same, signed in: their other tabs need not, as long as the first one stays open. */
export async function visitSignedIn(name: string, looks?: Looks): Promise<Visitor> {
  const come = await visit(looks);
  await come.page.goto(app.url);
  await signIn(come.page, name);
  return come;
}
