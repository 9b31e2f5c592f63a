import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { validateRequest } from "twilio/lib/webhooks/webhooks.js";

/** A request as the app got it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether the official SDK believes that Twilio sent it. */
  readonly signed: boolean;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What the app does at an address: a document, or anything else. `never`: it doesn't answer. */
export type Answer = string | { readonly status?: number; readonly type?: string; readonly body?: string } | "never";

export interface FakeApp {
  readonly url: string;
  readonly received: Received[];
  /** By path, method left out. What has no entry is answered 204. */
  readonly answers: Record<string, Answer | ((received: Received) => Answer)>;
  /** What came to a path. */
  at(path: string): readonly Received[];
  reset(): void;
  stop(): Promise<void>;
}

/** A document of these verbs. */
export const twiml = (...verbs: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs.join("")}</Response>`;

/** An app that is called by the sandbox, on a port of its own. It checks signatures as a real one does. */
export async function startFakeApp(authToken: () => string): Promise<FakeApp> {
  const received: Received[] = [];
  const answers: FakeApp["answers"] = {};
  let url = "";
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const target = `${url}${incoming.url}`;
    const { pathname: path, searchParams } = new URL(target);
    const body = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    const one: Received = {
      method: incoming.method ?? "",
      path,
      parameters: incoming.method === "GET" ? Object.fromEntries(searchParams) : body,
      signed: validateRequest(authToken(), String(incoming.headers["x-twilio-signature"] ?? ""), target, body),
      headers: incoming.headers,
    };
    received.push(one);
    const found = answers[path];
    const answer = typeof found === "function" ? found(one) : found;
    if (answer === "never") return;
    const {
      status = 200,
      type = "text/xml",
      body: text = "",
    } = typeof answer === "string" ? { body: answer } : (answer ?? { status: 204 });
    outgoing.writeHead(status, { "content-type": type }).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    received,
    answers,
    at: (path) => received.filter((one) => one.path === path),
    reset: () => {
      received.length = 0;
      for (const path of Object.keys(answers)) delete answers[path];
    },
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
