import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { listenFailure, type Ports } from "./ports.ts";

/** How long requests in progress may take to finish once the server closes. */
const DRAIN_MS = 5_000;

export interface LocalServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** Who answers from now on. Until then every request gets 503. */
  handle(listener: RequestListener): void;
  /** Takes no more connections and waits for the requests in progress. May be called more than once. */
  close(): Promise<void>;
}

/**
 * An HTTP server on the loopback interface, bound before there is anybody to answer, because the parts need each other's
 * addresses. Throws `StartFailure` when the port is taken.
 */
export async function openServer(part: keyof Ports, port: number): Promise<LocalServer> {
  let current: RequestListener = (_request, response) => {
    response.writeHead(503, { "retry-after": "1" }).end();
  };
  // Larger than any limit of ours, so that the gateway answers oversize headers itself.
  const server = createServer({ maxHeaderSize: 128 * 1024 }, (request, response) => current(request, response));
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    throw listenFailure(part, port, error);
  }
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  let closed: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${address.port}`,
    handle(listener) {
      current = listener;
    },
    close() {
      closed ??= new Promise((resolve) => {
        // A kept-alive connection that falls idle after close() would hold the server open.
        const idle = setInterval(() => server.closeIdleConnections(), 20);
        const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
        server.close(() => {
          clearInterval(idle);
          clearTimeout(force);
          resolve();
        });
      });
      return closed;
    },
  };
}
