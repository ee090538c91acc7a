import { type HrTime, ValueType } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics';
import { type Metric, type MetricName, metricNames, metricOf } from '../metrics/declared.ts';
import type { Series, Snapshot } from '../metrics/registry.ts';

interface Times {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

const attributesOf = ({ labels }: Metric, values: Series['labels']): Record<string, string | boolean> =>
  values ? Object.fromEntries(labels.map((label, at) => [label, values[at] ?? ''])) : { 'otel.metric.overflow': true };

function dataOf(name: MetricName, series: readonly Series[], times: Times): MetricData {
  const metric = metricOf(name);
  const { kind, unit, sentence, buckets = [] } = metric;
  const base = {
    descriptor: { name, description: sentence, unit, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  if (kind === 'histogram') {
    const dataPoints = series.flatMap(({ labels, measured }) => {
      if ('value' in measured) return [];
      const { counts, sum } = measured;
      const count = counts.reduce((total, own) => total + own, 0);
      const value = { buckets: { boundaries: [...buckets], counts: [...counts] }, sum, count };
      return [{ ...times, attributes: attributesOf(metric, labels), value }];
    });
    return { ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints };
  }
  const dataPoints = series.flatMap(({ labels, measured }) =>
    'value' in measured ? [{ ...times, attributes: attributesOf(metric, labels), value: measured.value }] : [],
  );
  return kind === 'counter'
    ? { ...base, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
    : { ...base, dataPointType: DataPointType.GAUGE, dataPoints };
}

/** The server's own metrics for the exporter: the same that `/metrics` shows, counted since the start. */
export function producerOf(snapshot: () => Snapshot, resource: Resource): MetricProducer {
  const startTime = hrTime();
  return {
    async collect() {
      const times = { startTime, endTime: hrTime() };
      const now = snapshot();
      const measured = metricNames.filter((name) => (now[name]?.length ?? 0) > 0);
      const metrics = measured.map((name) => dataOf(name, now[name] ?? [], times));
      return { resourceMetrics: { resource, scopeMetrics: [{ scope: { name: 'usher' }, metrics }] }, errors: [] };
    },
  };
}
