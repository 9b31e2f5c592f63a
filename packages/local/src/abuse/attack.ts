/** A request as it goes over the wire. */
export interface Sent {
  readonly method: string;
  /** The request target, byte for byte. */
  readonly path: string;
  /** Pairs, so that a name can come twice and keep its capitals. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string | Buffer | undefined;
}

/**
 * Who is to answer, and how.
 * - `api`: a problem document with this status, naming `field` (or one below it).
 * - `gateway`: what API Gateway says by itself, `{"message": …}`.
 * - `server`: the HTTP server in front of it, without a body: what is no HTTP reaches nobody.
 * - `anybody`: the document leaves it open, so any of its answers will do, but a failure of ours.
 * - `nobody`: it is odd but allowed, and must be answered as if it were plain.
 */
export type Expected =
  | {
      readonly by: "api";
      readonly status: number | readonly number[];
      readonly field?: string | undefined;
      readonly code?: string | undefined;
    }
  | { readonly by: "gateway"; readonly status: 401 | 403 | 404 | 413 | 431 }
  | { readonly by: "server"; readonly status: number }
  | { readonly by: "anybody" }
  | { readonly by: "nobody" };

/** One bad input and what must come of it. */
export interface Attack {
  /** Unique within its operation: the list of known defects names it. */
  readonly name: string;
  /** A request, or the bytes of one where no HTTP client would send it. */
  readonly request: Sent | Buffer;
  readonly expected: Expected;
  /** Values that must not come back in the answer. */
  readonly marks?: readonly string[];
}

export const refused = (field: string, status: number | readonly number[] = 400): Expected => ({ by: "api", status, field });
export const byGateway = (status: 401 | 403 | 404 | 413 | 431): Expected => ({ by: "gateway", status });
export const byServer = (status: number): Expected => ({ by: "server", status });
export const ignored: Expected = { by: "nobody" };

/** Whether an attack is a bad input, and not one that is merely odd. */
export const isBad = ({ expected }: Attack): boolean => expected.by !== "nobody" && expected.by !== "anybody";
