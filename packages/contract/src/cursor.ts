import * as z from "zod/mini";

/** The `nextCursor` of the page before. Opaque: what is in it is the API's business. Absent: the first page. */
export const Cursor = z.optional(z.string().check(z.minLength(1), z.maxLength(512)));
