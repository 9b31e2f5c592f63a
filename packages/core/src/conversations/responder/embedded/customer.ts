import type { Reply, Turn } from "../responder.ts";
import { openToolbox, type Toolbox, Unreadable, understand } from "./asked.ts";
import type { CustomerIntent } from "./customer-patterns.ts";
import { answerNumberPrice, answerNumberSearch, answerOwnNumbers } from "./number-answers.ts";
import { type SentenceKey, say } from "./sentences.ts";
import { answerBalance, answerConversations, answerTopUp, answerTransactions } from "./wallet-answers.ts";

/** What is answered: the words, given what was asked and the tools. */
export type Answer = (turn: Turn, texts: readonly string[], tools: Toolbox) => string | Promise<string>;

const sentence =
  (key: SentenceKey): Answer =>
  ({ language }) =>
    say(language, key);

const repeatLast: Answer = ({ language, history }) =>
  history.findLast(({ speaker }) => speaker === "assistant")?.text ?? say(language, "customer.greeting");

const ANSWERS: Readonly<Record<CustomerIntent | "unknown", Answer>> = {
  balance: answerBalance,
  transactions: answerTransactions,
  my_numbers: answerOwnNumbers,
  number_prices: answerNumberPrice,
  buy_number: answerNumberSearch,
  top_up: answerTopUp,
  conversations: answerConversations,
  greeting: sentence("customer.greeting"),
  help: sentence("customer.help"),
  thanks: sentence("customer.thanks"),
  unknown: sentence("customer.unknown"),
  repeat: repeatLast,
};

/** What the signed-in customer is answered, with what the tools know. What can't be read is said so. */
export async function answerCustomer(turn: Turn): Promise<Reply> {
  const { intent = "unknown", texts } = understand(turn);
  const tools = openToolbox(turn);
  try {
    return { text: await ANSWERS[intent](turn, texts, tools), proposals: tools.proposals, next: "continue" };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { text: say(turn.language, "customer.unreadable"), proposals: [], next: "continue" };
  }
}
