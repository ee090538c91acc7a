import { type Metric, type MetricName, metricNames, metricOf } from './declared.ts';

/** What one combination of labels has come to. */
export type Measured =
  | { readonly value: number }
  /** `counts`: below each bucket's upper end and above the end before; the last one is of what is above all. */
  | { readonly counts: readonly number[]; readonly sum: number };

export interface Series {
  /** In the order of the declaration. Undefined: one more combination than is kept apart. */
  readonly labels: readonly string[] | undefined;
  readonly measured: Measured;
}

/** All metrics at one moment, as plain data: what a worker hands to the process above it. */
export type Snapshot = Readonly<Partial<Record<MetricName, readonly Series[]>>>;

/** Where measurements are kept. `labels` in the order of the declaration. */
export interface Registry {
  add(name: MetricName, labels?: readonly string[], amount?: number): void;
  /** Puts a measurement into its histogram, in the metric's unit. */
  measure(name: MetricName, value: number, labels?: readonly string[]): void;
  set(name: MetricName, value: number, labels?: readonly string[]): void;
  snapshot(): Snapshot;
}

interface Kept {
  readonly labels: readonly string[] | undefined;
  value: number;
  /** Of histograms; empty otherwise. */
  readonly counts: number[];
}

/** Combinations of labels that a metric keeps apart; what comes on top is measured together, as the conventions have it. */
export const mostSeries = 1_000;
/** Characters of a label. */
const longestLabel = 128;

/** No value of a label holds it. */
const separator = '\n';
const overflow = '\n\n';
const none: readonly never[] = [];

function bucketOf(buckets: readonly number[], value: number): number {
  const at = buckets.findIndex((end) => value <= end);
  return at < 0 ? buckets.length : at;
}

const plain = (label: string): string => label.slice(0, longestLabel).replaceAll(/\p{Cc}/gu, ' ');

export function createRegistry(): Registry {
  const all = new Map<MetricName, Map<string, Kept>>(metricNames.map((name) => [name, new Map<string, Kept>()]));

  function make(series: Map<string, Kept>, key: string, labels: readonly string[] | undefined, metric: Metric): Kept {
    const counts = metric.buckets ? new Array<number>(metric.buckets.length + 1).fill(0) : [];
    const kept: Kept = { labels: labels?.map(plain), value: 0, counts };
    series.set(key, kept);
    return kept;
  }

  function keptOf(name: MetricName, labels: readonly string[]): Kept {
    const series = all.get(name) ?? new Map<string, Kept>();
    const key = labels.length === 1 ? (labels[0] ?? '') : labels.join(separator);
    const known = series.get(key);
    if (known) return known;
    if (series.size < mostSeries) return make(series, key, labels, metricOf(name));
    return series.get(overflow) ?? make(series, overflow, undefined, metricOf(name));
  }

  return {
    add(name, labels = none, amount = 1) {
      keptOf(name, labels).value += amount;
    },
    measure(name, value, labels = none) {
      const kept = keptOf(name, labels);
      const bucket = bucketOf(metricOf(name).buckets ?? none, value);
      kept.value += value;
      kept.counts[bucket] = (kept.counts[bucket] ?? 0) + 1;
    },
    set(name, value, labels = none) {
      keptOf(name, labels).value = value;
    },
    snapshot: () =>
      Object.fromEntries(
        [...all].map(([name, series]) => [
          name,
          [...series.values()].map(({ labels, value, counts }) => ({
            labels,
            measured: counts.length > 0 ? { counts: [...counts], sum: value } : { value },
          })),
        ]),
      ),
  };
}

function joined(one: Measured, other: Measured, together: Metric['together']): Measured {
  if ('value' in one && 'value' in other) {
    return { value: together === 'most' ? Math.max(one.value, other.value) : one.value + other.value };
  }
  if ('value' in one || 'value' in other) return one;
  return {
    counts: one.counts.map((count, at) => count + (other.counts[at] ?? 0)),
    sum: one.sum + other.sum,
  };
}

/** What several processes have measured, as if it had been one. */
export function together(snapshots: readonly Snapshot[]): Snapshot {
  return Object.fromEntries(
    metricNames.map((name) => {
      const merged = new Map<string, Series>();
      for (const one of snapshots.flatMap((snapshot) => snapshot[name] ?? [])) {
        const key = one.labels?.join(separator) ?? overflow;
        const known = merged.get(key);
        const measured = known ? joined(known.measured, one.measured, metricOf(name).together) : one.measured;
        merged.set(key, { labels: one.labels, measured });
      }
      return [name, [...merged.values()]];
    }),
  );
}
