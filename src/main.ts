/** The process: its arguments in, its exit code out. */
import { processTerminal, run } from './cli/index.ts';

process.exitCode = await run(process.argv.slice(2), processTerminal);
