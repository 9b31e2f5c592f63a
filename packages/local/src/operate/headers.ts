import { contentSecurityPolicy, isolationHeaders } from "../../../../stacks/security-headers.ts";
import { EXIT, readArguments, runTool, type Tool } from "./tool.ts";

const HELP = `npm run headers [-- --url https://…]

Asks a running Aira (the laptop's by default) for its entry page, a page that the dashboard routes by itself, a file of its build, its
configuration and an address of the API that does not exist, prints what browsers and caches are told of each, and ends with 1 when
that is not what stacks/web.ts promises.`;

/** What each answer must say, by header. A pattern is matched, a text is compared. */
type Promised = Readonly<Record<string, string | RegExp>>;

const page: Promised = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  // Who the identity provider is, and where voicemail is kept, differs; nothing else does.
  "content-security-policy": new RegExp(
    `^${contentSecurityPolicy(["IDENTITY"], "RECORDINGS")
      .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
      .replace(" IDENTITY", "[^;]*")
      .replace(" RECORDINGS", " [^; ]*")}$`,
  ),
  ...isolationHeaders,
};

interface Asked {
  readonly path: string;
  readonly status: number;
  readonly promised: Promised;
}

const asked = (asset: string): readonly Asked[] => [
  { path: "/", status: 200, promised: { ...page, "content-type": /^text\/html/, "cache-control": "no-store" } },
  { path: "/numbers", status: 200, promised: { ...page, "content-type": /^text\/html/, "cache-control": "no-store" } },
  { path: asset, status: 200, promised: { ...page, "cache-control": "public, max-age=31536000, immutable" } },
  { path: "/config.json", status: 200, promised: { ...page, "content-type": /^application\/json/, "cache-control": /^no-(store|cache)/ } },
  { path: "/api/no-such-route", status: 404, promised: { "content-type": /^application\/(problem\+)?json/ } },
];

/** Shows the headers of a running app, and whether they are those of the stack. */
export const headersTool: Tool = async (args, { environment, out }) => {
  const { values } = readArguments("headers", args, { url: { type: "string" }, help: { type: "boolean" } });
  if (values.help) {
    out(HELP);
    return EXIT.ok;
  }
  const base = values.url ?? `http://127.0.0.1:${environment.PORT || 3000}`;
  const entry = await (await fetch(new URL("/", base))).text();
  const asset = /"(\/assets\/[^"]+\.js)"/.exec(entry)?.[1];
  if (asset === undefined) {
    out(`${base} serves no built dashboard.`);
    return EXIT.found;
  }
  let wrong = 0;
  for (const { path, status, promised } of asked(asset)) {
    const answer = await fetch(new URL(path, base), { redirect: "manual" });
    out(`${path}  ${answer.status}`);
    if (answer.status !== status) wrong++;
    for (const [name, value] of Object.entries(promised)) {
      const told = answer.headers.get(name);
      const kept = told !== null && (typeof value === "string" ? told === value : value.test(told));
      if (!kept) wrong++;
      out(`  ${kept ? "ok" : "NO"}  ${name}: ${told ?? "(absent)"}`);
    }
  }
  out(wrong === 0 ? "Every header is as the stack promises." : `${wrong} of them are not as the stack promises.`);
  return wrong === 0 ? EXIT.ok : EXIT.found;
};

if (import.meta.main) await runTool(headersTool);
