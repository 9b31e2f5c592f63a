import type * as z from "zod";
import { sentenceOf } from "./switches.ts";

/** A request of the control API that is refused, and why. */
export class ControlFault extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

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

/** A route of a sandbox's control API. `Options` is what the sandbox consists of. */
export interface ControlRoute<Options> {
  readonly method: string;
  readonly path: RegExp;
  readonly run: (options: Options, asked: Asked) => object | Promise<object>;
}

export const pathOf = (path: string) => new RegExp(`^/_sandbox${path.replace("{id}", "([^/]+)")}$`);

/** Makes the maker of a sandbox's routes. A body that doesn't fit is refused in a sentence that names the field. */
export const createRoute =
  <Options>() =>
  <Body extends z.ZodType>(
    method: string,
    path: string,
    body: Body,
    run: (options: Options, body: z.output<Body>, id: string) => object | Promise<object>,
  ): ControlRoute<Options> => ({
    method,
    path: pathOf(path),
    run: (options, asked) => {
      const parsed = body.safeParse(asked.body);
      if (!parsed.success) throw new ControlFault(400, sentenceOf(parsed.error, "the body"));
      return run(options, parsed.data, asked.id);
    },
  });

/** Sets the switches to what a body says, which they check themselves. */
export function setSwitches<Settings>(switches: { set(settings: unknown): Settings }, body: unknown): Settings {
  try {
    return switches.set(body);
  } catch (error) {
    if (error instanceof TypeError) throw new ControlFault(400, error.message);
    throw error;
  }
}
