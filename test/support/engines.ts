import { temporaryFolder, type UsherOptions } from './usher.ts';

/** A storage engine that the scenarios run on, as `usher dev` is told to use it. */
export interface Engine {
  readonly name: string;
  options(context: { after(done: () => void): void }): UsherOptions;
}

export const engines: readonly Engine[] = [
  { name: 'memory', options: () => ({}) },
  { name: 'sqlite', options: (context) => ({ data: temporaryFolder(context) }) },
];
