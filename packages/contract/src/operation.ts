import type * as z from "zod/mini";
import type { ErrorCode } from "./error-codes.ts";

type Shape = z.core.$ZodType;

/** One operation of the API: everything that client, server and documentation need to know of it. */
export interface Operation {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With `{name}` for each path parameter. */
  readonly path: `/api/${string}`;
  readonly summary: string;
  readonly description?: string;
  /** `jwt`: an access token with the API's scope; `signature`: the vendor's signature; `none`: public. */
  readonly auth: "jwt" | "signature" | "none";
  /** Whose signature it is. Absent: Stripe's, over JSON. Twilio's is over the address and a form. */
  readonly signedBy?: "twilio";
  /** The token must also name this group, or the answer is 403 `auth.forbidden`. */
  readonly group?: "operators";
  /** Moves money or buys: needs `Idempotency-Key`, and a repeat gets the first answer. */
  readonly idempotent?: true;
  readonly params?: Shape;
  readonly query?: Shape;
  readonly body?: Shape;
  readonly output: Shape;
  /** A client that prefers `text/csv` gets the output as a table, with a `Link` to the next part when there is one. */
  readonly csv?: true;
  /** What the output is written in. Absent: JSON. */
  readonly type?: "text/xml";
  /** 202: begun, and done later; 204: done, and there is nothing to say; 302: it is elsewhere. Of the last two the output is null. */
  readonly status: 200 | 201 | 202 | 204 | 302;
  /** The status while the outcome is not known yet. Such an answer is never kept for repeats: a repeat finds out. */
  readonly unsettled?: 202;
  /** The codes it can answer beside those that every operation can. */
  readonly errors: readonly ErrorCode[];
}

type Parsed<S> = S extends Shape ? z.infer<S> : undefined;

/** What a handler receives once the request has been validated. */
export interface Input<O extends Operation> {
  readonly params: Parsed<O["params"]>;
  readonly query: Parsed<O["query"]>;
  readonly body: Parsed<O["body"]>;
}

export type Output<O extends Operation> = z.infer<O["output"]>;
