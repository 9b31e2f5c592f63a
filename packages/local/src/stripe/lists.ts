import { ParameterFault } from "./fault.ts";

interface ListParameters {
  readonly limit: number;
  readonly starting_after?: string | undefined;
  readonly ending_before?: string | undefined;
  readonly created?:
    | {
        readonly gt?: number | undefined;
        readonly gte?: number | undefined;
        readonly lt?: number | undefined;
        readonly lte?: number | undefined;
      }
    | undefined;
}

export interface Page<T> {
  readonly object: "list";
  readonly data: readonly T[];
  readonly has_more: boolean;
  readonly url: string;
}

interface Listable {
  readonly id: string;
  readonly created: number;
}

/** Whether an object's time lies within Stripe's `created` filter, in epoch seconds. */
function createdWithin(created: number, { created: range }: ListParameters): boolean {
  const { gt = -1, gte = 0, lt = Number.POSITIVE_INFINITY, lte = Number.POSITIVE_INFINITY } = range ?? {};
  return created > gt && created >= gte && created < lt && created <= lte;
}

/**
 * One page of a collection, newest first. A cursor is the id of an object and need not match the filter itself.
 * Throws `resource_missing` for a cursor that names nothing.
 */
export function pageOf<T extends Listable>(
  collection: ReadonlyMap<string, T>,
  parameters: ListParameters,
  url: string,
  matches: (object: T) => boolean = () => true,
): Page<T> {
  const { limit, starting_after: after, ending_before: before } = parameters;
  if (after !== undefined && before !== undefined)
    throw new ParameterFault("ending_before", undefined, "You may only specify one of these parameters: starting_after, ending_before.");
  const newestFirst = [...collection.values()].reverse();
  const positionOf = (param: string, id: string) => {
    const position = newestFirst.findIndex((object) => object.id === id);
    if (position === -1) throw new ParameterFault(param, "resource_missing", `No such object: '${id}'`);
    return position;
  };
  const window =
    after !== undefined
      ? newestFirst.slice(positionOf("starting_after", after) + 1)
      : before !== undefined
        ? newestFirst.slice(0, positionOf("ending_before", before))
        : newestFirst;
  const matching = window.filter((object) => createdWithin(object.created, parameters) && matches(object));
  // Going backwards, the page is the one that ends right before the cursor.
  const data = before === undefined ? matching.slice(0, limit) : matching.slice(-limit);
  return { object: "list", data, has_more: matching.length > limit, url };
}
