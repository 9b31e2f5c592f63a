import type { Input, Operation, Output } from "@aira/contract";
import { AiraError, invariant } from "@aira/core/lib";
import type { Answer, NamedRequest, RunAnswer } from "@aira/core/requests";
import { prefersCsv } from "./accept.ts";
import { answering, type GatewayEvent, type RouteOf } from "./answering.ts";
import { identified, type WithCaller } from "./caller.ts";
import { CsvFile } from "./csv.ts";
import { keyed, type WithIdempotencyKey } from "./idempotency-key.ts";
import { validated, type WithInput } from "./input.ts";
import type { Logger } from "./logger.ts";
import { commonHeaders, type HttpResponse } from "./problem.ts";
import { Unsettled } from "./unsettled.ts";

type HttpEvent = GatewayEvent & WithCaller & WithInput & WithIdempotencyKey;

/** What a handler knows of a request beside its input. */
export interface HttpContext<O extends Operation = Operation> {
  /** Whose everything is: the access token's `sub`. */
  readonly owner: O["auth"] extends "jwt" ? string : undefined;
  readonly groups: readonly string[];
  readonly requestId: string;
  readonly idempotencyKey: O extends { readonly idempotent: true } ? string : undefined;
  /** The operation as its row in routes.ts is named. */
  readonly route: string;
  /** Whether the client prefers a `CsvFile` to the output. Always false where the contract knows of none. */
  readonly wantsCsv: boolean;
  /** Epoch milliseconds: when Lambda will end this invocation. */
  readonly deadline: number;
  readonly log: Logger;
}

type Result<O extends Operation> =
  | Output<O>
  | (O extends { readonly csv: true } ? CsvFile : never)
  | (O extends { readonly unsettled: 202 } ? Unsettled<Output<O>> : never);
type Run<O extends Operation> = (input: Input<O>, context: HttpContext<O>) => Promise<Result<O>>;

/** Runs a named request once and answers its repeats. */
export type Once = (request: NamedRequest, log: Logger, run: () => Promise<RunAnswer>) => Promise<Answer & { readonly replayed: boolean }>;

/**
 * The handler of one operation: it receives what passed the contract, and returns what the contract promises. Every error becomes a
 * problem document. An idempotent operation can't be composed without its `once`.
 */
export function http<const O extends Operation>(
  operation: O,
  run: Run<O>,
  ...rest: O extends { readonly idempotent: true } ? [once: Once] : []
) {
  const [once] = rest as readonly [Once?];
  const route: RouteOf<Operation> = `${operation.method} ${operation.path}`;
  const through = [identified<HttpEvent>(operation), keyed<HttpEvent>(operation), validated<HttpEvent>(operation)];
  return answering<HttpEvent>({ route, through, tooLate: () => tooLate(operation) }, async (event) => {
    const { input, caller, idempotencyKey: key, deadline, log } = event;
    const { requestId } = event.requestContext;
    const wantsCsv = operation.csv === true && prefersCsv(event.headers.accept);
    // What the middlewares put there follows from the operation, as the types of Input and HttpContext do.
    const context = {
      owner: caller?.owner,
      groups: caller?.groups ?? [],
      requestId,
      idempotencyKey: key,
      route,
      wantsCsv,
      deadline,
      log,
    };
    const result = () => run(input as Input<O>, context as HttpContext<O>);
    const json = async (): Promise<RunAnswer> => answerOf(operation, await result());
    if (once) {
      invariant(caller && key, `${route} is idempotent, so it needs a caller and a key`);
      return respond(await once({ owner: caller.owner, route, key, input, deadline }, log, json), requestId);
    }
    if (!operation.csv) return respond(await json(), requestId);
    const found = await result();
    const response =
      found instanceof CsvFile ? sendFile(found, operation.status, requestId) : respond(answerOf(operation, found), requestId);
    return { ...response, headers: { ...response.headers, vary: "accept" } };
  });
}

function answerOf({ status, unsettled }: Operation, found: unknown): RunAnswer {
  if (found instanceof Unsettled) return { status: unsettled ?? status, body: JSON.stringify(found.output), unsettled: true };
  return { status, body: JSON.stringify(found) };
}

function respond({ status, body, replayed = false }: Answer & { readonly replayed?: boolean }, requestId: string): HttpResponse {
  return {
    statusCode: status,
    headers: { ...commonHeaders(requestId), "content-type": "application/json", ...(replayed ? { "idempotency-replayed": "true" } : {}) },
    body,
  };
}

function sendFile({ text, name, next }: CsvFile, statusCode: number, requestId: string): HttpResponse {
  return {
    statusCode,
    headers: {
      ...commonHeaders(requestId),
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}"`,
      ...(next === undefined ? {} : { link: `<${next}>; rel="next"` }),
    },
    body: text,
  };
}

/** What is not named by a key is harmless to repeat. What a named write did is not known yet, but the same key finds out. */
function tooLate({ idempotent }: Operation): never {
  if (!idempotent) throw new AiraError("service.busy", "This took too long. Please try again.", { retryAfterSeconds: 1 });
  throw new AiraError(
    "outcome.unknown",
    "This took too long and may have been done. Repeat it with the same Idempotency-Key to find out.",
    {
      retryAfterSeconds: 2,
    },
  );
}
