import { once } from "node:events";
import { createServer } from "node:net";
import { StartFailure } from "./start-failure.ts";

/** The variable that names each port. A port of 0 means any free one. */
export const PORT_VARIABLES = {
  app: "PORT",
  table: "TABLE_PORT",
  queue: "QUEUE_PORT",
  identity: "IDENTITY_PORT",
  stripe: "STRIPE_PORT",
  twilio: "TWILIO_PORT",
} as const;

export type Ports = Record<keyof typeof PORT_VARIABLES, number>;

/** The sentence for a port that another process holds. */
export const portInUse = (part: keyof Ports, port: number): StartFailure =>
  new StartFailure(`${PORT_VARIABLES[part]} ${port} is in use: set ${PORT_VARIABLES[part]} to another port`);

/** A port that was free a moment ago on this machine's loopback. */
export const freePort = (): Promise<number> => probe(0);

/** Fails with the sentence that names the variable when the port is taken, before anything has been started on it. */
export async function requireFreePort(part: keyof Ports, port: number): Promise<void> {
  try {
    await probe(port);
  } catch (error) {
    throw listenFailure(part, port, error);
  }
}

/** What a failure to listen means to the person at the keyboard. */
export function listenFailure(part: keyof Ports, port: number, error: unknown): Error {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return portInUse(part, port);
  const variable = PORT_VARIABLES[part];
  if (code === "EACCES") return new StartFailure(`${variable} ${port} needs more rights: set ${variable} to a port above 1023`);
  return error instanceof Error ? error : new Error(String(error));
}

async function probe(port: number): Promise<number> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("a TCP server has a port");
  return address.port;
}
