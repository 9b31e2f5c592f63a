import type { Machine } from "./machine.ts";
import type { BundleFigures } from "./parts/bundles.ts";
import { billedWriteUnits } from "./parts/calls.ts";
import type { FaultFigures } from "./parts/faults.ts";
import type { LatencyFigures } from "./parts/latency.ts";
import { type Bar, barChart, type Panel } from "./report/chart.ts";
import { kilobytes, milliseconds, units } from "./report/format.ts";

interface Figures {
  readonly faults: FaultFigures;
  readonly bundles: BundleFigures;
  readonly latency: LatencyFigures;
}

/** The README's chart: what one credit costs and survives, what a handler weighs, how long a credit takes. */
export function drawChart({ faults, bundles, latency }: Figures, machine: Machine): string {
  const credits: Panel[] = [
    {
      title: "Faults injected into one credit: share that left the books right",
      bars: faults.contestants.map(({ name, faults: tally, points }, at) => ({
        name,
        value: tally.right / points,
        label: `${tally.right} of ${points}`,
        ours: at === 0,
      })),
    },
    {
      title: "Write units of one credit",
      bars: faults.contestants.map(({ name, cost }, at) => ({
        name,
        value: billedWriteUnits(cost),
        label: units(billedWriteUnits(cost)),
        ours: at === 0,
      })),
    },
  ];
  const weights: Bar[] = ["webhooks/stripe", "http/wallet-balance", "consumers/payments"].flatMap((name) => {
    const one = bundles.handlers.find(({ handler }) => handler.name === name);
    return one
      ? [{ name, value: one.cold.importMs, label: `${milliseconds(one.cold.importMs)}, ${kilobytes(one.bundle.bytes)}`, ours: true }]
      : [];
  });
  const { webhook, wallet } = bundles.naive;
  const naive: Bar[] = [["naive webhook", webhook] as const, ["naive wallet", wallet] as const].map(([name, { cold, bundle }]) => ({
    name,
    value: cold.importMs,
    label: `${milliseconds(cold.importMs)}, ${kilobytes(bundle.bytes)}`,
    ours: false,
  }));
  const times: Bar[] = latency.steady.flatMap(({ perSecond, latencyMs }) =>
    (["p50", "p99"] as const).map((rank) => ({
      name: `${perSecond} events a second, ${rank}`,
      value: latencyMs[rank],
      label: milliseconds(latencyMs[rank]),
      ours: true,
    })),
  );
  return barChart(
    "One paid top-up becomes one credit",
    [
      ...credits,
      { title: "Cold import of a handler", bars: [...weights, ...naive] },
      { title: "From webhook to visible credit, local runtime", bars: times },
    ],
    `npm run bench, ${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}`,
  );
}
