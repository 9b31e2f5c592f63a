import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import type { CoreUnderTest } from "./core-under-test.ts";
import type { Mutant } from "./mutant.ts";

const CORE = fileURLToPath(new URL("../../../core", import.meta.url));
const SRC = join(CORE, "src");

/** Beside the original, so that a copy finds the same packages. Ignored by git. */
const COPIES = join(CORE, ".mutants");

const ENTRY = ["conversations", "ledger", "numbers", "payments", "lib"]
  .map((name) => `export * as ${name} from "./${name}/index.ts";`)
  .join("\n");

/** The file's text with the change. The text to find must be there once, or the mutant would not break what it says. */
async function mutated({ rule, file, find, replace }: Mutant): Promise<string> {
  const text = await readFile(join(SRC, file), "utf8");
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`The mutant "${rule}" must find its text once in ${file}, but finds it ${times} times:\n${find}`);
  return text.replace(find, () => replace);
}

function applying({ file }: Mutant, contents: string): Plugin {
  return {
    name: "mutant",
    setup({ onLoad, onResolve }) {
      // A copy must not reach back into the original: then half of what runs would be unbroken.
      onResolve({ filter: /^@aira\/core/ }, ({ path, importer }) => ({
        errors: [{ text: `${importer} imports ${path}: core must import itself by relative paths only.` }],
      }));
      // By its name, since each question that esbuild asks takes its time.
      const filter = new RegExp(`/${RegExp.escape(basename(file))}$`);
      onLoad({ filter }, ({ path }) => (path === join(SRC, file) ? { contents, loader: "ts" } : undefined));
    },
  };
}

/** Hands over a copy of the core with this change, and removes it afterwards, also on failure. The original is only read. */
export async function withMutant<T>(mutant: Mutant, use: (core: CoreUnderTest) => Promise<T>): Promise<T> {
  const contents = await mutated(mutant);
  await mkdir(COPIES, { recursive: true });
  const folder = await mkdtemp(join(COPIES, "core-"));
  try {
    const outfile = join(folder, "core.js");
    const { metafile } = await build({
      stdin: { contents: ENTRY, resolveDir: SRC, loader: "ts" },
      outfile,
      bundle: true,
      packages: "external",
      format: "esm",
      platform: "node",
      target: "esnext",
      logLevel: "silent",
      metafile: true,
      absWorkingDir: SRC,
      plugins: [applying(mutant, contents)],
    });
    const inputs = Object.keys(metafile.inputs);
    const outside = inputs.find((input) => input.startsWith(".."));
    if (outside !== undefined) throw new Error(`core imports ${outside}, which lies outside of its src.`);
    if (!inputs.includes(mutant.file)) throw new Error(`The mutant "${mutant.rule}" changes ${mutant.file}, which the core does not use.`);
    return await use((await import(/* @vite-ignore */ pathToFileURL(outfile).href)) as CoreUnderTest);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
