import type { Agent, AgentOptions, ClientRequest, IncomingHttpHeaders, request } from "node:http";

export interface Post {
  readonly protocol: string;
  readonly hostname: string;
  /** Empty or undefined: the protocol's own. */
  readonly port: string | number | undefined;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** How long is waited, in milliseconds. */
export interface Limits {
  /** For a new connection. */
  readonly connectMs: number;
  /** For the whole answer. */
  readonly answerMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** An answer that has arrived as a whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** A way to post over connections that are kept. */
export interface Transport {
  /**
   * Errors: Node's own, those of a broken connection under the name that AWS's SDK gives them (`TimeoutError`, as what was sent may have
   * arrived); a `TimeoutError` when a limit passes; an `AbortError`.
   */
  post(post: Post, limits: Limits): Promise<Answer>;
  /** Closes the connections. */
  destroy(): void;
}

/** As many connections as the SDK's own handler opens. */
const MAX_SOCKETS = 50;

/**
 * Posts by Node's `http`: a third of the processor time of a `fetch`, and leaner than the SDK's own handler, which sets up to five timers
 * for each request and hands answers on as streams.
 */
export function createTransport(): Transport {
  const lines = new Map<string, Promise<Line>>();
  const agents: Agent[] = [];
  const connecting = ({ request, Agent: Make }: HttpModule): Line => {
    const agent = new Make({ keepAlive: true, maxSockets: MAX_SOCKETS });
    agents.push(agent);
    return { request, agent };
  };
  // Loaded by the first request: none of it belongs to the import of a handler. HTTPS at AWS, plain HTTP on a laptop.
  const lineOf = (protocol: string): Promise<Line> => {
    const known = lines.get(protocol);
    if (known) return known;
    const line = protocol === "https:" ? import("node:https").then(connecting) : import("node:http").then(connecting);
    lines.set(protocol, line);
    return line;
  };
  return {
    post: async (post, limits) => exchange(await lineOf(post.protocol), post, limits),
    destroy() {
      for (const agent of agents.splice(0)) agent.destroy();
      lines.clear();
    },
  };
}

interface HttpModule {
  readonly request: typeof request;
  readonly Agent: new (options: AgentOptions) => Agent;
}

interface Line {
  readonly request: typeof request;
  readonly agent: Agent;
}

/** A connection that broke: whether the request was carried out is not known. */
const BROKEN: ReadonlySet<unknown> = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT"]);

function exchange({ request, agent }: Line, { protocol, hostname, port, path, headers, body }: Post, limits: Limits): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { connectMs, answerMs, signal } = limits;
    if (signal?.aborted) return reject(aborted(signal));
    const sending = request(
      { method: "POST", protocol, hostname: hostname.replace(/^\[|\]$/g, ""), port, path, agent, headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", failed);
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: whole(chunks) }));
      },
    );
    const failed = (error: Error & { readonly code?: unknown }) =>
      reject(BROKEN.has(error.code) ? Object.assign(error, { name: "TimeoutError" }) : error);
    const abort = () => sending.destroy(aborted(signal));
    const late = setTimeout(() => sending.destroy(timeout(`no answer within ${answerMs} ms`)), answerMs);
    sending.on("error", failed);
    sending.once("close", () => {
      clearTimeout(late);
      signal?.removeEventListener("abort", abort);
    });
    signal?.addEventListener("abort", abort);
    limitConnecting(sending, connectMs);
    sending.end(body);
  });
}

function limitConnecting(sending: ClientRequest, connectMs: number): void {
  sending.once("socket", (socket) => {
    if (!socket.connecting) return;
    const late = setTimeout(() => sending.destroy(timeout(`no connection within ${connectMs} ms`)), connectMs);
    socket.once("connect", () => clearTimeout(late));
    sending.once("close", () => clearTimeout(late));
  });
}

const whole = (chunks: readonly Buffer[]): Buffer => (chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
const timeout = (message: string): Error => Object.assign(new Error(message), { name: "TimeoutError" });
const aborted = (signal: AbortSignal | undefined): Error =>
  Object.assign(new Error("Request aborted", { cause: signal?.reason }), { name: "AbortError" });
