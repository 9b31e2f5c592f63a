import type { Language } from "@aira/contract";
import type { ToolOutput } from "../tools.ts";
import { saidAreaCode, saidCountry, saidCurrency, saidType } from "./asked.ts";
import type { Answer } from "./customer.ts";
import { countryInSentence, countryName } from "./places.ts";
import { day, money, type SentenceKey, say, stateWord, typeWord } from "./sentences.ts";

/** What fits an answer; the dashboard has all of them. */
const SHOWN = 10;
/** Where numbers have area codes. */
const AREAS: ReadonlySet<string> = new Set(["US", "CA"]);
/** Why a search found none, as the search says it. */
const REASONS: Readonly<Record<string, SentenceKey>> = {
  country_not_sold: "customer.country_not_sold",
  type_not_sold: "customer.type_not_sold",
};

export const answerOwnNumbers: Answer = async ({ language }, _texts, tools) => {
  const { numbers } = await tools.use("list_numbers", {});
  if (numbers.length === 0) return say(language, "customer.numbers_none");
  const lines = numbers.slice(0, SHOWN).map(({ phoneNumber, country, state, currency, monthlyMinor, renewsAt }) =>
    say(language, renewsAt === null ? "customer.number" : "customer.number_renews", {
      number: phoneNumber,
      country: countryName(country, language),
      state: stateWord(language, state),
      monthly: money(language, monthlyMinor, currency),
      date: renewsAt === null ? "" : day(language, renewsAt),
    }),
  );
  const key = numbers.length === 1 ? "customer.numbers_one" : "customer.numbers_other";
  return say(language, key, { count: String(numbers.length), list: lines.join("\n") });
};

export const answerNumberPrice: Answer = async (turn, texts, tools) => {
  const { language } = turn;
  const country = saidCountry(texts);
  if (!country) return say(language, "customer.which_country_price");
  const type = saidType(texts) ?? "local";
  const { price } = await tools.use("number_prices", { country, type, currency: saidCurrency(turn, texts) });
  const values = { type: typeWord(language, type), country: countryInSentence(country, language) };
  if (price === null) return say(language, "customer.price_none", values);
  const written = (minor: number) => money(language, minor, price.currency);
  return say(language, "customer.price", { ...values, monthly: written(price.monthlyMinor), dueNow: written(price.dueNowMinor) });
};

type Found = ToolOutput<"search_numbers">["numbers"][number];

function offerLine(language: Language, { phoneNumber, locality, region, type, price }: Found): string {
  return say(language, "customer.offer", {
    number: phoneNumber,
    place: [locality, region].filter((part) => part !== null).join(", ") || typeWord(language, type),
    dueNow: money(language, price.dueNowMinor, price.currency),
    monthly: money(language, price.monthlyMinor, price.currency),
  });
}

export const answerNumberSearch: Answer = async (turn, texts, tools) => {
  const { language } = turn;
  const country = saidCountry(texts);
  if (!country) return say(language, "customer.which_country_buy");
  const currency = saidCurrency(turn, texts);
  const type = saidType(texts) ?? "local";
  const areaCode = AREAS.has(country) ? saidAreaCode(texts) : undefined;
  const { numbers, reason } = await tools.use("search_numbers", { country, currency, type, ...(areaCode ? { areaCode } : {}) });
  const values = { type: typeWord(language, type), country: countryInSentence(country, language) };
  if (numbers.length === 0) return say(language, REASONS[reason ?? ""] ?? "customer.found_none", values);
  for (const { phoneNumber, country: of, type: as } of numbers)
    await tools.use("propose_purchase", { phoneNumber, country: of, type: as, currency });
  const list = numbers.map((number) => offerLine(language, number)).join("\n");
  const address = numbers.some(({ addressRequirement }) => addressRequirement !== "none")
    ? `\n${say(language, "customer.offer_address")}`
    : "";
  return say(language, "customer.found", { ...values, list }) + address;
};
