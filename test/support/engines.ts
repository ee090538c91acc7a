import { describe } from 'node:test';
import { testDatabase } from './postgres.ts';
import { temporaryFolder, type UsherOptions } from './usher.ts';

/** A storage engine that the scenarios run on, as `usher dev` is told to use it. */
export interface Engine {
  readonly name: string;
  /** An empty store of its own; every start with the same options is on the same one. */
  options(): UsherOptions;
}

/** The key and the certificates are in the folder, everything else in a database that is removed when the file is done. */
function postgresOptions(): UsherOptions {
  let made: Promise<string> | undefined;
  const make = async () => {
    const { url, drop } = await testDatabase();
    process.once('beforeExit', () => void drop().catch(() => undefined));
    return url;
  };
  return {
    data: temporaryFolder(),
    database() {
      made ??= make();
      return made;
    },
  };
}

export const engines: readonly Engine[] = [
  { name: 'memory', options: () => ({}) },
  { name: 'sqlite', options: () => ({ data: temporaryFolder() }) },
  { name: 'postgres', options: postgresOptions },
];

/** The same tests on every engine, at the same time: for those that wait more than they work. */
export function sideBySide(says: string, tests: (engine: Engine) => void): void {
  describe(says, { concurrency: engines.length }, () => {
    for (const engine of engines) describe(engine.name, { concurrency: 1 }, () => tests(engine));
  });
}
