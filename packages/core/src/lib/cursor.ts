import { AiraError } from "./error.ts";

/** The place of the last thing on a page, as a client hands it back for the next one. */
export const writeCursor = (place: string): string => Buffer.from(place).toString("base64url");

/** The place that a cursor stands for. `shape` is what places of this list look like. Errors: `cursor.invalid`. */
export function readCursor(cursor: string, shape: RegExp): string {
  const place = Buffer.from(cursor, "base64url").toString();
  // Written in another way it is none of ours, also where it decodes to the same.
  if (shape.test(place) && writeCursor(place) === cursor) return place;
  throw new AiraError("cursor.invalid", "The cursor is not one of this list. Start again without it.", {
    errors: [{ field: "query.cursor", rule: "a cursor of this list", detail: "Hand back nextCursor as it is, with the same filters." }],
  });
}
