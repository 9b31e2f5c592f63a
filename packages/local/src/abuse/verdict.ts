import { ERROR_CODES, type ErrorCode, Problem, STATUS_OF_KIND } from "@aira/contract";
import type { Attack, Expected } from "./attack.ts";
import type { Answer } from "./attacker.ts";
import type { Target } from "./targets.ts";

/** Half of the gateway's own limit: nothing that is refused has any reason to take longer, on a busy machine either. */
const TIME_LIMIT_MS = 15_000;

/** What API Gateway says by itself. */
const GATEWAY_MESSAGES: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  413: "Request Entity Too Large",
  431: "Request Header Fields Too Large",
};

/** Codes that are their own subject: the sentence names it, where there is no field of a schema. */
const SUBJECTS: Partial<Record<ErrorCode, RegExp>> = {
  "auth.required": /access token/,
  "auth.forbidden": /token|operator|group/i,
  "webhook.signature_invalid": /Stripe-Signature/,
  "request.not_json": /body/i,
  "idempotency.key_reused": /Idempotency-Key/,
  "top_up.not_found": /top-up/i,
  "wallet.not_found": /wallet/i,
  "queue.not_found": /queue/i,
  "number.not_found": /number/i,
  "number.not_available": /number/i,
  "number.price_moved": /price/i,
  "conversation.not_found": /conversation/i,
  "quarantine.not_found": /quarantine|finding/i,
};

/** The insides of the house: no answer shows them. */
const INSIDES: readonly RegExp[] = [
  /\n\s+at |node_modules|file:\/\/|\.ts:\d|node:internal/,
  /TypeError|SyntaxError|RangeError|ZodError|Unexpected token|in JSON at position|is not a function|Cannot read propert/,
  /DynamoDB|ValidationException|ConditionalCheck|TransactionCanceled|ResourceNotFound|amazonaws|ECONNREFUSED|aws-sdk/,
];

/** A short value may stand in a sentence of ours by chance. */
const MARK_LENGTH = 6;

/** Everything that is wrong with an answer to an attack, in words. Nothing is wrong: an empty list. */
export function complaints(target: Target, { expected, marks = [] }: Attack, answer: Answer): string[] {
  const found: string[] = [];
  if (answer.status >= 500) found.push(`it answered ${answer.status}`);
  if (answer.tookMs > TIME_LIMIT_MS) found.push(`it took ${Math.round(answer.tookMs)} ms`);
  if (answer.headers["set-cookie"] !== undefined) found.push("it sets a cookie");
  const published = target.id === "getOpenapi" && answer.status === 200;
  if (!published && INSIDES.some((inside) => inside.test(answer.body))) found.push("it shows its insides");
  const said = `${answer.body}\n${Object.values(answer.headers).join("\n")}`;
  if (!published && marks.some((mark) => echoes(said, mark))) found.push("it repeats the bad value");
  return [...found, ...unexpected(target, expected, answer)];
}

function echoes(said: string, mark: string): boolean {
  const start = mark.slice(0, 64);
  return start.length >= MARK_LENGTH && [start, JSON.stringify(start).slice(1, -1)].some((form) => said.includes(form));
}

function unexpected(target: Target, expected: Expected, answer: Answer): string[] {
  switch (expected.by) {
    case "anybody":
      return answer.status === target.success || answer.status >= 500
        ? []
        : problemComplaints(target, { by: "api", status: [...target.codes.keys()] }, answer);
    case "nobody":
      return answer.status === target.success ? [] : [`it answered ${answer.status}, though the contract allows the request`];
    case "server":
      // One of them is answered in chunks: none, and their end.
      return answer.status === expected.status && ["", "0\r\n\r\n"].includes(answer.body)
        ? []
        : [`it answered ${answer.status} where the server refuses with ${expected.status}`];
    case "gateway":
      return gatewayComplaints(target, expected.status, answer);
    case "api":
      return problemComplaints(target, expected, answer);
  }
}

function gatewayComplaints(target: Target, status: number, answer: Answer): string[] {
  if (answer.status !== status) return [`it answered ${answer.status}, not ${status} by the gateway`];
  const body = JSON.stringify({ message: GATEWAY_MESSAGES[status] });
  if (answer.body !== body && answer.body !== "") return [`the gateway's ${status} of ${target.id} says something else than ${body}`];
  return answer.headers["content-type"] === "application/json" ? [] : ["the gateway's answer is not JSON"];
}

function problemComplaints(target: Target, expected: Extract<Expected, { by: "api" }>, answer: Answer): string[] {
  const statuses = [expected.status].flat();
  if (!statuses.includes(answer.status)) return [`it answered ${answer.status}, not ${statuses.join(" or ")}`];
  const found: string[] = [];
  const { headers } = answer;
  if (headers["content-type"] !== "application/problem+json") found.push(`its content type is ${headers["content-type"]}`);
  if (headers["cache-control"] !== "no-store") found.push("it may be cached");
  const problem = readProblem(answer.body);
  if (!problem) return [...found, "its body is no problem document of the contract"];
  if (problem.status !== answer.status || STATUS_OF_KIND[ERROR_CODES[problem.code].kind] !== answer.status)
    found.push(`its code ${problem.code} has another status`);
  if (problem.type !== `/problems/${problem.code}` || problem.title !== ERROR_CODES[problem.code].title)
    found.push("its type or title is not its code's");
  if (problem.requestId === "" || problem.requestId !== headers["x-request-id"]) found.push("it does not name its request");
  if (!target.codes.get(answer.status)?.includes(problem.code))
    found.push(`openapi.json does not promise ${problem.code} with ${answer.status}`);
  if (expected.code !== undefined && problem.code !== expected.code) found.push(`its code is ${problem.code}, not ${expected.code}`);
  return [...found, ...namingComplaints(problem, expected.field)];
}

function namingComplaints(problem: Problem, field: string | undefined): string[] {
  const errors = problem.errors ?? [];
  if (errors.length === 0) {
    const subject = SUBJECTS[problem.code];
    return subject?.test(problem.detail) ? [] : [`it names no field (${problem.code})`];
  }
  if (errors.length > 20) return ["it lists more than 20 fields"];
  if (errors.some(({ rule, detail }) => rule === "" || detail === "")) return ["a field of it has no rule or no sentence"];
  if (field === undefined || errors.some((error) => error.field === field || error.field.startsWith(`${field}.`))) return [];
  return [`it names ${errors.map((error) => error.field).join(", ")}, not ${field}`];
}

function readProblem(body: string): Problem | undefined {
  try {
    const value: unknown = JSON.parse(body);
    const parsed = Problem.safeParse(value);
    const known = Object.keys(Problem.shape);
    return parsed.success && Object.keys(value as object).every((name) => known.includes(name)) ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
