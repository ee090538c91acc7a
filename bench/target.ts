import { readFileSync } from 'node:fs';
import { seeded, type Usher } from '../test/support/usher.ts';
import { type Connection, openConnection } from './client/connection.ts';
import { progressOf } from './hint.ts';
import { type Person, personOf } from './scale/people.ts';
import { fill, places } from './scale/stores.ts';

/** The server under measurement, with people in a SQLite file. */
export interface Target extends Usher {
  readonly people: number;
  readonly databaseUrl: string;
  connect(): Connection;
  /** Somebody, at random; `local`: who has a password, which is `seeded.password`. */
  anybody(local?: boolean): Person;
  close(): Promise<void>;
}

export interface TargetOptions {
  /** For what needs the outbox or APIs on this machine. Else it is `usher serve`. */
  readonly development?: boolean;
}

/**
 * `args`: of the command, also while the store is filled, e.g. for hashes of other parameters. `query`: of the URL of
 * its database.
 */
export async function startTarget(
  people = 1000,
  args: readonly string[] = [],
  query = '',
  { development = false }: TargetOptions = {},
): Promise<Target> {
  const place = await places.sqlite(args, query);
  const store = await place.make();
  await fill(store, people, progressOf('people', people));
  const usher = await (development ? store.develop() : store.serve());
  const ca = readFileSync(usher.caFile, 'utf8');
  const anybody = (local = true): Person => {
    const person = personOf(Math.floor(Math.random() * people));
    return person.local || !local ? person : anybody(local);
  };
  return {
    ...usher,
    people,
    databaseUrl: store.databaseUrl,
    connect: () => openConnection(usher.url, ca),
    anybody,
    async close() {
      await usher.stop();
      await place.remove();
    },
  };
}

/** What an application that runs in a browser sends with a token request. */
export const formHeaders = {
  'Content-Type': 'application/x-www-form-urlencoded',
  Origin: 'http://localhost:3000',
} as const;

export const tokenPath = (flow: string = seeded.flow): string => `/${seeded.tenant}/${flow}/oauth2/v2.0/token`;
