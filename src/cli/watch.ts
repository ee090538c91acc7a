import { type Config, type Observe, type Trace, telemetryVariables } from '../kernel/index.ts';
import {
  createMetrics,
  type Gauges,
  type ManagementPage,
  metricsPage,
  openTelemetry,
  type Telemetry,
} from '../operations/index.ts';
import { createLog } from './logger.ts';
import { ownVersion } from './own-version.ts';

/** How a server is watched: its log, its metrics, and its traces where the variables of OpenTelemetry ask for them. */
export interface Watch {
  readonly observe: Observe;
  readonly trace: Trace;
  /** `/metrics` of this process. */
  readonly page: ManagementPage;
  /** Also measured from now on. */
  add(gauges: Gauges): void;
  /** Sends what is still kept; for when nothing happens any more. */
  close(): Promise<void>;
}

export async function openWatch({ logLevel }: Pick<Config, 'logLevel'>): Promise<Watch> {
  let telemetry: Telemetry | undefined;
  const log = await createLog(logLevel, { current: () => telemetry?.trace.current() });
  const metrics = createMetrics();
  const observe: Observe = (observation) => {
    log(observation);
    metrics.observe(observation);
  };
  const services = { version: ownVersion(), observe, snapshot: metrics.snapshot };
  telemetry = await openTelemetry(telemetryVariables(), services);
  const { trace, close } = telemetry;
  return {
    observe,
    trace,
    page: metricsPage(metrics.snapshot),
    add: metrics.watch,
    async close() {
      await close();
      metrics.close();
    },
  };
}
