import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Handler, LocalFunction } from "./invocation.ts";
import { StartFailure } from "./start-failure.ts";

interface Row {
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/** `http/health.handler` as the file below the functions folder and the name that it exports. */
export function splitHandler(handler: string): { readonly file: string; readonly exportName: string } {
  const dot = handler.lastIndexOf(".");
  return { file: `${handler.slice(0, dot)}.ts`, exportName: handler.slice(dot + 1) };
}

/** Loads the function that a row names from source. Throws `StartFailure` when the file or the export is not there. */
export async function loadFunction(folder: string, row: Row): Promise<LocalFunction> {
  return {
    name: `aira-local-${row.handler.slice(0, row.handler.lastIndexOf(".")).replaceAll("/", "-")}`,
    handler: await loadHandler(folder, row.handler),
    timeoutSeconds: row.timeoutSeconds,
    memoryMb: row.memoryMb,
  };
}

/** Imports the handler that a `file.export` string names. */
export async function loadHandler(folder: string, handler: string): Promise<Handler> {
  const { file, exportName } = splitHandler(handler);
  let module: Readonly<Record<string, unknown>>;
  try {
    module = await import(pathToFileURL(join(folder, file)).href);
  } catch (error) {
    throw new StartFailure(`The handler ${handler} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const found = module[exportName];
  if (typeof found !== "function") throw new StartFailure(`${file} exports no function "${exportName}", which a table names as ${handler}`);
  return found as Handler;
}
