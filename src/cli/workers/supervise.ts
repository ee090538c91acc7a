import { healthPages, metricsPage } from '../../operations/index.ts';
import type { CommandContext } from '../command.ts';
import { createLog } from '../logger.ts';
import { openManagement } from '../management.ts';
import { warnings } from '../production.ts';
import { tellReady } from '../ready-line.ts';
import { untilSignal } from '../until-signal.ts';
import { Crew } from './crew.ts';

/** What a worker takes at most to answer what is under way and to write what waits, besides the delay asked for; milliseconds. */
const longestDrain = 40_000;

/**
 * Starts the workers, answers probes for all of them, starts another in the place of one that is lost, and ends when they have ended. Resolves
 * to 0, or to a worker's exit code when none can be kept running.
 */
export async function supervise(context: CommandContext): Promise<number> {
  const { config } = context;
  const signal = untilSignal();
  const observe = await createLog(config.logLevel);
  for (const message of warnings(config)) observe({ kind: 'warning', message });
  const patience = longestDrain + config.drainDelay * 1000;
  const crew = new Crew({ count: config.workers, observe, patience });
  process.on('SIGHUP', () => crew.pass('SIGHUP'));
  const management = await openManagement(config, {
    pages: [...healthPages, metricsPage()],
    ask: (path) => crew.ask(path),
  });
  try {
    const started = await Promise.race([crew.start(), signal]);
    if (typeof started === 'number') {
      await crew.stop('SIGTERM');
      return started;
    }
    if (typeof started === 'object') tellReady(context, { ...started, managementUrl: management.url });
    const end = await Promise.race([signal, crew.gaveUp]);
    if (typeof end === 'number') return end;
    observe({ kind: 'server.stopping', signal: end });
    return await crew.stop(end);
  } finally {
    await management.close();
  }
}
