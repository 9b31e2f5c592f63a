import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Attack, Sent } from "./attack.ts";

export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly tookMs: number;
}

/** Whoever does not answer in this time has hung. */
const GIVE_UP_MS = 15_000;

export interface Attacker {
  send(request: Attack["request"]): Promise<Answer>;
  close(): void;
}

/** Sends exactly what it is told: a browser's client would tidy the path, join headers and refuse the rest. */
export function createAttacker(origin: string): Attacker {
  const { hostname, port, host } = new URL(origin);
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  return {
    send: (sent) => (Buffer.isBuffer(sent) ? sendBytes({ hostname, port: Number(port) }, sent) : sendRequest(sent)),
    close: () => agent.destroy(),
  };

  async function sendRequest({ method, path, headers, body }: Sent): Promise<Answer> {
    const startedAt = performance.now();
    const named = headers.some(([name]) => name.toLowerCase() === "host") ? headers : [["host", host] as const, ...headers];
    const length = body === undefined ? [] : ["content-length", String(Buffer.byteLength(body))];
    const outgoing = request({ hostname, port, path, method, headers: [...named.flat(), ...length], agent });
    outgoing.setTimeout(GIVE_UP_MS, () => outgoing.destroy(new Error(`no answer within ${GIVE_UP_MS} ms`)));
    outgoing.end(body);
    const [response] = await once(outgoing, "response");
    const received = await buffer(response);
    const answered = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
    return { status: response.statusCode, headers: answered, body: received.toString("utf8"), tookMs: performance.now() - startedAt };
  }
}

async function sendBytes(to: { readonly hostname: string; readonly port: number }, bytes: Buffer): Promise<Answer> {
  const startedAt = performance.now();
  const socket = connect(to.port, to.hostname);
  socket.setTimeout(GIVE_UP_MS, () => socket.destroy(new Error(`no answer within ${GIVE_UP_MS} ms`)));
  socket.write(bytes);
  const text = (await buffer(socket)).toString("utf8");
  const [head = "", ...rest] = text.split("\r\n\r\n");
  const [line = "", ...fields] = head.split("\r\n");
  const headers = Object.fromEntries(
    fields.map((field) => {
      const colon = field.indexOf(":");
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
    }),
  );
  return { status: Number(line.split(" ")[1] ?? 0), headers, body: rest.join("\r\n\r\n"), tookMs: performance.now() - startedAt };
}
