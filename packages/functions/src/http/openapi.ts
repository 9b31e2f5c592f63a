import { getOpenapi } from "@aira/contract";
import document from "@aira/contract/openapi.json" with { type: "json" };
import { http } from "../edge/http.ts";

/** The contract, as the file that was written from it: making it here would cost more than the whole handler. */
export const handler = http(getOpenapi, async () => document);
