import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";

interface Block {
  readonly text?: string;
  readonly toolUse?: { readonly toolUseId: string; readonly name: string; readonly input: unknown };
  readonly toolResult?: { readonly toolUseId: string; readonly status?: string; readonly content: readonly Record<string, unknown>[] };
}

interface Message {
  readonly role: string;
  readonly content: readonly Block[];
}

/** What Converse is asked, as far as the tests look at it. */
interface ConverseRequest {
  readonly messages: readonly Message[];
  readonly system: readonly { readonly text: string }[];
  readonly inferenceConfig?: Readonly<Record<string, unknown>>;
  readonly toolConfig?: {
    readonly tools: readonly { readonly toolSpec: { readonly name: string; readonly inputSchema: { readonly json: unknown } } }[];
  };
  readonly guardrailConfig?: Readonly<Record<string, unknown>>;
}

/** One request and what it is answered: the model's words and calls of tools, or what goes wrong instead. */
export type Step =
  | { readonly say: string; readonly stop?: string }
  | { readonly use: readonly (readonly [tool: string, input: unknown])[]; readonly say?: string }
  | { readonly fail: string; readonly status: number }
  | { readonly raw: string }
  | { readonly cut: true }
  | { readonly hang: true };

export interface ConverseServer {
  readonly url: string;
  /** What was asked, oldest first. */
  readonly requests: readonly ConverseRequest[];
  /** Model ids, in the order of the requests. */
  readonly models: readonly string[];
  /** Forgets what was asked, and plays these steps next; the last one again and again. */
  play(...steps: readonly Step[]): void;
  close(): Promise<void>;
}

/** What Converse would refuse, as far as the rules are about the order of messages and blocks; undefined when it is fine. */
function faultOf({ messages, toolConfig }: ConverseRequest): string | undefined {
  if (messages[0]?.role !== "user") return "A conversation must start with a user message.";
  for (const [at, { role, content }] of messages.entries()) {
    if (at > 0 && messages[at - 1]?.role === role) return "Roles must alternate between user and assistant.";
    if (content.length === 0) return `The content field in the Message object at messages.${at} is empty.`;
    if (content.some(({ text }) => text?.trim() === "")) return `The text field in the ContentBlock object at messages.${at} is blank.`;
    const results = content.flatMap(({ toolResult }) => toolResult?.toolUseId ?? []).sort();
    const uses = (messages[at - 1]?.content ?? []).flatMap(({ toolUse }) => toolUse?.toolUseId ?? []).sort();
    if (role === "user" && results.join() !== uses.join()) return "Expected toolResult blocks for each toolUse of the turn before.";
    if (!toolConfig && (results.length > 0 || uses.length > 0)) return "The toolConfig field must be defined when using toolUse blocks.";
  }
  return messages.at(-1)?.role === "user" ? undefined : "A conversation must end with a user message.";
}

let toolUses = 0;

function messageOf(step: Extract<Step, { say: string } | { use: unknown }>): { readonly stopReason: string; readonly content: Block[] } {
  if (!("use" in step)) return { stopReason: step.stop ?? "end_turn", content: [{ text: step.say }] };
  const uses = step.use.map(([name, input]): Block => ({ toolUse: { toolUseId: `tooluse_${++toolUses}`, name, input } }));
  return { stopReason: "tool_use", content: [...(step.say === undefined ? [] : [{ text: step.say }]), ...uses] };
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

const sendError = (response: ServerResponse, status: number, name: string, message: string): void =>
  sendJson(response, status, { message }, { "x-amzn-errortype": `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/` });

function play(step: Step, response: ServerResponse): void {
  if ("hang" in step) return;
  if ("cut" in step) response.destroy();
  else if ("raw" in step) response.writeHead(200, { "content-type": "application/json" }).end(step.raw);
  else if ("fail" in step) sendError(response, step.status, step.fail, "internal detail of the vendor");
  else {
    const { stopReason, content } = messageOf(step);
    sendJson(response, 200, {
      metrics: { latencyMs: 1 },
      output: { message: { role: "assistant", content } },
      stopReason,
      usage: { inputTokens: 10, outputTokens: 10, totalTokens: 20 },
    });
  }
}

/** A server on loopback that speaks Bedrock's Converse: it plays a script, and refuses what Bedrock would refuse. */
export async function startConverseServer(): Promise<ConverseServer> {
  const requests: ConverseRequest[] = [];
  const models: string[] = [];
  let steps: Step[] = [];
  const server = createServer(async (request, response) => {
    const [, model] = /^\/model\/([^/]+)\/converse$/.exec(request.url ?? "") ?? [];
    const body = await readText(request);
    if (request.method !== "POST" || !model) return sendError(response, 404, "UnknownOperationException", "no such operation");
    if (!request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 Credential="))
      return sendError(response, 403, "MissingAuthenticationTokenException", "not signed");
    const asked = JSON.parse(body) as ConverseRequest;
    requests.push(asked);
    models.push(decodeURIComponent(model));
    const fault = faultOf(asked);
    if (fault) return sendError(response, 400, "ValidationException", fault);
    const step = steps.length > 1 ? steps.shift() : steps[0];
    play(step ?? { say: "Nothing was scripted." }, response);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    models,
    play(...next) {
      requests.length = 0;
      models.length = 0;
      steps = [...next];
    },
    close() {
      server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}
