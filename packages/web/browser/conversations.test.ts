import type { Locator, Route } from "playwright-core";
import { describe, expect, test } from "vitest";
import { expectClean } from "./axe.ts";
import { LOOKS } from "./looks.ts";
import { answerHere, numberSettings, sandboxOf } from "./number-steps.ts";
import { answerProblem, FAILURE } from "./problem.ts";
import { app, openStageFor, page, visitSignedIn } from "./stage.ts";

openStageFor("demo");

const rows = (on = page) => on.getByRole("region", { name: "Calls, texts and chats" }).getByRole("listitem");
const open = async () => {
  await page.goto(`${app.url}/conversations`);
  await rows().first().waitFor();
};
/** What happens by telephone comes to the list through a queue. */
const untilRecorded = (row: Locator) =>
  expect
    .poll(async () => {
      await open();
      return row.count();
    })
    .toBe(1);

const UNPLAYABLE = "The recording cannot be played here.";
/** The sound goes on, of all of it that has come. */
const expectPlaying = async () => {
  const player = page.locator("audio");
  await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.readyState)).toBeGreaterThanOrEqual(2);
  await expect.poll(() => player.evaluate((audio: HTMLAudioElement) => audio.currentTime)).toBeGreaterThan(0);
  expect(await player.evaluate((audio: HTMLAudioElement) => audio.error)).toBeNull();
};

test("one line of time holds calls, texts and chats, and filters narrow it, in the address too", async () => {
  await open();
  const all = await rows().count();
  expect(all).toBeGreaterThan(12);
  await page.getByRole("radio", { name: "Texts" }).click();
  await expect.poll(() => rows().count()).toBe(2);
  expect(new URL(page.url()).search).toBe("?kind=sms");
  await page.reload();
  await expect.poll(() => rows().count()).toBe(2);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect.poll(() => rows().count()).toBe(all);
  await page.getByRole("combobox", { name: "Number" }).click();
  await page.getByRole("option", { name: /^\+44/ }).click();
  await expect.poll(() => rows().count()).toBeLessThan(all);
  await expect.poll(async () => (await rows().allInnerTexts()).every((text) => text.includes("+44"))).toBe(true);
});

test("what is looked for is found by words and by digits, however they are grouped", async () => {
  await open();
  const search = page.getByRole("searchbox");
  await search.fill("lindqvist");
  await expect.poll(async () => (await rows().allInnerTexts()).every((text) => text.includes("Lindqvist"))).toBe(true);
  await search.fill("408-555");
  await expect.poll(() => rows().count()).toBe(1);
  await search.fill("nobody ever said this");
  await page.getByText("Nothing fits").waitFor();
  await page.getByRole("button", { name: "Clear filters" }).last().click();
  await expect.poll(() => rows().count()).toBeGreaterThan(12);
});

test("a call shows what was said by whom, how long it was and what it cost, and leads to its number and its entries", async () => {
  await page.goto(`${app.url}/conversations?kind=call`);
  await rows().filter({ hasText: "1 min 36 sec" }).first().getByRole("link").click();
  await page.getByRole("heading", { level: 1, name: /^Call from \+/ }).waitFor();
  const said = page.getByRole("region", { name: "What was said" }).getByRole("listitem");
  await expect.poll(() => said.count()).toBe(7);
  expect(await said.nth(0).innerText()).toMatch(/^Aira[\s\S]*Hello, this is Harbour Bikes/);
  expect(await said.nth(1).innerText()).toMatch(/^Caller[\s\S]*two city bikes/);
  expect(await said.nth(2).innerText()).toMatch(/^Assistant[\s\S]*forty dollars/);
  const about = page.getByRole("region", { name: "About this conversation" });
  expect(await about.innerText()).toMatch(/Ended[\s\S]*Length\s+1 min 36 sec[\s\S]*Cost\s+\$0\.10/);
  await about.getByRole("link", { name: "Entries of that day in the statement" }).click();
  await page
    .locator("tbody tr", { hasText: "−$0.10" })
    .or(page.locator("tbody tr", { hasText: "Charged from held" }))
    .first()
    .waitFor();
  await page.goBack();
  await about.getByRole("link", { name: /^\+/ }).click();
  await page.getByRole("region", { name: "How it answers" }).waitFor();
});

test("a voicemail can be read, and is fetched only when somebody wants to hear it", async () => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${app.url}/conversations?q=Lindqvist`);
  await rows().first().getByRole("link").click();
  await page.getByRole("blockquote").filter({ hasText: "I would like to hire four bikes" }).waitFor();
  await page.getByRole("button", { name: "Listen" }).waitFor();
  await page.getByText("Recording, 26 sec").waitFor();
  expect(asked.filter((url) => url.includes("Recordings"))).toEqual([]);
});

test("a voicemail is heard where it is read", async () => {
  await page.goto(`${app.url}/conversations?q=Lindqvist`);
  await rows().first().getByRole("link").click();
  await page.getByRole("button", { name: "Listen" }).click();
  await expectPlaying();
  expect(await page.getByText(UNPLAYABLE).count()).toBe(0);
});

test.each([
  ["is gone", (route: Route) => route.fulfill({ status: 404 })],
  ["is no sound", (route: Route) => route.fulfill({ contentType: "audio/wav", body: "This is no sound." })],
  ["does not come", (route: Route) => route.abort("connectionreset")],
] as const)("a recording that %s says so, and can be opened by itself", async (_, fail) => {
  await page.route("**/Recordings/**", fail);
  await page.goto(`${app.url}/conversations?q=Lindqvist`);
  await rows().first().getByRole("link").click();
  expect(await page.getByText(UNPLAYABLE).count()).toBe(0);
  await page.getByRole("button", { name: "Listen" }).click();
  await page.getByRole("alert").getByText(UNPLAYABLE).waitFor();
  expect(await page.getByRole("alert").getByRole("link").getAttribute("href")).toContain("/Recordings/");
});

test("a thread of texts leads from each text to its entry in the statement", async () => {
  await page.goto(`${app.url}/conversations?kind=sms`);
  await rows().last().getByRole("link").click();
  const texts = page.getByRole("region", { name: "What was said" }).getByRole("listitem");
  await expect.poll(() => texts.count()).toBe(4);
  await texts.first().getByRole("link", { name: "Entry in the statement" }).click();
  await expect.poll(() => page.locator("tbody tr").count()).toBe(1);
  expect(await page.locator("tbody tr").innerText()).toContain("Text to +1");
});

test("deleting says what goes and what remains, and the conversation is gone", async () => {
  await page.goto(`${app.url}/conversations?kind=sms`);
  await rows().first().waitFor();
  const before = await rows().count();
  await rows().first().getByRole("link").click();
  await page.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Entries of the statement stay").waitFor();
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await dialog.waitFor({ state: "hidden" });
  const address = page.url();
  await page.getByRole("button", { name: "Delete" }).click();
  await dialog.getByRole("button", { name: "Delete for ever" }).click();
  await page.getByText("The conversation was deleted.").waitFor();
  await page.goto(`${app.url}/conversations?kind=sms`);
  await expect.poll(() => rows().count()).toBe(before - 1);
  await page.goto(address);
  await page.getByRole("heading", { level: 1, name: "No such conversation" }).waitFor();
});

test("a voicemail that was just left is played where it is read", async () => {
  const form = await numberSettings(page, app, "London workshop");
  await form.getByRole("radio", { name: /^Voicemail/ }).check();
  await form.getByRole("button", { name: "Save changes" }).click();
  await page.getByText("Saved. The next call is answered this way.").waitFor();
  const call = sandboxOf(app).call({ from: "+13125550178", to: answerHere(app, "+44") });
  await call.ready();
  await call.say("Please keep the tandem for me.");
  await call.hangUp();
  const row = rows().filter({ hasText: "Please keep the tandem for me." });
  await untilRecorded(row);
  await row.getByRole("link").click();
  await page.getByRole("button", { name: "Listen" }).click();
  await expectPlaying();
});

test("a call that is going on is followed, word by word, to its end", async () => {
  const call = sandboxOf(app).call({ from: "+13125550177", to: answerHere(app, "+1") });
  await call.ready();
  const row = rows().filter({ hasText: "+1 312 555 0177" });
  await untilRecorded(row);
  await row.getByText("Going on").waitFor();
  await row.getByRole("link").click();
  const said = page.getByRole("region", { name: "What was said" });
  await said
    .getByText(/Harbour Bikes/)
    .first()
    .waitFor();
  await call.say("What are your opening hours?");
  await said.getByText("What are your opening hours?").waitFor();
  await call.hangUp();
  await page.getByRole("region", { name: "About this conversation" }).getByText("Ended").waitFor();
});

test("when the list cannot be read, it says why, by which request, and tries again", async () => {
  let broken = true;
  await page.route("**/api/conversations?*", (route) =>
    broken ? answerProblem(route, { ...FAILURE, requestId: "req-1" }) : route.continue(),
  );
  await page.goto(`${app.url}/conversations`);
  await page.getByText("Something failed on our side").waitFor();
  await page.getByText("req-1").waitFor();
  broken = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await rows().first().waitFor();
});

describe.each(LOOKS)("$scheme at $width px", ({ scheme, width }) => {
  test("conversations of each kind have no violation, and nothing sticks out", async () => {
    const { page: there } = await visitSignedIn("demo", { scheme, width });
    for (const query of ["q=Lindqvist", "kind=sms", "kind=chat"]) {
      await there.goto(`${app.url}/conversations?${query}`);
      await rows(there).first().getByRole("link").click();
      await there.getByRole("region", { name: "What was said" }).getByRole("listitem").first().waitFor();
      await expectClean(there, query);
    }
    await there.getByRole("button", { name: "Delete" }).click();
    await there.getByText("Entries of the statement stay").waitFor();
    await expectClean(there, "deletion");
  });
});
