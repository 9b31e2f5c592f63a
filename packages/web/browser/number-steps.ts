import type { Page } from "playwright-core";
import type { TwilioSandbox } from "../../local/src/twilio/index.ts";
import type { App } from "./app.ts";

export function sandboxOf({ runtime }: App): TwilioSandbox {
  if (!runtime.twilio) throw new Error("the sandbox runs");
  return runtime.twilio;
}

export const dialogOf = (page: Page) => page.getByRole("dialog");
export const numberRow = (page: Page, number: string) => page.getByRole("listitem").filter({ hasText: number });

/** A number as E.164, from how a page writes it. */
export const digitsOf = (written: string) => written.replace(/[^+\d]/g, "");

/** Opens the dialog and chooses the first number that is offered under an area code. Answers it as it is written. */
export async function chooseNumber(page: Page, areaCode: string): Promise<string> {
  await page.getByRole("button", { name: "Add number" }).first().click();
  const dialog = dialogOf(page);
  await dialog.getByLabel("Area code").fill(areaCode);
  const offer = dialog.getByRole("listitem").filter({ hasText: `+1 ${areaCode}` });
  await offer.first().waitFor();
  const name = (await offer.first().getByRole("button").getAttribute("aria-label")) ?? "";
  await dialog.getByRole("button", { name, exact: true }).click();
  return name.replace("Choose ", "");
}
