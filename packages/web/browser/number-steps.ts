import type { Locator, Page } from "playwright-core";
import type { TwilioSandbox } from "../../local/src/twilio/index.ts";
import type { App } from "./app.ts";

export function sandboxOf({ runtime }: App): TwilioSandbox {
  if (!runtime.twilio) throw new Error("the sandbox runs");
  return runtime.twilio;
}

/** Has calls to the account's first number under a prefix answered by this app: it was bought before the app had its port. */
export function answerHere(app: App, prefix: string): string {
  const { state } = sandboxOf(app);
  const number = [...state.store.numbers.values()].find(({ phone_number: each }) => each.startsWith(prefix))?.phone_number ?? "";
  const base = `${app.url}/api/voice-agent`;
  state.changeNumber(number, { VoiceUrl: `${base}/handle-call`, StatusCallback: `${base}/status` });
  return number;
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

/** Opens the page of a number, and answers the form for how it answers. */
export async function numberSettings(page: Page, { url }: App, name: string): Promise<Locator> {
  await page.goto(`${url}/numbers`);
  await numberRow(page, name).getByRole("link").click();
  const form = page.getByRole("region", { name: "How it answers" });
  await form.getByRole("button", { name: "Save changes" }).waitFor();
  return form;
}

/** From a dialog that says how much is missing, by way of Stripe's page, to the money. */
export async function addFunds(page: Page, amount: string): Promise<void> {
  await page.getByLabel("Amount", { exact: true }).fill(amount);
  await page.getByRole("button", { name: `Continue to pay $${amount}` }).click();
  await page.getByRole("button", { name: /^Pay \S+ by card/ }).click();
  await page.getByText(`$${amount} added`).waitFor();
}
