import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type StripeSandbox, startStripeSandbox } from "./index.ts";
import { sdkAt, sessionParameters } from "./testing/webhook.ts";

let sandbox: StripeSandbox;
beforeAll(async () => {
  sandbox = await startStripeSandbox({ port: 0, webhookUrl: "http://127.0.0.1:9/", webhookSecret: "whsec_test" });
});
beforeEach(() => void sandbox.switches.set({ drop: ["*"], settleAfterMs: 20 }));
afterAll(() => sandbox.stop());

const open = (change = {}) => sdkAt(sandbox.url, sandbox.secretKey).checkout.sessions.create(sessionParameters(change));
const press = (url: string, action: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", body: new URLSearchParams({ action }), redirect: "manual", headers });
const sessionNow = (id: string) => sandbox.state.store.sessions.get(id);

describe("the page", () => {
  test("shows what is paid, and that no real money moves", async () => {
    const session = await open({
      line_items: [{ price_data: { currency: "inr", unit_amount: 123_450, product_data: { name: "Top-up <b>" } } }],
    });
    const response = await fetch(session.url!);
    const html = await response.text();
    expect(response.status).toBe(200);
    expect(html).toContain('<html lang="en">');
    expect(html).toContain("Sandbox: no real money moves.");
    expect(html).toContain("₹1,234.50");
    expect(html).toContain("Top-up &#60;b&#62;");
    expect(html).toContain('name="viewport"');
    expect(html).not.toMatch(/<script|style=/);
  });

  test("its policy allows no unsafe source, and the way back to the merchant", async () => {
    const { url } = await open();
    const response = await fetch(url!);
    const policy = response.headers.get("content-security-policy")!;
    expect(policy).not.toContain("unsafe");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self' https://app.example;");
    const style = await fetch(new URL("/c/checkout.css", sandbox.url));
    expect(style.headers.get("content-type")).toContain("text/css");
    expect(await style.text()).toContain("prefers-color-scheme: dark");
  });

  test("an unknown session is a 404", async () => {
    expect((await fetch(`${sandbox.url}/c/pay/cs_test_none`)).status).toBe(404);
  });
});

describe("the buttons", () => {
  test("a card pays and leads to the success URL with the session's id", async () => {
    const { id, url } = await open();
    const response = await press(url!, "card");
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe(`https://app.example/done?session=${id}`);
    expect(sessionNow(id)).toMatchObject({ status: "complete", payment_status: "paid" });
    expect(await (await fetch(`${sandbox.url}/c/pay/${id}`)).text()).toContain("This payment is complete");
    expect((await press(url!, "card")).status).toBe(200);
    const charges = [...sandbox.state.store.charges.values()].filter((charge) => charge.payment_intent === sessionNow(id)!.payment_intent);
    expect(charges).toHaveLength(1);
  });

  test("a declined card stays on the page and says so", async () => {
    const { id, url } = await open();
    const response = await press(url!, "decline");
    expect(response.status).toBe(402);
    const html = await response.text();
    expect(html).toContain("Your card was declined.");
    expect(html).toContain('role="alert"');
    expect(html).toContain("by card</button>");
    expect(sessionNow(id)).toMatchObject({ status: "open" });
    expect((await press(url!, "card")).status).toBe(303);
  });

  test.each([
    ["async_succeed", "paid", "checkout.session.async_payment_succeeded"],
    ["async_fail", "unpaid", "checkout.session.async_payment_failed"],
  ])("%s goes back at once and settles later", async (action, paymentStatus, type) => {
    const { id, url } = await open();
    const response = await press(url!, action);
    expect(response.status).toBe(303);
    const settled = () =>
      [...sandbox.state.store.events.values()].some(
        (event) => event.type === type && "id" in event.data.object && event.data.object.id === id,
      );
    await expect.poll(settled).toBe(true);
    expect(sessionNow(id)).toMatchObject({ status: "complete", payment_status: paymentStatus });
  });

  test("an expired session can't be paid, and says so", async () => {
    const { id, url } = await open();
    expect(await (await press(url!, "expire")).text()).toContain("This page has expired");
    expect(await (await press(url!, "card")).text()).toContain("Nothing was paid");
    expect(sessionNow(id)).toMatchObject({ status: "expired", payment_status: "unpaid" });
  });

  test("another site's page cannot press them, and there are no others", async () => {
    const { id, url } = await open();
    expect((await press(url!, "card", { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await press(url!, "steal")).status).toBe(400);
    expect((await fetch(url!, { method: "DELETE" })).status).toBe(405);
    expect(sessionNow(id)).toMatchObject({ status: "open" });
  });
});
