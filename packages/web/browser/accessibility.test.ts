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
      }
    });
  }

  test("dialogs, drawers and menus have no violation", async () => {
    const { page } = await visitSignedIn("demo", { scheme, width });
    await scrollToStatement(page);
    const open = async (name: string | RegExp, ready: string) => {
      await page.getByRole("button", { name }).first().click();
      await page.getByText(ready).first().waitFor();
      await expectClean(page, String(name));
      await page.keyboard.press("Escape");
      await page.getByText(ready).first().waitFor({ state: "hidden" });
    };
    await open("Add funds", "You pay on Stripe's page");
    await open(/^Charged from held$/, "Balance after");
    await open("What is held money?", "It is yours until then");
    await open(/^Account/, "Appearance");
    await open(/^Change the low-balance alert for US/, "Alert me below");
  });
});
