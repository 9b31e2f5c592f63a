import type { Page } from "playwright-core";
import { describe, test } from "vitest";
import { expectClean } from "./axe.ts";
import { LOOKS } from "./looks.ts";
import { PAGES } from "./pages.ts";
import { app, openStage, visit, visitSignedIn } from "./stage.ts";
import { scrollToStatement } from "./visitor.ts";

openStage();

describe.each(LOOKS)("$scheme at $width px", ({ scheme, width }) => {
  for (const who of [undefined, "demo", "newcomer", "operator"] as const) {
    test(`the pages of ${who ?? "anybody"} have no violation, and nothing sticks out`, async () => {
      const { page } = await (who ? visitSignedIn(who, { scheme, width }) : visit({ scheme, width }));
      for (const { path, ready, name, ...more } of PAGES.filter((each) => each.who === who)) {
        await page.goto(`${app.url}${path}`);
        if ("below" in more) await scrollToStatement(page);
        await page.getByText(ready).first().waitFor({ state: "attached" });
        await expectClean(page, name);
        if ("opens" in more) for (const [opener, shows] of more.opens) await expectCleanOpen(page, opener, shows);
      }
    });
  }
});

/** A dialog, a drawer or a menu: opened, looked at and closed again. */
async function expectCleanOpen(page: Page, opener: string | RegExp, shows: string): Promise<void> {
  await page.getByRole("button", { name: opener }).first().click();
  await page.getByText(shows).first().waitFor();
  await expectClean(page, String(opener));
  await page.keyboard.press("Escape");
  await page.getByText(shows).first().waitFor({ state: "hidden" });
}
