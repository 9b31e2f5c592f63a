import { ControlFault, type ControlRoute } from "./control-route.ts";

/** What a refused request is answered. */
interface Refusal {
  readonly status: number;
  readonly error: { readonly message: string };
}

interface Control<Options> {
  readonly routes: readonly ControlRoute<Options>[];
  /** Before each run of a route. */
  readonly before?: (options: Options) => void;
  /** How the vendor's own refusals are answered. Undefined: it is none, but a fault of the sandbox. */
  readonly refusalOf: (error: unknown) => Refusal | undefined;
}

async function bodyOf(request: Request): Promise<unknown> {
  if (request.method === "GET") return {};
  const text = await request.text();
  if (text === "") return {};
  // A plain HTML form of another site can send text, never JSON: this keeps strange pages out.
  if (!request.headers.get("content-type")?.startsWith("application/json"))
    throw new ControlFault(415, "the body: must be JSON, sent with content-type application/json");
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ControlFault(400, `the body: is no valid JSON (${error instanceof Error ? error.message : error})`);
  }
}

const json = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", "cache-control": "no-store" } });

/** A sandbox's own API under `/_sandbox/`. The handler answers undefined for a path that is not its own. */
export function createControl<Options>({ routes, before = () => {}, refusalOf }: Control<Options>) {
  return async (options: Options, request: Request): Promise<Response | undefined> => {
    const { pathname, searchParams: query } = new URL(request.url);
    if (!pathname.startsWith("/_sandbox/")) return undefined;
    try {
      const here = routes.filter((candidate) => candidate.path.test(pathname));
      const found = here.find((candidate) => candidate.method === request.method);
      if (!found && here.length > 0)
        throw new ControlFault(405, `${pathname} takes ${here.map((candidate) => candidate.method).join(" and ")}, not ${request.method}.`);
      if (!found) throw new ControlFault(404, `There is nothing at ${request.method} ${pathname}.`);
      const body = await bodyOf(request);
      before(options);
      const id = (found.path.exec(pathname)?.[1] ?? "").replace(/^%2B/i, "+");
      return json(200, await found.run(options, { body, id, query, signal: request.signal }));
    } catch (error) {
      if (error instanceof ControlFault) return json(error.status, { error: { message: error.message } });
      const refusal = refusalOf(error);
      if (refusal) return json(refusal.status, { error: refusal.error });
      throw error;
    }
  };
}
