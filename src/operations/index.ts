/** How the server is watched from outside: what it measures. Knows what observations are, and nothing of what they are about. */

export { type MetricName, metricNames, metricOf } from './metrics/declared.ts';
export { createMetrics, type Gauges, type Metrics, metricsPage } from './metrics/metrics.ts';
export { prometheusName, prometheusType } from './metrics/prometheus.ts';
export type { Snapshot } from './metrics/registry.ts';
