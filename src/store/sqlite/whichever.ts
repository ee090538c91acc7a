import type { Fragment } from '../sql/fragment.ts';
import type { Connection } from './connection.ts';

/** What statements are put to: a connection, or whichever is the best one. */
export type Asked = Pick<Connection, 'all' | 'get' | 'run' | 'exec'>;

/**
 * Questions go to the writing connection while nothing is being written: it knows the pages that it has read and written before, where another one
 * has to forget all it knows with every commit that is not its own (https://sqlite.org/fileformat2.html#walindexformat). While something is on its
 * way to the disk they go to the reading one, which sees what is there already, and so do those at all times whose answers it keeps.
 */
export function whicheverFor(reading: Connection, writing: Connection, isQuiet: () => boolean): Asked {
  const forRows = (statement: Fragment) => (isQuiet() && !reading.keeps(statement) ? writing : reading);
  return {
    all: (statement) => forRows(statement).all(statement),
    get: (statement) => forRows(statement).get(statement),
    run: (statement) => reading.run(statement),
    exec: (text) => reading.exec(text),
  };
}
