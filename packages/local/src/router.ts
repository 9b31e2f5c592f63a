import { decodePath } from "./gateway-event.ts";

/** The route of a request and its decoded path parameters. */
export interface Match<Row> {
  readonly routeKey: string;
  readonly row: Row;
  readonly pathParameters: Readonly<Record<string, string>>;
}

type Router<Row> = (method: string, path: string) => Match<Row> | undefined;

/** Matches as an HTTP API does: whole segments, a literal before a parameter, a trailing slash is another path. */
export function createRouter<Row>(routes: Readonly<Record<string, Row>>): Router<Row> {
  const rows = Object.entries(routes)
    .map(([routeKey, row]) => {
      const [method = "", path = ""] = routeKey.split(" ");
      return { routeKey, row, method, segments: path.split("/") };
    })
    .sort((a, b) => parameterCount(a.segments) - parameterCount(b.segments));
  const literals = new Map(
    rows
      .filter(({ segments }) => parameterCount(segments) === 0)
      .map(({ routeKey, row }) => [routeKey, { routeKey, row, pathParameters: {} } satisfies Match<Row>]),
  );
  const withParameters = rows.filter(({ segments }) => parameterCount(segments) > 0);
  return (method, path) => {
    const sent = path.split("/").map(decodePath);
    // A segment that decodes to a slash is not two segments.
    const literal = sent.some((segment) => segment?.includes("/")) ? undefined : literals.get(`${method} ${sent.join("/")}`);
    if (literal) return literal;
    for (const { routeKey, row, method: wanted, segments } of withParameters) {
      if (wanted !== method || segments.length !== sent.length) continue;
      const pathParameters = matchSegments(segments, sent);
      if (pathParameters) return { routeKey, row, pathParameters };
    }
    return undefined;
  };
}

const parameterName = (segment: string): string | undefined => /^\{(.+)\}$/.exec(segment)?.[1];
const parameterCount = (segments: readonly string[]): number => segments.filter((segment) => parameterName(segment) !== undefined).length;

function matchSegments(wanted: readonly string[], sent: readonly (string | undefined)[]): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = sent[index];
    if (value === undefined) return undefined;
    const name = parameterName(segment);
    if (name === undefined) {
      if (value !== segment) return undefined;
    } else {
      if (value === "") return undefined;
      parameters[name] = value;
    }
  }
  return parameters;
}
