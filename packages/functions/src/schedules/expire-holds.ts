import { expireHolds } from "@aira/core/ledger";
import { schedule } from "../edge/schedule.ts";
import { ledgerPorts } from "../edge/services.ts";

/** Gives back holds whose time has passed. */
export const handler = schedule("expireHolds", async ({ stopAt }) => ({ ...(await expireHolds(ledgerPorts(), stopAt)) }));
