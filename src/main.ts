/** The process: its arguments in, its exit code out. */
import { processTerminal, run } from './cli/index.ts';

// Whoever reads the output may stop reading, as `head` does; that is no reason to stop the server.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await run(process.argv.slice(2), processTerminal);
