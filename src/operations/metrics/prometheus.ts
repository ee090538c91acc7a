import { type Metric, type MetricName, metricNames, metricOf } from './declared.ts';
import type { Series, Snapshot } from './registry.ts';

export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8';

const units: Readonly<Record<string, string>> = { s: '_seconds', By: '_bytes', '1': '_ratio' };

/** As Prometheus writes a name of OpenTelemetry: unit and kind behind it. */
export function prometheusName(name: MetricName): string {
  const { unit, kind } = metricOf(name);
  return `${name.replaceAll('.', '_')}${units[unit] ?? ''}${kind === 'counter' ? '_total' : ''}`;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

/** What stands between the braces; `more` is written last. */
function labelsOf({ labels }: Metric, values: Series['labels'], more?: string): string {
  const told = values
    ? labels.map((label, at) => `${label.replaceAll('.', '_')}="${escaped(values[at] ?? '')}"`)
    : ['otel_metric_overflow="true"'];
  const all = more === undefined ? told : [...told, more];
  return all.length > 0 ? `{${all.join(',')}}` : '';
}

function linesOf(name: string, metric: Metric, { labels, measured }: Series): readonly string[] {
  if ('value' in measured) return [`${name}${labelsOf(metric, labels)} ${measured.value}`];
  let count = 0;
  const buckets = measured.counts.map((own, at) => {
    count += own;
    return `${name}_bucket${labelsOf(metric, labels, `le="${metric.buckets?.[at] ?? '+Inf'}"`)} ${count}`;
  });
  const told = labelsOf(metric, labels);
  return [...buckets, `${name}_sum${told} ${measured.sum}`, `${name}_count${told} ${count}`];
}

/** All metrics in the text format of Prometheus, those that were never measured too. */
export function prometheusText(snapshot: Snapshot): string {
  const lines = metricNames.flatMap((name) => {
    const metric = metricOf(name);
    const named = prometheusName(name);
    return [
      `# HELP ${named} ${escaped(metric.sentence)}`,
      `# TYPE ${named} ${metric.kind}`,
      ...(snapshot[name] ?? []).flatMap((series) => linesOf(named, metric, series)),
    ];
  });
  return `${lines.join('\n')}\n`;
}
