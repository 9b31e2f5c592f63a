import { describe, expect, test } from "vitest";
import { app, openStageFor, page } from "./stage.ts";

openStageFor("demo");

interface Shift extends PerformanceEntry {
  readonly value: number;
  readonly sources: readonly { readonly node: Element | null }[];
}

const WIDTHS = [1440, 412] as const;
const PAGES = [
  ["/funds", (on = page) => on.locator("dl dd").first()],
  ["/numbers", (on = page) => on.getByText("Harbour Bikes")],
] as const;

describe.each(WIDTHS)("at %d px", (width) => {
  test.each(PAGES)("nothing of %s moves while its parts come, each after what came before was drawn", async (path, ready) => {
    await page.setViewportSize({ width, height: 823 });
    await page.route(/\/(api|assets)\/(?!.*\.css)/, async (route) => {
      const answer = await route.fetch();
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))).catch(() => {});
      await route.fulfill({ response: answer });
    });
    await page.goto(`${app.url}${path}`);
    await ready().waitFor();
    await page.waitForLoadState("networkidle");
    const shifts = await page.evaluate(
      () =>
        new Promise<string[]>((tell) => {
          new PerformanceObserver((list) =>
            tell(
              (list.getEntries() as Shift[]).map(
                ({ value, sources }) => `${value}: ${sources.map(({ node }) => node?.outerHTML?.slice(0, 80)).join()}`,
              ),
            ),
          ).observe({ type: "layout-shift", buffered: true });
          requestAnimationFrame(() => requestAnimationFrame(() => tell([])));
        }),
    );
    expect(shifts).toEqual([]);
  });
});
