import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What one fresh process needed to import a bundle. */
export interface ColdImport {
  readonly importMs: number;
  /** Growth of the used heap after a full collection: what the bundle keeps. */
  readonly heapBytes: number;
  /** Resident memory of the whole process afterwards. */
  readonly residentBytes: number;
}

const CHILD = `
const file = process.argv[1];
gc();
const before = process.memoryUsage().heapUsed;
const start = performance.now();
await import(file);
const importMs = performance.now() - start;
gc();
const { heapUsed, rss } = process.memoryUsage();
process.stdout.write(JSON.stringify({ importMs, heapBytes: heapUsed - before, residentBytes: rss }));
process.exit(0);`;

/** Imports a bundle in a fresh process of this Node, without a compile cache, as a Lambda's cold start does. */
export async function coldImport(fileUrl: string): Promise<ColdImport> {
  const { NODE_COMPILE_CACHE: _, NODE_OPTIONS: __, ...env } = process.env;
  const { stdout } = await run(process.execPath, ["--expose-gc", "--input-type=module", "--eval", CHILD, "--", fileUrl], { env });
  return JSON.parse(stdout);
}
