import type { Observe } from '../../kernel/index.ts';
import { type ManagementPage, managementPage } from '../page.ts';
import type { MetricName } from './declared.ts';
import { measuring } from './observed.ts';
import { createProcessGauges } from './process-gauges.ts';
import { prometheusText, prometheusType } from './prometheus.ts';
import { createRegistry, type Snapshot, together } from './registry.ts';

/** What the rooms are like at a moment, asked for when somebody looks. */
export type Gauges = () => Readonly<Partial<Record<MetricName, number>>>;

/** The metrics of one process. */
export interface Metrics {
  readonly observe: Observe;
  /** Also asks `gauges` from now on. */
  watch(gauges: Gauges): void;
  snapshot(): Snapshot;
  close(): void;
}

export function createMetrics(): Metrics {
  const registry = createRegistry();
  const own = createProcessGauges(registry);
  const watched: Gauges[] = [];
  return {
    observe: measuring(registry),
    watch: (gauges) => void watched.push(gauges),
    snapshot() {
      own.read();
      for (const gauges of watched) {
        for (const [name, value] of Object.entries(gauges())) registry.set(name as MetricName, value);
      }
      return registry.snapshot();
    },
    close: own.close,
  };
}

const nothing = (): Snapshot => ({});

/** `/metrics` for Prometheus: of this process, or of all workers as if they were one; `snapshot`: what this process has to say of itself. */
export const metricsPage = (snapshot: () => Snapshot = nothing): ManagementPage =>
  managementPage({
    path: '/metrics',
    tell: async () => snapshot(),
    answer: (told: readonly Snapshot[]) => ({
      status: 200,
      contentType: prometheusType,
      body: prometheusText(together(told)),
    }),
  });
