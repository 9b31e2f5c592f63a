import { test } from "vitest";
import { expectClean } from "./axe.ts";
import { openStage, visitSignedIn } from "./stage.ts";

openStage();

test("the bell counts what is new until it was looked at, and each notice leads to what it is about", async () => {
  const { page } = await visitSignedIn("demo", { scheme: "dark", width: 360 });
  await page.getByRole("button", { name: /^Notices \d+ new$/ }).click();
  const drawer = page.getByRole("dialog");
  const first = drawer.getByRole("listitem").first();
  await first.getByText("New", { exact: true }).waitFor();
  await expectClean(page, "notices");
  await drawer.getByRole("link", { name: "A month will be charged soon" }).first().click();
  await page.getByRole("region", { name: "How it answers" }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Notices", exact: true }).waitFor();
});
