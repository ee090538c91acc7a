import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Registry } from './registry.ts';

/** How often the event loop's delay is looked at, in milliseconds; twenty times a second costs nothing that can be measured. */
const resolution = 50;

/** Reads what the process itself is like into the registry, each time it is called. */
export function createProcessGauges(registry: Registry): { read(): void; close(): void } {
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  let [before, spent] = [performance.eventLoopUtilization(), { user: 0, system: 0 }];

  /** Seconds; a timer comes one `resolution` after the last at best, and nothing was measured yet at first. */
  const seconds = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - resolution / 1e3) : 0;

  return {
    read() {
      registry.set('nodejs.eventloop.delay.p50', delay.count > 0 ? seconds(delay.percentile(50)) : 0);
      registry.set('nodejs.eventloop.delay.p99', delay.count > 0 ? seconds(delay.percentile(99)) : 0);
      registry.set('nodejs.eventloop.delay.max', delay.count > 0 ? seconds(delay.max) : 0);
      delay.reset();
      const now = performance.eventLoopUtilization();
      registry.set('nodejs.eventloop.utilization', performance.eventLoopUtilization(now, before).utilization);
      before = now;
      const used = process.cpuUsage();
      registry.add('process.cpu.time', ['user'], (used.user - spent.user) / 1e6);
      registry.add('process.cpu.time', ['system'], (used.system - spent.system) / 1e6);
      spent = used;
      const { rss, heapUsed } = process.memoryUsage();
      registry.set('process.memory.usage', rss);
      registry.set('v8js.memory.heap.used', heapUsed);
      registry.set('process.uptime', process.uptime());
    },
    close: () => void delay.disable(),
  };
}
