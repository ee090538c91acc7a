/** The process: its arguments in, its exit code out. */
import { setFlagsFromString } from 'node:v8';
import { processTerminal, run } from './cli/index.ts';

// Whoever reads the output may stop reading, as `head` does; that is no reason to stop the server.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// Loading the modules would grow the young generation to its most, and it never shrinks: it keeps the few megabytes it has now
// until a server is ready for requests (docs/decisions.md).
setFlagsFromString('--semi-space-growth-factor=1');

process.exitCode = await run(process.argv.slice(2), processTerminal);
