/** The process: its arguments in, its exit code out. */
import { constants } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { processTerminal, run } from './cli/index.ts';

// Whoever reads the output may stop reading, as `head` does; that is no reason to stop the server.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// The first process of a container is not ended by a signal that nobody listens for, as any other is.
if (process.pid === 1)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
    });

// Loading the modules would grow the young generation to its most, and it never shrinks: it keeps the few megabytes it has now
// until a server is ready for requests (docs/decisions.md).
setFlagsFromString('--semi-space-growth-factor=1');

process.exitCode = await run(process.argv.slice(2), processTerminal);
