/** The ways to pay that Stripe's sandbox offers on its page, by the form that is pressed. */
export type PaymentForm = "card" | "decline" | "async_succeed";

/** Opens the page and presses one of its buttons, as a browser without JavaScript does. Answers the status, and where the page leads. */
export async function payOnPage(pageUrl: string, form: PaymentForm, signal: AbortSignal): Promise<{ status: number; location: string }> {
  const page = await fetch(pageUrl, { signal });
  const html = await page.text();
  if (!html.includes(`name="action" value="${form}"`)) throw new Error(`the checkout page has no "${form}" to press: ${html}`);
  const body = new URLSearchParams({ action: form });
  const answer = await fetch(pageUrl, { method: "POST", body, redirect: "manual", signal });
  await answer.body?.cancel();
  return { status: answer.status, location: answer.headers.get("location") ?? "" };
}
