import { getDocs } from "@aira/contract";
import { redirect } from "../edge/redirect.ts";

/** The API reference is a page of the dashboard: its script and style are files there, as the content security policy asks. */
export const handler = redirect(getDocs, "/docs");
