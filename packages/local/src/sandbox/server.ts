import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Thrown by a handler: the connection ends without an answer, and the caller can't know what was done. */
export class Dropped extends Error {
  override readonly name = "Dropped";
  constructor() {
    super("the connection was dropped");
  }
}

export interface RunningServer {
  readonly port: number;
  stop(): Promise<void>;
}

interface Options {
  /** Who is stood in for. */
  readonly vendor: string;
  /** 0: any free one. */
  readonly port: number;
  readonly maxBodyBytes: number;
  readonly handle: (request: Request) => Promise<Response>;
}

async function bodyOf(incoming: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

async function respond({ handle, maxBodyBytes }: Options, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  const body = await bodyOf(incoming, maxBodyBytes);
  if (body === undefined) {
    outgoing.writeHead(413, { connection: "close" }).end();
    return;
  }
  const method = incoming.method ?? "GET";
  const headers = Object.entries(incoming.headersDistinct).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  );
  // Absolute addresses in answers lead back to where the caller came in, behind a forwarded port too.
  const host = incoming.headers.host ?? "127.0.0.1";
  const request = new Request(`http://${host}${incoming.url ?? "/"}`, {
    method,
    headers,
    signal: gone.signal,
    ...(method !== "GET" && method !== "HEAD" && { body }),
  });
  const response = await handle(request);
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(method === "HEAD" ? undefined : Buffer.from(await response.arrayBuffer()));
}

/** Serves a sandbox's web handler on 127.0.0.1. A busy port rejects with the system's EADDRINUSE error. */
export async function serve(options: Options): Promise<RunningServer> {
  const server = createServer((incoming, outgoing) => {
    respond(options, incoming, outgoing).catch((error: unknown) => {
      if (error instanceof Dropped) return void outgoing.destroy();
      // A caller that gave up needs no answer; anything else is a fault of the sandbox, and says so.
      if (outgoing.destroyed) return;
      console.error(`The ${options.vendor} sandbox failed:`, error);
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end();
    });
  });
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
