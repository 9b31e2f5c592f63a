import { type Condition, type Key, keys, type Table, type WriteResult } from "../table/index.ts";
import { type Answer, epochSeconds, KEPT_SECONDS, type RequestRecord, toRecord } from "./request.ts";

/** Names one request: the owner's key on one route. */
export interface RequestName {
  readonly owner: string;
  /** Method and path with its placeholders. */
  readonly route: string;
  readonly key: string;
}

const keyOf = ({ owner, route, key }: RequestName): Key => keys.request(owner, route, key);

export interface Claim {
  readonly nonce: string;
  readonly fingerprint: string;
  readonly lockedUntil: number;
  readonly now: number;
}

/** Takes the name for one execution: when nobody has it, when it has expired, or when its execution must be dead. */
export function claim(table: Table, name: RequestName, { nonce, fingerprint, lockedUntil, now }: Claim): Promise<WriteResult> {
  const ttl = epochSeconds(now) + KEPT_SECONDS;
  const abandoned: Condition = { all: [{ equals: { state: "in_progress", fingerprint } }, { below: { lockedUntil: now } }] };
  return table.write({
    put: { ...keyOf(name), state: "in_progress", nonce, fingerprint, lockedUntil, ttl },
    if: { any: [{ absent: true }, { below: { ttl: epochSeconds(now) } }, abandoned] },
  });
}

/** Keeps the answer, unless another execution has taken over meanwhile. */
export function keep(table: Table, name: RequestName, nonce: string, { status, body }: Answer): Promise<WriteResult> {
  return table.write({ update: keyOf(name), set: { state: "done", status, body }, if: { equals: { nonce } } });
}

/** Gives the key back unused, unless another execution has taken over meanwhile. */
export function giveBack(table: Table, name: RequestName, nonce: string): Promise<WriteResult> {
  return table.write({ delete: keyOf(name), if: { equals: { nonce } } });
}

export async function load(table: Table, name: RequestName): Promise<RequestRecord | undefined> {
  return toRecord(await table.get(keyOf(name), { consistent: true }));
}

export const found = (result: WriteResult & { readonly outcome: "refused" }): RequestRecord | undefined => toRecord(result.found.get(0));
