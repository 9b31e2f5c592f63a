import { getTopUp } from "@aira/contract";
import { readTopUp } from "@aira/core/payments";
import { http } from "../edge/http.ts";
import { ledgerPorts } from "../edge/services.ts";

/** The state of one of the caller's top-ups. */
export const handler = http(getTopUp, async ({ params: { topUpId } }, { owner }) => readTopUp(ledgerPorts(), { owner, topUpId }));
