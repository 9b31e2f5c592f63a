import * as z from "zod/mini";

/** E.164: a plus sign and up to 15 digits. */
export const PhoneNumber = z.string().check(z.regex(/^\+[1-9]\d{6,14}$/));
