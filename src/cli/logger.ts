import { type Config, type Observe, silent, type Trace, untraced } from '../kernel/index.ts';
import { type Level, logged, logLine } from './log-line.ts';
import { standardErrorSink } from './log-sink.ts';

const ranks: Readonly<Record<Level, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

/** Writes observations as JSON lines on standard error, from the level on. */
export async function createLog(level: Config['logLevel'], trace: Pick<Trace, 'current'> = untraced): Promise<Observe> {
  if (level === 'silent') return silent;
  const least = ranks[level];
  const sink = standardErrorSink((lines) =>
    logLine({ kind: 'warning', message: `${lines} lines of the log were dropped: nobody read them.` }, new Date()),
  );
  return (observation) => {
    if (ranks[logged[observation.kind].level] <= least) {
      sink.write(logLine(observation, new Date(), trace.current()));
    }
  };
}
