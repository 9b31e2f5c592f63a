import { listQuarantined, sweep } from "@aira/core/payments";
import { Arrears } from "../edge/arrears.ts";
import { count } from "../edge/metrics.ts";
import { schedule } from "../edge/schedule.ts";
import { paymentPorts } from "../edge/services.ts";

/** Settles what no event announced, and counts what waits for an operator. The counts are written when they are zero too, so that an alarm can end. */
export const handler = schedule("sweepTopUps", async ({ stopAt, log }) => {
  const arrears = new Arrears();
  const ports = { ...(await paymentPorts()), onArrears: arrears.note };
  const report = await sweep(ports, stopAt);
  await arrears.restore({ deadline: stopAt, log });
  let quarantineOpen = 0;
  for await (const _ of listQuarantined(ports)) quarantineOpen++;
  count("TopUpsUncredited", report.uncredited);
  count("SettlementsDeferred", report.deferred);
  count("EventsQuarantined", report.quarantined);
  count("QuarantineOpen", quarantineOpen);
  return { ...report, quarantineOpen };
});
