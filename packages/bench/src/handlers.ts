import { join } from "node:path";
import type { Access } from "../../../stacks/access.ts";
import { consumers } from "../../../stacks/consumers.ts";
import { routes } from "../../../stacks/routes.ts";
import { schedules } from "../../../stacks/schedules.ts";
import { FUNCTIONS } from "./deployment-bundle.ts";

/** One Lambda, from the same data tables as the deployment. */
export interface DeployedHandler {
  /** Its file below packages/functions/src, without the extension. */
  readonly name: string;
  readonly file: string;
  readonly access: Access;
  readonly timeoutSeconds: number;
  readonly trigger: "http" | "webhook" | "consumer" | "schedule";
}

interface Row {
  readonly handler: string;
  readonly access: Access;
  readonly timeoutSeconds: number;
}

function handlerOf({ handler, access, timeoutSeconds }: Row, trigger: DeployedHandler["trigger"]): DeployedHandler {
  const name = handler.slice(0, handler.lastIndexOf("."));
  return { name, file: join(FUNCTIONS, `${name}.ts`), access, timeoutSeconds, trigger: name.startsWith("webhooks/") ? "webhook" : trigger };
}

/** Every handler of routes.ts, consumers.ts and schedules.ts. A file that serves several rows counts once, with the first row's access. */
export const deployedHandlers: readonly DeployedHandler[] = [
  ...new Map(
    [
      ...Object.values(routes).map((row) => handlerOf(row, "http")),
      ...Object.values(consumers).map((row) => handlerOf(row, "consumer")),
      ...Object.values(schedules).map((row) => handlerOf(row, "schedule")),
    ]
      .reverse()
      .map((handler) => [handler.name, handler]),
  ).values(),
].reverse();
