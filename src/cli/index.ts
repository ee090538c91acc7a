/** The command line: one file a command, and the list of them. */

export type { Terminal } from './command.ts';
export { optionReference } from './reference.ts';
export { processTerminal, run } from './run.ts';
export { contoso, defaultSeed } from './seed/default-seed.ts';
export { applySeed, type Seed } from './seed/load-seed.ts';
