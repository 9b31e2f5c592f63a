import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Operation } from "@aira/contract";
import { operations } from "@aira/contract/operations";
import { VARIABLES } from "@aira/core/lib";
import type { Access } from "../../../stacks/access.ts";
import { table } from "../../../stacks/table.ts";
import { functionEnvironment, setEnvironment } from "./environment.ts";
import { loadHandler, splitHandler } from "./handlers.ts";
import { projectTables, type Tables } from "./tables.ts";

/** The folders of packages/functions/src in which every file is the handler of a row. */
const HANDLER_FOLDERS = ["http", "webhooks", "consumers", "schedules"];

interface Row {
  readonly where: string;
  readonly handler: string;
  readonly access: Access;
}

/** What is wrong between the data tables, the handlers and the contract: a sentence each, none when all is well. */
export async function tableProblems(
  tables: Tables,
  functionsDir: string,
  contract: Readonly<Record<string, Operation>>,
): Promise<readonly string[]> {
  const rows = [
    ...rowsOf("routes.ts", tables.routes),
    ...rowsOf("consumers.ts", tables.consumers),
    ...rowsOf("schedules.ts", tables.schedules),
  ];
  return [
    ...(await unresolved(rows, functionsDir)),
    ...(await withoutRow(rows, functionsDir)),
    ...routeProblems(tables.routes, contract),
    ...rows.flatMap((row) => accessProblems(row, tables.consumers)),
  ];
}

function rowsOf(file: string, rows: Readonly<Record<string, { handler: string; access: Access }>>): Row[] {
  return Object.entries(rows).map(([name, { handler, access }]) => ({ where: `stacks/${file}: "${name}"`, handler, access }));
}

async function unresolved(rows: readonly Row[], functionsDir: string): Promise<string[]> {
  const problems: string[] = [];
  for (const { where, handler } of rows) {
    try {
      await loadHandler(functionsDir, handler);
    } catch (error) {
      problems.push(`${where}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return problems;
}

async function withoutRow(rows: readonly Row[], functionsDir: string): Promise<string[]> {
  const named = new Set(rows.map((row) => splitHandler(row.handler).file));
  const problems: string[] = [];
  for (const folder of HANDLER_FOLDERS) {
    for (const name of await filesIn(join(functionsDir, folder))) {
      if (!/\.ts$/.test(name) || /\.test\.ts$/.test(name) || named.has(`${folder}/${name}`)) continue;
      problems.push(`${folder}/${name} is named by no row of stacks/routes.ts, consumers.ts or schedules.ts`);
    }
  }
  return problems;
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    // A kind of trigger that nothing uses needs no folder.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

function routeProblems(routes: Tables["routes"], contract: Readonly<Record<string, Operation>>): string[] {
  const promised = new Map(
    Object.entries(contract).map(([name, operation]) => [`${operation.method} ${operation.path}`, { name, operation }]),
  );
  const unknown = Object.keys(routes).filter((key) => !promised.has(key));
  return [
    ...unknown.map((key) => `stacks/routes.ts: "${key}" is no operation of the contract`),
    ...[...promised].flatMap(([key, { name, operation }]) => {
      const route = routes[key];
      if (!route) return [`The operation ${name} (${key}) has no row in stacks/routes.ts`];
      const auth = operation.auth === "jwt" ? "jwt" : "none";
      return route.auth === auth ? [] : [`stacks/routes.ts: "${key}" has auth "${route.auth}", the operation ${name} needs "${auth}"`];
    }),
  ];
}

function accessProblems({ where, access }: Row, consumers: Tables["consumers"]): string[] {
  return [
    ...(["send", "count", "peek", "redrive"] as const).flatMap((may) =>
      (access[may] ?? [])
        .filter((queue) => !(queue in consumers))
        .map((queue) => `${where} names the queue "${queue}" under ${may}, which stacks/consumers.ts does not have`),
    ),
    ...(access.secrets ?? [])
      .filter((secret) => !(secret in VARIABLES))
      .map((secret) => `${where} reads the secret "${secret}", which the configuration does not have`),
    ...(access.indexes ?? [])
      .filter((index) => !(index in table.indexes))
      .map((index) => `${where} queries the index "${index}", which stacks/table.ts does not have`),
  ];
}

if (import.meta.main) {
  const nowhere = "http://127.0.0.1:9";
  setEnvironment(
    functionEnvironment({
      publicUrl: nowhere,
      tableEndpoint: nowhere,
      queueEndpoint: nowhere,
      queueUrls: Object.fromEntries(Object.keys(projectTables.consumers).map((name) => [name, nowhere])),
      stripe: { secretKey: "sk_test_check", webhookSecrets: "whsec_check" },
      twilio: { accountSid: `AC${"0".repeat(32)}`, authTokens: "0".repeat(32) },
    }),
  );
  const problems = await tableProblems(projectTables, resolve(import.meta.dirname, "../../functions/src"), operations);
  for (const problem of problems) console.error(problem);
  process.exit(problems.length === 0 ? 0 : 1);
}
