import type { Item } from "../table/index.ts";

/** How long a repeat gets the stored answer. Behind it stands the business id, which derives from the same key and lasts for ever. */
export const KEPT_SECONDS = 24 * 60 * 60;

/** An answer as the client got it: status and body, byte for byte. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What an execution answers. `unsettled`: what it tells of is not known yet, so a repeat must run again and find out. */
export interface RunAnswer extends Answer {
  readonly unsettled?: true | undefined;
}

/** What is stored of one request. Exactly one execution owns it while it runs: the one that knows its `nonce`. */
export interface RequestRecord {
  readonly state: "in_progress" | "done";
  readonly nonce: string;
  /** SHA-256 of what was asked for. */
  readonly fingerprint: string;
  /** Epoch milliseconds: the end of the execution's time, after which a crash is certain and a repeat takes over. */
  readonly lockedUntil: number;
  readonly answer: Answer | undefined;
  /** Epoch seconds. DynamoDB deletes late, so it is compared too. */
  readonly ttl: number;
}

/** What a request that found a record is to do about it. */
export type Verdict =
  | { readonly is: "mine" }
  | { readonly is: "replay"; readonly answer: Answer }
  | { readonly is: "running" }
  | { readonly is: "reused" }
  | { readonly is: "free" };

interface Asked {
  readonly nonce: string;
  readonly fingerprint: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Decides what the record of a key means for a request with that key. */
export function judge(found: RequestRecord | undefined, { nonce, fingerprint, now }: Asked): Verdict {
  if (!found || found.ttl < epochSeconds(now)) return { is: "free" };
  // The client repeats a write that had no answer, and its second attempt meets the first one's record.
  if (found.nonce === nonce) return { is: "mine" };
  if (found.fingerprint !== fingerprint) return { is: "reused" };
  if (found.answer) return { is: "replay", answer: found.answer };
  if (found.lockedUntil < now) return { is: "free" };
  return { is: "running" };
}

export const epochSeconds = (epochMs: number): number => Math.floor(epochMs / 1_000);

/**
 * One text for one meaning, whatever the order in which a client wrote its fields. For JSON values that passed validation, so
 * neither depth nor size is unbounded.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
    return `{${fields.join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}

/** The record as its item holds it, or undefined where there is none. */
export function toRecord(item: Item | undefined): RequestRecord | undefined {
  if (!item) return undefined;
  const { state, nonce, fingerprint, lockedUntil, status, body, ttl } = item;
  return {
    state: state === "done" ? "done" : "in_progress",
    nonce: String(nonce),
    fingerprint: String(fingerprint),
    lockedUntil: Number(lockedUntil),
    answer: state === "done" ? { status: Number(status), body: String(body) } : undefined,
    ttl: Number(ttl),
  };
}
