import type { RequestListener, ServerResponse } from "node:http";
import { decodePath, splitTarget } from "./gateway-event.ts";
import { deadLetterName, type Queues } from "./queues.ts";
import type { Scheduler } from "./scheduler.ts";

interface Options {
  /** The origin of the app. A page of any other origin is refused. */
  readonly origin: string;
  readonly queues: Queues;
  readonly queueNames: readonly string[];
  readonly scheduler: Scheduler;
}

/**
 * What a developer does by hand, below `/_local/`, on this machine only: `POST schedules/{name}` runs a schedule now,
 * `GET queues` counts messages, `POST queues/{name}/redrive` brings dead letters back.
 */
export function createControl({ origin, queues, queueNames, scheduler }: Options): RequestListener {
  const hosts = [new URL(origin).host, `localhost:${new URL(origin).port}`];
  return async (request, response) => {
    // Another site's page can send requests to this machine, and point a name of its own at it.
    const foreign = request.headers.origin !== undefined && request.headers.origin !== origin;
    if (foreign || !hosts.includes(request.headers.host ?? ""))
      return json(response, 403, { message: "This address answers its own machine only" });
    const [, , noun, name, verb, ...rest] = splitTarget(request.url ?? "/")
      .path.split("/")
      .map((part) => decodePath(part) ?? "");
    const asked = rest.length > 0 ? "" : [request.method, noun, name && "{name}", verb].filter(Boolean).join(" ");
    try {
      if (asked === "GET queues") return json(response, 200, Object.fromEntries(queueNames.map((queue) => [queue, depths(queues, queue)])));
      if (asked === "POST queues {name} redrive" && name && queueNames.includes(name))
        return json(response, 200, { redriven: await queues.redrive(name) });
      if (asked === "POST schedules {name}" && name) return json(response, 200, { result: await scheduler.push(name) });
      return json(response, 404, { message: "Not Found" });
    } catch (error) {
      return json(response, error instanceof RangeError ? 404 : 500, { message: error instanceof Error ? error.message : String(error) });
    }
  };
}

const depths = (queues: Queues, name: string) => ({ ...queues.depth(name), dead: queues.depth(deadLetterName(name)).waiting });

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" }).end(`${JSON.stringify(body)}\n`);
}
