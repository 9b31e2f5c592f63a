import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build } from "esbuild";
import { type Bench, withResources } from "../bench.ts";
import { bundleRules, forbiddenModules } from "../bundle-rules.ts";
import { type ColdImport, coldImport } from "../cold-import.ts";
import { deploymentOptions, sstDefaults } from "../deployment-bundle.ts";
import { type DeployedHandler, deployedHandlers } from "../handlers.ts";
import { kilobytes, milliseconds, significant } from "../report/format.ts";
import type { Section, Verdict } from "../report/section.ts";
import { median } from "../statistics.ts";
import { type BundleClass, bundleClassOf, bundleTargets, targets } from "../targets.ts";

interface Bundle {
  readonly file: string;
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly bytesByModule: Readonly<Record<string, { readonly bytesInOutput: number }>>;
}

/** The naive handlers, each as SST builds it for a project that sets nothing, and minified. */
const NAIVE = ["everything", "webhook", "wallet", "telephony-webhook", "telephony"] as const;
type Naive = (typeof NAIVE)[number];

/** The naive handler that carries nothing but what a handler of this kind calls. */
const OWN_KIND: Readonly<Record<BundleClass, Naive>> = {
  "webhook ingress": "webhook",
  "wallet API and consumer": "wallet",
  "calls Stripe": "wallet",
  "calls Twilio": "telephony",
  "Twilio's webhooks": "telephony-webhook",
};

interface MeasuredHandler {
  readonly handler: DeployedHandler;
  readonly bundle: Bundle;
  readonly cold: ColdImport;
  /** Import beyond the empty handler's, as a share of what the naive `everything` takes beyond it. */
  readonly share: number;
  /** Likewise, of the naive handler of its own kind. */
  readonly shareOfOwnKind: number;
}

export interface BundleFigures {
  readonly empty: ColdImport;
  readonly handlers: readonly MeasuredHandler[];
  readonly naive: Readonly<
    Record<Naive, { readonly bundle: Bundle; readonly minified: Bundle; readonly cold: ColdImport; readonly coldMinified: ColdImport }>
  >;
  readonly forbidden: readonly { readonly handler: string; readonly rule: string; readonly modules: readonly string[] }[];
  readonly rounds: number;
}

async function bundle(folder: string, name: string, entry: string, options: BuildOptions): Promise<Bundle> {
  const file = join(folder, `${name.replaceAll("/", "-")}.mjs`);
  const { metafile } = await build({ ...options, entryPoints: [entry], outfile: file });
  const code = await readFile(file);
  const [output] = Object.values(metafile?.outputs ?? {});
  return { file, bytes: code.length, gzipBytes: gzipSync(code).length, bytesByModule: output?.inputs ?? {} };
}

const medianOf = (samples: readonly ColdImport[]): ColdImport => ({
  importMs: median(samples.map(({ importMs }) => importMs)),
  heapBytes: median(samples.map(({ heapBytes }) => heapBytes)),
  residentBytes: median(samples.map(({ residentBytes }) => residentBytes)),
});

/**
 * Bundles every handler as the deployment does, and imports each in fresh processes. Rounds go over all bundles in turn, so that
 * whatever else the machine does falls on all of them alike.
 */
export function measureBundles(bench: Bench): Promise<BundleFigures> {
  return withResources(bench, async (own) => {
    const folder = await mkdtemp(join(tmpdir(), "aira-bench-"));
    own.defer(() => rm(folder, { recursive: true, force: true }));
    const naiveEntry = (name: string) => join(import.meta.dirname, "../naive", `${name}.ts`);

    bench.progress("bundling");
    const empty = await bundle(folder, "empty", naiveEntry("empty"), deploymentOptions);
    const ours: { handler: DeployedHandler; bundle: Bundle }[] = [];
    for (const handler of deployedHandlers)
      ours.push({ handler, bundle: await bundle(folder, handler.name, handler.file, deploymentOptions) });
    const naive = new Map<string, Bundle>();
    for (const name of NAIVE) {
      naive.set(name, await bundle(folder, `naive-${name}`, naiveEntry(name), sstDefaults));
      naive.set(`${name} minified`, await bundle(folder, `naive-${name}-min`, naiveEntry(name), { ...sstDefaults, minify: true }));
    }

    const rounds = bench.quick ? 2 : 9;
    const all = [empty, ...ours.map((one) => one.bundle), ...naive.values()];
    const samples = new Map<string, ColdImport[]>(all.map(({ file }) => [file, []]));
    for (let round = 1; round <= rounds; round++)
      for (const { file } of all) {
        bench.progress(`cold imports, round ${round} of ${rounds}`);
        samples.get(file)?.push(await coldImport(pathToFileURL(file).href));
      }
    const coldOf = ({ file }: Bundle): ColdImport => medianOf(samples.get(file) ?? []);
    const naiveOf = (name: string): Bundle => naive.get(name) ?? empty;
    const beyondEmpty = (one: Bundle): number => Math.max(0, coldOf(one).importMs - coldOf(empty).importMs);

    return {
      empty: coldOf(empty),
      rounds,
      handlers: ours.map(({ handler, bundle }) => ({
        handler,
        bundle,
        cold: coldOf(bundle),
        share: beyondEmpty(bundle) / beyondEmpty(naiveOf("everything")),
        shareOfOwnKind: beyondEmpty(bundle) / beyondEmpty(naiveOf(OWN_KIND[bundleClassOf(handler)])),
      })),
      naive: Object.fromEntries(
        NAIVE.map((name) => {
          const [plain, minified] = [naiveOf(name), naiveOf(`${name} minified`)];
          return [name, { bundle: plain, minified, cold: coldOf(plain), coldMinified: coldOf(minified) }];
        }),
      ) as BundleFigures["naive"],
      forbidden: ours.flatMap(({ handler, bundle }) =>
        [...forbiddenModules(handler, bundle.bytesByModule)].map(([rule, modules]) => ({ handler: handler.name, rule, modules })),
      ),
    };
  });
}

export function bundleSection(figures: BundleFigures): Section {
  const { empty, handlers, naive, forbidden, rounds } = figures;
  const row = (name: string, size: Bundle, cold: ColdImport, share: string, shareOfOwnKind: string) => [
    name,
    kilobytes(size.bytes),
    kilobytes(size.gzipBytes),
    milliseconds(cold.importMs),
    milliseconds(Math.max(0, cold.importMs - empty.importMs)),
    share,
    shareOfOwnKind,
    kilobytes(cold.heapBytes),
  ];
  return {
    title: "Bundles and cold imports",
    method: [
      "Every handler of the data tables, bundled as the deployment bundles it, then imported in fresh processes of the pinned Node without a compile cache",
      `(median of ${rounds} rounds over all bundles in turn). "Beyond empty" is what is left after an empty handler's import. "Of naive" compares that with the naive`,
      "`everything`: one module with whole `stripe`, `twilio`, `zod`, Powertools, middy and the AWS clients, as every handler has it that imports a shared module of clients, bundled by SST's",
      "defaults, which do not minify. That is the stated baseline, and it flatters handlers that would not need all of that. So `of its own kind` compares with a naive",
      "handler of the same packages by their roots, and only those that this kind calls: for Stripe's door `stripe` and SQS; for Twilio's webhooks without a table `twilio` and SQS; for whoever holds",
      "Twilio's token else `twilio` and DynamoDB's two clients; for all others `stripe` and DynamoDB's two. Heap is what the import leaves in use after a full collection.",
    ],
    tables: [
      {
        head: ["handler", "minified", "gzip", "cold import", "beyond empty", "of naive", "of its own kind", "heap"],
        rows: handlers.map(({ handler, bundle, cold, share, shareOfOwnKind }) =>
          row(handler.name, bundle, cold, significant(share), significant(shareOfOwnKind)),
        ),
      },
      {
        head: ["baseline", "size", "gzip", "cold import", "beyond empty", "", "", "heap"],
        rows: [
          ["an empty handler", "", "", milliseconds(empty.importMs), "", "", "", kilobytes(empty.heapBytes)],
          ...NAIVE.flatMap((name) => [
            row(`naive ${name}, SST's defaults`, naive[name].bundle, naive[name].cold, "", ""),
            row(`naive ${name}, minified`, naive[name].minified, naive[name].coldMinified, "", ""),
          ]),
        ],
      },
      {
        head: ["no bundle carries", "bundles looked at", "modules found"],
        rows: bundleRules.map(({ name }) => {
          const looked = forbidden.filter(({ rule }) => rule === name);
          return [name, String(looked.length), String(looked.flatMap(({ modules }) => modules).length)];
        }),
      },
    ],
    notes: [
      ...forbidden
        .filter(({ modules }) => modules.length > 0)
        .map(({ handler, rule, modules }) => `${handler} carries ${rule}: ${modules.length} modules, such as ${modules[0]}`),
    ],
    verdicts: bundleVerdicts(figures),
  };
}

function bundleVerdicts({ handlers, forbidden }: BundleFigures): Verdict[] {
  const sizes = Object.entries(bundleTargets).map(([name, { atMost, stretch }]): Verdict => {
    const bytes = handlers.filter(({ handler }) => bundleClassOf(handler) === name).map(({ bundle }) => bundle.bytes);
    const target = `${atMost} KB${stretch === undefined ? "" : ` (stretch ${stretch})`}`;
    if (bytes.length === 0) return { promise: `largest bundle: ${name}`, target, measured: "no such handler yet", met: undefined };
    const largest = Math.max(...bytes);
    return { promise: `largest bundle: ${name}`, target, measured: kilobytes(largest), met: largest <= atMost * 1000 };
  });
  const largest = (which: "share" | "shareOfOwnKind") => Math.max(...handlers.map((one) => one[which]));
  const { atMost, stretch } = targets.coldImportShare;
  const found = forbidden.flatMap(({ modules }) => modules).length;
  return [
    ...sizes,
    {
      promise: "largest cold import beyond empty, of the naive everything's",
      target: `${atMost} (stretch ${stretch})`,
      measured: `${significant(largest("share"))} (of its own kind's naive: ${significant(largest("shareOfOwnKind"))})`,
      met: largest("share") <= atMost,
    },
    {
      promise: "modules that a handler does not call",
      target: "0",
      measured: String(found),
      met: found === targets.forbiddenModules.atMost,
    },
  ];
}
