/** How the server is watched from outside: the management listener, whether it lives and is ready, what it measures. Knows what observations are, and nothing of what they are about. */

export { healthPages } from './health.ts';
export { createManagement, type Management, type ManagementOptions, ownVoice } from './management.ts';
export { type MetricName, metricNames, metricOf } from './metrics/declared.ts';
export { createMetrics, type Gauges, type Metrics, metricsPage } from './metrics/metrics.ts';
export { prometheusName } from './metrics/prometheus.ts';
export type { Snapshot } from './metrics/registry.ts';
export { type ManagementPage, type ManagementReply, managementPage, type Vitals } from './page.ts';
export { openTelemetry, type Telemetry } from './telemetry/telemetry.ts';
export { createVitals, type OwnVitals } from './vitals.ts';
