import { isDeepStrictEqual } from "node:util";
import {
  type CancellationReason,
  InternalServerError,
  ProvisionedThroughputExceededException,
  ThrottlingException,
  TransactionCanceledException,
  TransactionConflictException,
  TransactionInProgressException,
} from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Crash, FaultPlan } from "./fault-plan.ts";

/** What can go wrong with any call. Errors are what is left after the SDK's own retries. */
const ANY = ["throttled", "throughput_exceeded", "server_error", "timeout_before", "timeout_after", "crash_before", "crash_after"] as const;

/** `stale`: an eventually consistent read sees an older answer, or nothing. `index_lag`: entries of an index page are missing or old. */
export type SdkFault = (typeof ANY)[number] | "conflict" | "in_progress" | "stale" | "index_lag";

export interface SdkCall {
  /** `GetItem`, `TransactWriteItems` and so on. */
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
}

const isRead = ({ command }: SdkCall): boolean => command === "GetItem" || command === "Query";

/** The faults that a call of this kind can meet. */
export function sdkFaultsOf(call: SdkCall): readonly SdkFault[] {
  if (call.command === "TransactWriteItems") return [...ANY, "conflict", "in_progress"];
  if (!isRead(call)) return [...ANY, "conflict"];
  if (call.input.IndexName !== undefined) return [...ANY, "index_lag"];
  return call.input.ConsistentRead === true ? ANY : [...ANY, "stale"];
}

export interface SdkFaultOptions {
  /** Ends the container that makes the calls. */
  readonly crash: Crash;
  /** Chooses which older answer is seen and what an index page lacks. */
  readonly random: () => number;
}

type Output = Record<string, unknown>;

/**
 * Lays faults under everything that uses this client, above the SDK's own retries, in the shapes in which the SDK raises them.
 * Emulators never conflict, throttle, time out or lag, so this is the only way to meet these. A fault that the call can't
 * meet (a stale read of a write) does nothing. Returns the removal of the layer.
 */
export function addFaults(
  client: DynamoDBDocumentClient,
  plan: FaultPlan<SdkCall, SdkFault>,
  { crash, random }: SdkFaultOptions,
): () => void {
  const name = `faults-${Math.trunc(random() * 2 ** 32)}`;
  const answers = new Map<string, Output[]>();
  let calls = 0;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const call = callOf(context.commandName, args.input);
      const planned = plan({ ...call, n: calls++ });
      const fault = planned !== undefined && sdkFaultsOf(call).includes(planned) ? planned : undefined;
      const error = fault && errorBefore(fault, call);
      if (error) throw error;
      if (fault === "crash_before") return crash();
      const answer = await next(args);
      if (fault === "timeout_after") throw timeout();
      if (fault === "crash_after") return crash();
      if (!isRead(call)) return answer;

      const { $metadata, ...output } = answer.output;
      const seen = remember(answers, call, output as Output);
      if (fault === "stale") return { ...answer, output: { ...older(call, seen, random), $metadata } };
      if (fault === "index_lag") return { ...answer, output: { ...lagging(output as Output, seen, random), $metadata } };
      return answer;
    },
    { step: "initialize", priority: "high", name },
  );
  return () => void client.middlewareStack.remove(name);
}

/** A call that was made without faults. */
export interface MadeCall extends SdkCall {
  /** A page of an index on which nothing stood. */
  readonly foundNothing: boolean;
}

/** Records the calls of everything that uses this client, in the order in which they are made, until it is ended. */
export function recordCalls(client: DynamoDBDocumentClient): { readonly end: () => readonly MadeCall[] } {
  const calls: MadeCall[] = [];
  const name = "recorded-calls";
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const call = callOf(context.commandName, args.input);
      const at = calls.push({ ...call, foundNothing: false }) - 1;
      const answer = await next(args);
      const foundNothing = call.input.IndexName !== undefined && (answer.output as { readonly Count?: number }).Count === 0;
      calls[at] = { ...call, foundNothing };
      return answer;
    },
    { step: "initialize", priority: "high", name },
  );
  return {
    end() {
      client.middlewareStack.remove(name);
      return calls;
    },
  };
}

const callOf = (commandName: unknown, input: object): SdkCall => ({
  command: String(commandName).replace(/Command$/, ""),
  input: input as SdkCall["input"],
});

const refused = { message: "injected", $metadata: { httpStatusCode: 400, attempts: 3 } };

function errorBefore(fault: SdkFault, call: SdkCall): Error | undefined {
  switch (fault) {
    case "conflict":
      return call.command === "TransactWriteItems" ? conflictOf(call) : new TransactionConflictException(refused);
    case "in_progress":
      return new TransactionInProgressException({ ...refused, Message: "injected" });
    case "throttled":
      return new ThrottlingException(refused);
    case "throughput_exceeded":
      return new ProvisionedThroughputExceededException(refused);
    case "server_error":
      return new InternalServerError({ message: "injected", $metadata: { httpStatusCode: 500, attempts: 3 } });
    case "timeout_before":
      return timeout();
    default:
      return undefined;
  }
}

/** As the SDK's HTTP handler raises it when no answer came in time. */
const timeout = (): Error => Object.assign(new Error("Connection timed out after 3000 ms"), { name: "TimeoutError" });

/** A whole transaction is cancelled because somebody else's is at work on its first item, for a post the wallet. */
function conflictOf({ input }: SdkCall): TransactionCanceledException {
  const items = input.TransactItems as readonly unknown[];
  const reasons = items.map(
    (_, at): CancellationReason =>
      at === 0 ? { Code: "TransactionConflict", Message: "Transaction is ongoing for the item" } : { Code: "None" },
  );
  const codes = reasons.map(({ Code }) => Code).join(", ");
  return new TransactionCanceledException({
    ...refused,
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    CancellationReasons: reasons,
  });
}

/** Keeps each different answer of a read, and returns those from before this one. */
function remember(answers: Map<string, Output[]>, { command, input }: SdkCall, output: Output): readonly Output[] {
  const { ConsistentRead: _, ...asked } = input;
  const name = JSON.stringify([command, asked]);
  const before = answers.get(name) ?? [];
  if (!isDeepStrictEqual(before.at(-1), output)) answers.set(name, [...before, output]);
  return before;
}

const nothing = ({ command }: SdkCall): Output => (command === "GetItem" ? {} : { Items: [], Count: 0, ScannedCount: 0 });

/** One of the earlier answers, or that there is nothing yet. */
const older = (call: SdkCall, before: readonly Output[], random: () => number): Output =>
  before[Math.floor(random() * (before.length + 1))] ?? nothing(call);

/** Each entry of the page is missing by chance; an earlier page may stand in for the whole of it. */
function lagging(output: Output, before: readonly Output[], random: () => number): Output {
  const page = before[Math.floor(random() * (before.length + 1))];
  if (page) return page;
  const Items = (output.Items as readonly unknown[]).filter(() => random() < 0.5);
  return { ...output, Items, Count: Items.length };
}
