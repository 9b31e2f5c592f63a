import { type Consumer, consumers } from "../../../stacks/consumers.ts";
import { type Route, routes } from "../../../stacks/routes.ts";
import { type Schedule, schedules } from "../../../stacks/schedules.ts";

export type { Consumer, Route, Schedule };

/** What the app is, as data. The cloud's constructs are made from the same tables. */
export interface Tables {
  readonly routes: Readonly<Record<string, Route>>;
  readonly consumers: Readonly<Record<string, Consumer>>;
  readonly schedules: Readonly<Record<string, Schedule>>;
}

export const projectTables: Tables = { routes, consumers, schedules };
