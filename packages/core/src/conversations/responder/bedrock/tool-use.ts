import type { Proposal } from "@aira/contract";
import type { ContentBlock, Message, Tool as ModelTool, ToolResultBlock, ToolUseBlock } from "@aws-sdk/client-bedrock-runtime";
import { AiraError } from "../../../lib/index.ts";
import type { Tool, Turn } from "../responder.ts";
import { nextToolsFor } from "./next-tools.ts";

/** More at once is no plan. */
const TOOLS_AT_ONCE = 6;
/** What fits beside one answer. */
const MOST_PROPOSALS = 5;

type Document = NonNullable<ToolUseBlock["input"]>;

const spec = (name: string, description: string, json: unknown): ModelTool => ({
  toolSpec: { name, description, inputSchema: { json: json as Document } },
});
const NO_INPUT = { type: "object", properties: {}, additionalProperties: false };

/** The tools that look something up in this turn: none for a caller, whatever the turn brings. */
const toolsOf = ({ audience, tools }: Turn): readonly Tool[] => (audience === "customer" ? tools : []);

/** The tools as a model is told them; undefined when there are none. */
export function toolConfigOf(turn: Turn): { readonly tools: ModelTool[] } | undefined {
  const tools = [
    ...toolsOf(turn).map(({ name, description, input }) => spec(name, description, input)),
    ...nextToolsFor(turn).map(({ name, description }) => spec(name, description, NO_INPUT)),
  ];
  return tools.length > 0 ? { tools } : undefined;
}

export const usesIn = (message: Message | undefined): readonly ToolUseBlock[] =>
  (message?.content ?? []).flatMap(({ toolUse }) => (toolUse ? [toolUse] : []));

export const textIn = (message: Message | undefined): string => (message?.content ?? []).flatMap(({ text }) => text ?? []).join("\n");

/** A message as it may be handed back: Converse refuses the blank texts that it sends itself. */
export const echo = ({ role, content = [] }: Message): Message => ({
  role,
  content: content.filter(({ text }) => text === undefined || text.trim() !== ""),
});

interface Used {
  readonly result: ToolResultBlock;
  readonly proposals: readonly Proposal[];
}

/** Runs what the model asked for, side by side. What fails is told to the model, in our words; nothing is thrown. */
export async function runTools(
  turn: Turn,
  uses: readonly ToolUseBlock[],
): Promise<{ readonly content: ContentBlock[]; readonly proposals: readonly Proposal[] }> {
  const tools = toolsOf(turn);
  const used = await Promise.all(
    uses.map((use, at) => (at < TOOLS_AT_ONCE ? runTool(tools, use) : failed(use, "Too many tools at once."))),
  );
  return { content: used.map(({ result }) => ({ toolResult: result })), proposals: used.flatMap(({ proposals }) => proposals) };
}

async function runTool(tools: readonly Tool[], use: ToolUseBlock): Promise<Used> {
  const tool = tools.find(({ name }) => name === use.name);
  if (!tool) return failed(use, "There is no such tool.");
  try {
    const { data, proposals = [] } = await tool.run(use.input ?? {});
    return { result: { toolUseId: use.toolUseId, status: "success", content: [{ json: data as Document }] }, proposals };
  } catch (error) {
    if (!(error instanceof AiraError)) return failed(use, "The tool does not work at the moment.");
    return failed(use, [error.message, ...error.errors.map(({ field, detail }) => `${field}: ${detail}`)].join(" "));
  }
}

const failed = ({ toolUseId }: ToolUseBlock, sentence: string): Used => ({
  result: { toolUseId, status: "error", content: [{ text: sentence }] },
  proposals: [],
});

/** Each proposal once, and no more than can be shown. */
export const distinct = (proposals: readonly Proposal[]): readonly Proposal[] =>
  [...new Map(proposals.map((proposal) => [JSON.stringify(proposal), proposal])).values()].slice(0, MOST_PROPOSALS);
