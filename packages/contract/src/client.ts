import type * as z from "zod/mini";
import { ERROR_CODES, type ErrorCode } from "./error-codes.ts";
import type { Problem } from "./errors.ts";
import type { Operation, Output } from "./operation.ts";
import { operations } from "./operations.ts";

type Operations = typeof operations;

/** Every operation that a client can call: webhooks belong to the vendor that signs them. */
export type Callable = { [K in keyof Operations]: Operations[K]["auth"] extends "signature" ? never : K }[keyof Operations];

/** Optional where the contract has a default, and of the type that the server will read (a coerced number is a number here). */
type Sent<In, Out> = { [K in keyof In]: K extends keyof Out ? Out[K] : never };
type SentOf<S> = S extends z.core.$ZodType ? Sent<z.input<S>, z.output<S>> : never;
type Given<O extends Operation, Part extends "params" | "query" | "body"> = O[Part] extends z.core.$ZodType
  ? Record<never, never> extends SentOf<O[Part]>
    ? { readonly [P in Part]?: SentOf<O[Part]> }
    : { readonly [P in Part]: SentOf<O[Part]> }
  : unknown;

/** What an operation wants from its caller. */
export type Request<O extends Operation> = Given<O, "params"> & Given<O, "query"> & Given<O, "body">;

interface CallOptions {
  readonly signal?: AbortSignal;
}
interface IdempotentOptions extends CallOptions {
  /** Names this operation: the same key on a retry gets the first answer. */
  readonly idempotencyKey: string;
}

type Arguments<O extends Operation> = O extends { readonly idempotent: true }
  ? [request: Request<O>, options: IdempotentOptions]
  : Record<never, never> extends Request<O>
    ? [request?: Request<O>, options?: CallOptions]
    : [request: Request<O>, options?: CallOptions];

type Tabular = { [K in Callable]: Operations[K] extends { readonly csv: true } ? K : never }[Callable];

/** A part of a list as a file for spreadsheets. */
export interface CsvPart {
  readonly csv: string;
  /** Hand it back as `cursor` for the next part. Null at the end. */
  readonly nextCursor: string | null;
}

export type Client = { readonly [K in Callable]: (...args: Arguments<Operations[K]>) => Promise<Output<Operations[K]>> } & {
  readonly [K in Tabular as `${K}Csv`]: (...args: Arguments<Operations[K]>) => Promise<CsvPart>;
};

export interface ClientOptions {
  /** Where the API is, without a slash at the end. Empty in a browser on the same origin. */
  readonly baseUrl: string;
  /** A current access token. Asked for on each call that needs one. */
  readonly token: () => string | Promise<string>;
  readonly fetch?: typeof globalThis.fetch;
}

/** An answer that is not a success, with its problem document. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;
  /** What `Retry-After` said, if it was there. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Problem, retryAfterSeconds?: number) {
    super(`${problem.code}: ${problem.detail}`);
    this.problem = problem;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The gateway refuses some requests itself (no token, throttled), and doesn't speak in problem documents. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: "request.invalid",
  401: "auth.required",
  403: "auth.forbidden",
  404: "request.route_unknown",
  413: "request.too_large",
  415: "request.media_type",
  429: "service.busy",
  503: "service.busy",
  504: "outcome.unknown",
};

async function problemOf(answer: Response): Promise<Problem> {
  const text = await answer.text();
  if (answer.headers.get("content-type")?.startsWith("application/problem+json")) return JSON.parse(text) as Problem;
  const code = CODE_OF_STATUS[answer.status] ?? "internal.failure";
  const { title } = ERROR_CODES[code];
  const requestId = answer.headers.get("x-request-id") ?? answer.headers.get("apigw-requestid") ?? "";
  return { type: `/problems/${code}`, title, status: answer.status, code, detail: `${title}.`, requestId };
}

interface Parts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

function urlOf(operation: Operation, baseUrl: string, { params = {}, query = {} }: Parts): string {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return `${baseUrl}${path}${search.size ? `?${search}` : ""}`;
}

function caller(
  operation: Operation,
  { baseUrl, token, fetch = globalThis.fetch }: ClientOptions,
  accept: string,
  read: (answer: Response) => Promise<unknown>,
) {
  return async (parts: Parts = {}, options: Partial<IdempotentOptions> = {}): Promise<unknown> => {
    const headers = new Headers({ accept });
    if (operation.auth === "jwt") headers.set("authorization", `Bearer ${await token()}`);
    if (parts.body !== undefined) headers.set("content-type", "application/json");
    if (options.idempotencyKey !== undefined) headers.set("idempotency-key", options.idempotencyKey);
    const answer = await fetch(urlOf(operation, baseUrl, parts), {
      method: operation.method,
      headers,
      ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    if (answer.ok) return read(answer);
    const retryAfter = Number(answer.headers.get("retry-after") ?? Number.NaN);
    throw new ProblemError(await problemOf(answer), Number.isFinite(retryAfter) ? retryAfter : undefined);
  };
}

const NEXT = /<([^>]*)>\s*;\s*rel="?next"?/;

async function csvPart(answer: Response): Promise<CsvPart> {
  const [, next] = NEXT.exec(answer.headers.get("link") ?? "") ?? [];
  // The address is relative, and only its query is wanted.
  const nextCursor = next === undefined ? null : new URL(next, "https://any.example").searchParams.get("cursor");
  return { csv: await answer.text(), nextCursor };
}

/**
 * The API as functions, one per operation, and another with `Csv` behind its name where the answer can be a file. Each throws
 * `ProblemError` for an answer that is not a success, and whatever `fetch` throws when there is no answer: then an idempotent
 * operation is to be repeated with the same key.
 */
export function createClient(options: ClientOptions): Client {
  const calls = Object.entries<Operation>(operations)
    .filter(([, operation]) => operation.auth !== "signature")
    .flatMap(([name, operation]) => [
      [name, caller(operation, options, "application/json", (answer) => answer.json())],
      ...(operation.csv ? [[`${name}Csv`, caller(operation, options, "text/csv", csvPart)]] : []),
    ]);
  return Object.fromEntries(calls) as Client;
}
