import { describe, expect, test } from "vitest";
import { customerTools } from "./customer-tools.ts";
import { ENGLISH } from "./embedded/english.ts";
import { HINDI } from "./embedded/hindi.ts";
import { createEmbeddedResponder } from "./embedded.ts";
import type { Reply, Said, Turn } from "./responder.ts";
import { ashasPorts } from "./responder-suite.ts";
import type { CustomerToolPorts } from "./tool-ports.ts";

const responder = createEmbeddedResponder();

async function ask(text: string, more: Partial<Turn> = {}, ports: Partial<CustomerToolPorts> = {}): Promise<Reply> {
  const turn: Turn = {
    kind: more.audience === "caller" ? "call" : "chat",
    audience: "customer",
    language: "en-US",
    businessName: "Asha's Dental",
    openingHours: "Monday to Friday, nine to five",
    history: [],
    text,
    tools: customerTools({ ...ashasPorts(), ...ports }),
    deadlineMs: Number.MAX_SAFE_INTEGER,
    signal: new AbortController().signal,
    ...more,
  };
  const answer = await responder.respond(turn);
  if ("failed" in answer) throw new Error(answer.failed, { cause: answer.cause });
  return answer;
}

const caller = { audience: "caller" } as const;
const said = (speaker: Said["speaker"], ...texts: string[]): Said[] => texts.map((text) => ({ speaker, text }));

describe("the sentences", () => {
  test("say the same in both languages, with the same values", () => {
    const values = (sentence: string) => (sentence.match(/\{\w+\}/g) ?? []).toSorted();
    for (const key of Object.keys(ENGLISH) as (keyof typeof ENGLISH)[])
      expect([key, values(HINDI[key])]).toEqual([key, values(ENGLISH[key])]);
  });
  test("of Hindi are in Devanagari alone", () => {
    for (const sentence of Object.values(HINDI)) expect(sentence.replace(/\{\w+\}/g, "")).not.toMatch(/(?!\p{sc=Deva})\p{L}/u);
  });
});

describe("a caller", () => {
  test("hears the opening hours, or that somebody is always there", async () => {
    expect((await ask("when are you open", caller)).text).toBe("These are our opening hours: Monday to Friday, nine to five.");
    expect((await ask("when are you open", { ...caller, openingHours: null })).text).toBe("We can be reached at any time.");
  });

  test("who wasn't understood twice is sent to voicemail, and not before", async () => {
    const once = said("caller", "frog");
    expect(await ask("fish", caller)).toMatchObject({ next: "continue" });
    expect(await ask("fish", { ...caller, history: once })).toMatchObject({ next: "continue" });
    expect(await ask("fish", { ...caller, history: [...once, ...said("assistant", "Sorry?"), ...said("caller", "bird")] })).toMatchObject({
      next: "voicemail",
    });
    expect(await ask("fish", { ...caller, history: said("caller", "frog", "bird", "hello") })).toMatchObject({ next: "continue" });
    expect(await ask("hello", { ...caller, history: said("caller", "frog", "bird") })).toMatchObject({ next: "continue" });
  });

  test("hears again what was said last", async () => {
    const history = [...said("system", "Welcome."), ...said("caller", "hm")];
    expect((await ask("say that again", { ...caller, history })).text).toBe("Welcome.");
    expect((await ask("say that again", caller)).text).toMatch(/^Hello, this is the assistant of Asha's Dental/);
  });

  test("who writes is never told of a tone, nor hung up on", async () => {
    const texts = { ...caller, kind: "sms" } as const;
    for (const text of ["leave a message", "bye", "frog"]) {
      const reply = await ask(text, { ...texts, history: said("caller", "fish", "bird") });
      expect(reply).toMatchObject({ next: "continue", text: expect.not.stringContaining("tone") });
    }
    expect(await ask("speak to a human", texts)).toMatchObject({ next: "human" });
  });
});

describe("a customer", () => {
  test("reads amounts as their language writes them, to the last digit", async () => {
    const rich: Partial<CustomerToolPorts> = {
      balance: async () => ({
        balances: [
          { currency: "USD", availableMinor: -5, heldMinor: 115 },
          { currency: "INR", availableMinor: 123_456_789_012_345, heldMinor: 0 },
        ],
        frozen: true,
        restricted: true,
      }),
    };
    const { text } = await ask("balance", { language: "en-IN" }, rich);
    expect(text).toContain("-$0.05 and ₹12,34,56,78,90,123.45");
    expect(text).toContain("$1.15 is set aside");
    expect(text).toContain("frozen");
    expect(text).toContain("below zero");
    expect((await ask("बैलेंस", { language: "hi-IN" }, rich)).text).toMatch(/^आपका उपलब्ध बैलेंस -\$0\.05 और ₹12,34,56,78,90,123\.45 है।/);
  });

  test("with an empty wallet reads zero", async () => {
    const empty: Partial<CustomerToolPorts> = {
      balance: async () => ({ balances: [{ currency: "USD", availableMinor: 0, heldMinor: 0 }], frozen: false, restricted: false }),
    };
    expect((await ask("balance", {}, empty)).text).toBe("Your available balance is $0.00.");
  });

  test("reads what moved money, not what was only set aside", async () => {
    const entry = { at: "2026-03-03T22:00:00.000Z", currency: "USD", description: "x" } as const;
    const transactions = async () => [
      { ...entry, kind: "capture", amountMinor: 0, heldMinor: -115 } as const,
      { ...entry, kind: "authorization", amountMinor: -115, heldMinor: 115 } as const,
      { ...entry, kind: "credit", amountMinor: 2_500, heldMinor: 0 } as const,
    ];
    expect((await ask("statement", {}, { transactions })).text).toBe(
      "Your most recent transactions:\nMarch 3: purchase, -$1.15\nMarch 3: top-up, $25.00",
    );
    expect((await ask("हिसाब", { language: "hi-IN" }, { transactions })).text).toContain("4 मार्च: टॉप-अप, $25.00");
    expect((await ask("statement", {}, { transactions: async () => [] })).text).toBe("There are no transactions yet.");
  });

  test("is asked for what is missing, and the answer completes what they wanted", async () => {
    expect((await ask("what does a mobile number cost")).text).toMatch(/^In which country/);
    const history = [...said("customer", "what does a mobile number cost"), ...said("assistant", "In which country?")];
    expect((await ask("India", { history })).text).toBe(
      "A mobile number in India costs $1.50 a month, and $1.50 when you buy it, the first month included.",
    );
    expect((await ask("I don't know", { history })).text).toMatch(/^I'm sorry/);
    expect(await ask("500", { history: said("customer", "top up in rupees") })).toMatchObject({
      proposals: [{ kind: "top_up", currency: "INR", amountMinor: 50_000 }],
    });
  });

  test("who names only an amount of money is offered to top it up; a bare number is nothing", async () => {
    expect((await ask("25 dollars")).proposals).toEqual([{ kind: "top_up", currency: "USD", amountMinor: 2_500 }]);
    for (const text of ["25", "send $500 to my friend ravi"]) expect((await ask(text)).proposals).toEqual([]);
  });

  test.each([
    ["top up 5 rupees", "The smallest top-up is ₹100.00."],
    ["top up $20,000", "The largest top-up is $10,000.00."],
    ["top up $25.999", "I can't read that amount. Please write it in digits, for example $25.00."],
    ["top up 1 lakh rupees", "I can't read that amount. Please write it in digits, for example ₹500.00."],
  ])("who says %j hears why not, and nothing is proposed", async (text, answer) => {
    expect(await ask(text)).toEqual({ text: answer, proposals: [], next: "continue" });
  });

  test("who looks for a number sees those found, each to be confirmed, or hears why there is none", async () => {
    const { text, proposals } = await ask("buy a toll-free number in the US");
    expect(text).toContain("+14155550101, San Francisco, CA, $1.50 now and $1.50 a month");
    expect(proposals).toMatchObject([{ kind: "purchase_number", phoneNumber: "+14155550101", expectedMinor: 150, type: "toll_free" }]);
    const none = (code: string) => ({ search: async () => ({ numbers: [], reason: { code } }) });
    expect((await ask("buy a number in the UK", {}, none("country_not_sold"))).text).toBe("We don't sell numbers in the United Kingdom.");
    expect((await ask("buy a mobile number in Germany", {}, none("type_not_sold"))).text).toBe("There are no mobile numbers in Germany.");
    expect((await ask("buy a number in France", {}, none("none_found"))).text).toMatch(/^I can't find a local number in France/);
  });

  test("is told of calls that were missed", async () => {
    const call = {
      kind: "call",
      direction: "inbound",
      peer: "+14155550199",
      voicemail: false,
      startedAt: "2026-03-03T10:00:00.000Z",
    } as const;
    const conversations = async () => [
      { ...call, status: "completed" as const },
      { ...call, status: "no_answer" as const, peer: null },
      { ...call, status: "completed" as const, voicemail: true },
    ];
    expect((await ask("any missed calls?", {}, { conversations })).text).toBe(
      "Missed calls and voicemails:\nMarch 3: missed call from number withheld\nMarch 3: voicemail from +14155550199",
    );
    expect((await ask("who called me", {}, { conversations })).text).toContain("March 3: call from +14155550199");
    expect((await ask("any missed calls?", {}, { conversations: async () => [] })).text).toBe("None of your most recent calls was missed.");
  });

  test("hears that something can't be read when its tool fails, is missing, or answers nonsense", async () => {
    const sorry = { text: expect.stringMatching(/^I'm sorry, I can't look that up/), proposals: [] };
    expect(await ask("my numbers")).toMatchObject(sorry);
    expect(await ask("balance", { tools: [] })).toMatchObject(sorry);
    const odd = { name: "read_balance", description: "", input: {}, run: async () => ({ data: { balances: "lots" } }) };
    expect(await ask("balance", { tools: [odd] })).toMatchObject(sorry);
  });
});
