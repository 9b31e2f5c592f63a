import { beforeEach, describe, expect, test } from "vitest";
import { expectClean } from "./axe.ts";
import { LOOKS } from "./looks.ts";
import { answerProblem } from "./problem.ts";
import { app, openStageFor, page, visitSignedIn } from "./stage.ts";

openStageFor("demo");
beforeEach(async () => {
  await page.goto(`${app.url}/assistant`);
});

const chat = (on = page) => on.getByRole("region", { name: "Chat with the assistant" });
const said = (on = page) => chat(on).locator("ol > li");
const field = (on = page) => on.getByLabel("Message to the assistant");
const ask = async (text: string) => {
  await field().fill(text);
  await page.keyboard.press("Enter");
};

test("a question is answered, the chat keeps its place in the address, and goes on after a reload", async () => {
  await page.getByRole("button", { name: "What is my balance?" }).click();
  await said().filter({ hasText: "Your available balance is" }).waitFor();
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/assistant\/con_/);
  await page.reload();
  await expect.poll(() => said().count()).toBe(2);
  await field().fill("first line");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("list my numbers");
  expect(await field().inputValue()).toBe("first line\nlist my numbers");
  await page.keyboard.press("Enter");
  await expect.poll(() => said().count()).toBe(4);
  expect(await field().inputValue()).toBe("");
  await page.getByRole("button", { name: "New chat" }).click();
  await page.getByText("What would you like to know?").waitFor();
  expect(await said().count()).toBe(0);
});

test("a proposed number is bought where every number is: price first, then the purchase", async () => {
  await ask("Find me a number in the United States");
  const proposal = chat().getByRole("listitem", { name: "Proposal" }).first();
  await proposal.getByText("$3.00 now, then $2.00 a month").waitFor();
  await proposal.getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Charged now").waitFor();
  await dialog.getByRole("button", { name: "Buy for $3.00" }).click();
  await dialog.getByText(/is yours$/).waitFor();
});

test("a proposed top-up opens Add funds with its amount; nothing is paid before", async () => {
  await ask("Top up 25 dollars");
  await chat().getByRole("button", { name: "Continue with $25.00" }).click();
  await expect.poll(() => page.getByLabel("Amount", { exact: true }).inputValue()).toBe("25.00");
  await page.getByRole("button", { name: "Continue to pay $25.00" }).click();
  await page.getByText("Sandbox: no real money moves.").waitFor();
});

test("a turn that came to nothing says why, and is sent again as it was", async () => {
  let broken = true;
  await page.route("**/api/chatbot", (route) => (broken ? route.abort("connectionreset") : route.continue()));
  await ask("What is my balance?");
  await chat().getByText("Not answered: Aira cannot be reached").waitFor();
  broken = false;
  await chat().getByRole("button", { name: "Send again" }).click();
  await said().filter({ hasText: "Your available balance is" }).waitFor();
  expect(await said().count()).toBe(2);
});

const BUSY = {
  status: 409,
  code: "conversation.busy",
  title: "Another turn of this conversation is still running",
  detail: "The assistant is still answering in this conversation.",
  requestId: "req-2",
} as const;

test("while another turn of the chat is answered, this one waits for it", async () => {
  let busy = 2;
  await page.route("**/api/chatbot", (route) => (busy-- > 0 ? answerProblem(route, BUSY, { "retry-after": "0" }) : route.continue()));
  await ask("What is my balance?");
  await said().filter({ hasText: "Your available balance is" }).waitFor();
  expect(await chat().getByText("Not answered").count()).toBe(0);
});

test("earlier chats are found again", async () => {
  const history = page.getByRole("region", { name: "Earlier chats" });
  await history.getByRole("link").last().click();
  await expect.poll(() => said().count()).toBe(4);
  await page.goto(`${app.url}/assistant/con_${"0".repeat(26)}`);
  await page.getByText("There is no such chat").waitFor();
});

describe.each(LOOKS)("$scheme at $width px", ({ scheme, width }) => {
  test("a chat with proposals has no violation, and nothing sticks out", async () => {
    const { page: there } = await visitSignedIn("demo", { scheme, width });
    await there.goto(`${app.url}/assistant`);
    await there.getByRole("button", { name: "Find me a number in the United States" }).click();
    await chat(there).getByRole("listitem", { name: "Proposal" }).first().waitFor();
    await expectClean(there, "chat");
    if (width < 992) {
      await there.getByRole("button", { name: "Earlier chats" }).click();
      await there.getByRole("dialog").getByRole("link").first().waitFor();
      await expectClean(there, "earlier chats");
    }
  });
});
