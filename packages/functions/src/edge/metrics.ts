import { Metrics } from "@aws-lambda-powertools/metrics";
import { type MetricName, metricNamespace, metrics as names } from "../../../../stacks/metrics.ts";

// The dimension `service` comes from POWERTOOLS_SERVICE_NAME. No other is added: it would hide a metric from its alarm.
const metrics = new Metrics({ namespace: metricNamespace });

/** Counts something that alarms and the dashboard know by name. */
export function count(name: MetricName, value = 1): void {
  metrics.addMetric(name, names[name].unit, value);
}

/** Writes what was counted into the log, from where CloudWatch takes it (embedded metric format). */
export function publishMetrics(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
