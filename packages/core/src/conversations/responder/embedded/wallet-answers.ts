import { CURRENCIES, type Currency, type Language } from "@aira/contract";
import { decimalOf, minorOf } from "../money-text.ts";
import type { ToolOutput } from "../tools.ts";
import { topUpFault } from "./amount.ts";
import { saidAmount, saidCurrency } from "./asked.ts";
import type { Answer } from "./customer.ts";
import { normalise } from "./normalise.ts";
import { compile } from "./pattern.ts";
import { day, kindWord, listed, localCurrency, money, type SentenceKey, say } from "./sentences.ts";

/** What fits a short answer, out of what is read. */
const SHOWN = 5;
const READ = 10;
/** Amounts that make good examples, in minor units. */
const EXAMPLE: Readonly<Record<Currency, number>> = { USD: 2_500, INR: 50_000 };
const MISSED = [compile("missed|unanswered|voicemail*"), compile("छूट*|मिस्ड|वॉइसमेल"), compile("chhut*|chhoot*")];

export const answerBalance: Answer = async ({ language }, _texts, tools) => {
  const { balances, frozen, restricted } = await tools.use("read_balance", {});
  const told = balances.filter(({ currency, availableMinor }) => availableMinor !== 0 || currency === localCurrency(language));
  const held = balances.filter(({ heldMinor }) => heldMinor !== 0);
  const amounts = (each: typeof balances, field: "availableMinor" | "heldMinor") =>
    listed(
      language,
      each.map((balance) => money(language, balance[field], balance.currency)),
    );
  return [
    say(language, "customer.balance", { amounts: amounts(told, "availableMinor") }),
    held.length > 0 ? say(language, "customer.balance_held", { amounts: amounts(held, "heldMinor") }) : "",
    restricted ? say(language, "customer.balance_restricted") : "",
    frozen ? say(language, "customer.balance_frozen") : "",
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
};

export const answerTransactions: Answer = async ({ language }, _texts, tools) => {
  const { transactions } = await tools.use("list_transactions", { limit: READ });
  // What was only set aside is no news until it is charged.
  const moved = transactions.filter(({ netMinor }) => netMinor !== 0).slice(0, SHOWN);
  if (moved.length === 0) return say(language, "customer.transactions_none");
  const lines = moved.map(({ at, kind, currency, netMinor }) =>
    say(language, "customer.transaction", {
      date: day(language, at),
      kind: kindWord(language, kind),
      amount: money(language, netMinor, currency),
    }),
  );
  return say(language, "customer.transactions", { list: lines.join("\n") });
};

function bounds(language: Language, currency: Currency) {
  const { floorMinor, ceilingMinor } = CURRENCIES[currency];
  const written = (minor: number) => money(language, minor, currency);
  return { floor: written(floorMinor), ceiling: written(ceilingMinor), example: written(EXAMPLE[currency]) };
}

export const answerTopUp: Answer = async (turn, texts, tools) => {
  const { language } = turn;
  const written = saidAmount(texts);
  const currency = written?.currency ?? saidCurrency(turn, texts);
  const values = bounds(language, currency);
  if (!written) return say(language, /\p{Nd}/u.test(texts[0] ?? "") ? "customer.top_up_not_exact" : "customer.top_up_how", values);
  const fault = topUpFault(written.decimal, currency);
  if (fault) return say(language, `customer.top_up_${fault}`, values);
  const amountMinor = minorOf(written.decimal, currency) ?? 0;
  await tools.use("propose_top_up", { currency, amount: decimalOf(amountMinor, currency) });
  return say(language, "customer.top_up", { amount: money(language, amountMinor, currency) });
};

type Told = ToolOutput<"list_conversations">["conversations"][number];

function whatOf({ kind, direction, missed, voicemail }: Told): SentenceKey {
  if (voicemail) return "what.voicemail";
  if (missed) return "what.call_missed";
  return `what.${kind === "sms" ? "sms" : "call"}_${direction === "outbound" ? "out" : "in"}`;
}

export const answerConversations: Answer = async ({ language }, texts, tools) => {
  const { conversations } = await tools.use("list_conversations", { limit: READ });
  const words = ` ${normalise(texts.join(" "))} `;
  const onlyMissed = MISSED.some(({ regex }) => regex.test(words));
  const told = conversations.filter(({ kind, missed }) => kind !== "chat" && (missed || !onlyMissed)).slice(0, SHOWN);
  if (told.length === 0) return say(language, onlyMissed ? "customer.missed_none" : "customer.conversations_none");
  const lines = told.map((one) =>
    say(language, "customer.conversation", {
      date: day(language, one.startedAt),
      what: say(language, whatOf(one)),
      peer: one.peer ?? say(language, "peer.withheld"),
    }),
  );
  return say(language, onlyMissed ? "customer.missed" : "customer.conversations", { list: lines.join("\n") });
};
