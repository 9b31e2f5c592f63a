import { join, resolve } from "node:path";
import type { BuildOptions } from "esbuild";
import { aliases, syntax } from "../../../stacks/bundling.ts";

export const PROJECT = resolve(import.meta.dirname, "../../..");
export const FUNCTIONS = join(PROJECT, "packages/functions/src");

/** What SST v2 puts before every ESM bundle (`sst/runtime/handlers/node.js`). */
const SST_BANNER = [
  "import { createRequire as topLevelCreateRequire } from 'module';",
  "const require = topLevelCreateRequire(import.meta.url);",
  'import { fileURLToPath as topLevelFileUrlToPath, URL as topLevelURL } from "url"',
  'const __dirname = topLevelFileUrlToPath(new topLevelURL(".", import.meta.url))',
].join("\n");

/**
 * SST's own esbuild options for a Node.js function, the same file's. They are stated here because SST exports nothing of them; unminified
 * and with `keepNames` is what a project gets that sets nothing.
 */
export const sstDefaults: BuildOptions = {
  bundle: true,
  platform: "node",
  format: "esm",
  target: "esnext",
  mainFields: ["module", "main"],
  external: ["sharp", "pg-native"],
  keepNames: true,
  sourcemap: false,
  banner: { js: SST_BANNER },
  metafile: true,
  logLevel: "silent",
};

/** Those defaults with the `nodejs` settings of stacks/handler.ts, which cannot be imported without the whole CDK. */
export const deploymentOptions: BuildOptions = {
  ...sstDefaults,
  minify: true,
  keepNames: false,
  supported: syntax,
  alias: Object.fromEntries(Object.entries(aliases).map(([module, file]) => [module, join(FUNCTIONS, file)])),
};
