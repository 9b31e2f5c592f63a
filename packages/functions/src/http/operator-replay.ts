import { replayQuarantine } from "@aira/contract";
import { replayQuarantined } from "@aira/core/payments";
import { Arrears } from "../edge/arrears.ts";
import { http } from "../edge/http.ts";
import { paymentPorts } from "../edge/services.ts";

/** Settles a finding again. It is closed when none of what this came to is the finding itself. */
export const handler = http(replayQuarantine, async ({ params: { quarantineId } }, { owner: operator, log, deadline }) => {
  const arrears = new Arrears();
  const settlements = await replayQuarantined({ ...(await paymentPorts()), onArrears: arrears.note }, quarantineId);
  await arrears.restore({ deadline, log });
  const closed = !settlements.some((one) => one.outcome === "quarantined" && one.quarantineId === quarantineId);
  log.info("quarantine replayed", { actor: `operator:${operator}`, quarantineId, closed });
  return { quarantineId, closed, settlements };
});
