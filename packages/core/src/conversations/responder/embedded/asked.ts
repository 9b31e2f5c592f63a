import type { Proposal } from "@aira/contract";
import type { Turn } from "../responder.ts";
import { TOOLS, type ToolInput, type ToolName, type ToolOutput } from "../tools.ts";
import { writtenAmount, writtenCurrency } from "./amount.ts";
import type { CustomerIntent } from "./customer-patterns.ts";
import { customerIntent } from "./intent.ts";
import { normalise } from "./normalise.ts";
import { writtenAreaCode, writtenCountry, writtenType } from "./places.ts";
import { localCurrency } from "./sentences.ts";

/** A tool is not there, failed, or answered something else than its table says. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/** What was asked for, and in which words. */
export interface Asked {
  readonly intent: CustomerIntent | undefined;
  /** What was said now; then what was said before, when this answers a question about that. */
  readonly texts: readonly string[];
}

/** `maybe 25 dollars please` is no more than an amount. */
const AMOUNT_WORDS = 4;

/** What completes an intent that was said before: `India` after `what does a number cost`. */
const COMPLETES: Readonly<Partial<Record<CustomerIntent, (text: string) => boolean>>> = {
  top_up: (text) => writtenAmount(text) !== undefined,
  number_prices: namesKindOfNumber,
  buy_number: namesKindOfNumber,
};

function namesKindOfNumber(text: string): boolean {
  return [writtenCountry, writtenType, writtenAreaCode].some((written) => written(text) !== undefined);
}

/** What a customer wants: by their words, or as the answer to what they were asked. */
export function understand({ text, history }: Turn): Asked {
  const intent = customerIntent(text);
  if (intent) return { intent, texts: [text] };
  const before = history.findLast(({ speaker }) => speaker === "customer")?.text ?? "";
  const earlier = customerIntent(before);
  if (earlier && COMPLETES[earlier]?.(text)) return { intent: earlier, texts: [text, before] };
  // An amount of money and nothing else is what somebody wants to add.
  const alone = normalise(text).split(" ").length <= AMOUNT_WORDS && writtenAmount(text)?.currency !== undefined;
  return { intent: alone ? "top_up" : undefined, texts: [text] };
}

/** The first that any of the texts says, the newest before the older one. */
function said<T>(texts: readonly string[], written: (text: string) => T | undefined): T | undefined {
  for (const text of texts) {
    const found = written(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

export const saidAmount = (texts: readonly string[]) => said(texts, writtenAmount);
export const saidCountry = (texts: readonly string[]) => said(texts, writtenCountry) ?? (saidAreaCode(texts) && "US");
export const saidType = (texts: readonly string[]) => said(texts, writtenType);
export const saidAreaCode = (texts: readonly string[]) => said(texts, writtenAreaCode);
export const saidCurrency = ({ language }: Turn, texts: readonly string[]) => said(texts, writtenCurrency) ?? localCurrency(language);

/** The turn's tools, typed by their table. */
export interface Toolbox {
  /** Errors: Unreadable. */
  use<N extends ToolName>(name: N, input: ToolInput<N>): Promise<ToolOutput<N>>;
  /** What the tools proposed so far. */
  readonly proposals: readonly Proposal[];
}

export function openToolbox({ tools }: Turn): Toolbox {
  const proposals: Proposal[] = [];
  return {
    proposals,
    async use<N extends ToolName>(name: N, input: ToolInput<N>) {
      const tool = tools.find((one) => one.name === name);
      if (!tool) throw new Unreadable(`there is no tool ${name}`);
      const result = await tool.run(input).catch((cause: unknown) => {
        throw new Unreadable(`${name} failed`, { cause });
      });
      const parsed = TOOLS[name].output.safeParse(result.data);
      if (!parsed.success) throw new Unreadable(`${name} answered something else`);
      proposals.push(...(result.proposals ?? []));
      return parsed.data as ToolOutput<N>;
    },
  };
}
