import type { Proposal } from "@aira/contract";
import type { ConverseCommandInput, Message } from "@aws-sdk/client-bedrock-runtime";
import { type Clock, systemClock } from "../../../lib/index.ts";
import { alternate, boundHistory } from "../history.ts";
import { plainText, withoutUnfinished } from "../plain-text.ts";
import type { Next, NoReply, Reply, Responder, Turn } from "../responder.ts";
import { type Budget, type Converse, createConverse } from "./converse.ts";
import { nextOf } from "./next-tools.ts";
import { systemPrompt } from "./prompt.ts";
import type { BedrockSettings } from "./settings.ts";
import { distinct, echo, runTools, textIn, toolConfigOf, usesIn } from "./tool-use.ts";

/** How often a model may look something up before it must have answered. */
const ROUNDS = 4;

/** What the responder needs from outside. */
export interface BedrockPorts {
  readonly clock: Clock;
  /** Between 0 and 1, for jitter. */
  readonly random: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

const systemPorts: BedrockPorts = {
  clock: systemClock,
  random: Math.random,
  wait: (ms, signal) =>
    new Promise((done) => {
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", () => [clearTimeout(timer), done()], { once: true });
    }),
};

/** Why a model stopped, where that is no answer. Any other reason is one, if it said something. */
const NO_ANSWER: Readonly<Record<string, NoReply["failed"]>> = {
  guardrail_intervened: "refused",
  content_filtered: "refused",
  malformed_model_output: "unavailable",
  malformed_tool_use: "unavailable",
  model_context_window_exceeded: "unavailable",
};
/** Where it ran out of tokens, the last sentence is half of one. */
const CUT_OFF = "max_tokens";

/**
 * The responder by Amazon Bedrock's Converse: any model there that uses tools. What callers say goes to the model as words of theirs, never
 * into its instructions; a caller's turn has no tool that reads anything. What the model says comes back as plain text, and what it
 * proposes only by way of the turn's tools. No answer in time is `late`; none at all, or nothing to say, `unavailable`; a guardrail's no is
 * `refused`. Run it under `respondInTime`: a tool that hangs is not ended here.
 */
export function createBedrockResponder(settings: BedrockSettings, ports: BedrockPorts = systemPorts): Responder {
  const converse = createConverse(settings.region);
  return {
    async respond(turn) {
      try {
        return await answer(turn, settings, converse, { ...ports, deadlineMs: turn.deadlineMs, signal: turn.signal });
      } catch (cause) {
        const late = turn.signal.aborted || ports.clock() >= turn.deadlineMs;
        return { failed: late ? "late" : "unavailable", cause };
      }
    },
  };
}

async function answer(turn: Turn, settings: BedrockSettings, converse: Converse, budget: Budget): Promise<Reply | NoReply> {
  const messages: Message[] = alternate(boundHistory(turn.history, settings.historyTokens), turn.text).map(({ role, text }) => ({
    role,
    content: [{ text }],
  }));
  const proposals: Proposal[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { output, stopReason = "" } = await converse(requestOf(turn, settings, messages), budget);
    const failed = NO_ANSWER[stopReason];
    if (failed) return { failed, cause: new Error(`the model stopped: ${stopReason}`) };
    const message = output?.message;
    const uses = stopReason === "tool_use" ? usesIn(message) : [];
    const after = nextOf(
      turn,
      uses.map(({ name }) => name ?? ""),
    );
    if (!message || uses.length === 0 || after) return replyOf(turn, textIn(message), stopReason, after, proposals);
    const used = await runTools(turn, uses);
    proposals.push(...used.proposals);
    messages.push(echo(message), { role: "user", content: used.content });
  }
  return { failed: "unavailable", cause: new Error(`the model used tools ${ROUNDS} times and did not answer`) };
}

function requestOf(turn: Turn, settings: BedrockSettings, messages: Message[]): ConverseCommandInput {
  const { modelId, maxTokens, temperature, guardrail } = settings;
  const toolConfig = toolConfigOf(turn);
  return {
    modelId,
    messages,
    system: [{ text: systemPrompt(turn) }],
    inferenceConfig: { maxTokens, ...(temperature === undefined ? {} : { temperature }) },
    ...(toolConfig ? { toolConfig } : {}),
    ...(guardrail ? { guardrailConfig: { guardrailIdentifier: guardrail.id, guardrailVersion: guardrail.version } } : {}),
  };
}

function replyOf(
  turn: Turn,
  said: string,
  stopReason: string,
  after: { readonly next: Next; readonly sentence: string } | undefined,
  proposals: readonly Proposal[],
): Reply | NoReply {
  const spoken = { spoken: turn.kind === "call" };
  const whole = plainText(said, spoken) || plainText(after?.sentence ?? "", spoken);
  const text = stopReason === CUT_OFF ? withoutUnfinished(whole) : whole;
  if (text === "") return { failed: "unavailable", cause: new Error("the model said nothing") };
  return { text, proposals: distinct(proposals), next: after?.next ?? "continue" };
}
