/** The command line: one file a command, and the list of them. What a command needs is loaded when it is called. */

export type { Terminal } from './command.ts';
export { production } from './production.ts';
export { commands } from './registry.ts';
export { processTerminal, run } from './run.ts';
