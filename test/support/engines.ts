import { temporaryFolder, type UsherOptions } from './usher.ts';

/** A storage engine that the scenarios run on, as `usher dev` is told to use it. */
export interface Engine {
  readonly name: string;
  options(): UsherOptions;
}

export const engines: readonly Engine[] = [
  { name: 'memory', options: () => ({}) },
  { name: 'sqlite', options: () => ({ data: temporaryFolder() }) },
];
