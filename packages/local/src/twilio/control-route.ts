import * as z from "zod";
import type { Alerts } from "./alerts.ts";
import type { Changes } from "./changes.ts";
import type { RequestLog } from "./request-log.ts";
import type { TwilioState } from "./state.ts";
import { type Switches, sentenceOf } from "./switches.ts";
import type { Telephone } from "./telephone.ts";
import type { Texts } from "./texts.ts";
import type { Waiting } from "./waiting.ts";
import type { Webhooks } from "./webhooks.ts";

export interface ControlOptions {
  readonly state: TwilioState;
  readonly switches: Switches;
  readonly log: RequestLog;
  readonly waiting: Waiting;
  readonly telephone: Telephone;
  readonly texts: Texts;
  readonly webhooks: Webhooks;
  readonly alerts: Alerts;
  readonly changes: Changes;
  readonly reset: () => Promise<void>;
}

export class ControlFault extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const PhoneNumber = z.string().regex(/^\+[1-9]\d{6,14}$/, "must be a number in E.164");

/** Leaves out what is undefined, so that a default is not overwritten by it. */
type Given<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };
export const given = <T extends object>(object: T) =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<Given<T>>;

interface Asked {
  readonly body: unknown;
  /** What stands in the path, decoded. */
  readonly id: string;
  readonly query: URLSearchParams;
  /** Aborted when the asker has gone. */
  readonly signal: AbortSignal;
}

export interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly run: (options: ControlOptions, asked: Asked) => object | Promise<object>;
}

export const pathOf = (path: string) => new RegExp(`^/_sandbox${path.replace("{id}", "([^/]+)")}$`);

/** A route of the control API. A body that doesn't fit is refused in a sentence that names the field. */
export function route<Body extends z.ZodType>(
  method: string,
  path: string,
  body: Body,
  run: (options: ControlOptions, body: z.output<Body>, id: string) => object | Promise<object>,
): Route {
  return {
    method,
    path: pathOf(path),
    run: (options, asked) => {
      const parsed = body.safeParse(asked.body);
      if (!parsed.success) throw new ControlFault(400, sentenceOf(parsed.error, "the body"));
      return run(options, parsed.data, asked.id);
    },
  };
}
