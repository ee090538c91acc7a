import { defineFaults } from '../kernel/index.ts';

export const faults = defineFaults('store', {
  exists: { status: 409, message: "Another object with the same value for property '{property}' already exists." },
  absent: { status: 404, message: "'{id}' does not exist." },
  stale: { status: 412, message: 'The resource has changed since it was read.' },
  unknownEngine: {
    status: 500,
    message: "No storage engine for '{url}'. Use sqlite:PATH, postgres://USER:PASSWORD@HOST/DATABASE or memory:.",
  },
  unusable: { status: 500, message: "The database '{url}' cannot be used: {reason}" },
  unreachable: { status: 503, message: "The database '{url}' cannot be reached: {reason}" },
  badCursor: { status: 400, message: 'The page token is not valid.' },
  undeclared: { status: 500, message: "'{name}' is not declared in the model this database was opened with." },
  forgotten: { status: 410, message: 'The changes since then are no longer known.' },
  over: { status: 500, message: 'The transaction is over.' },
  tooLong: { status: 503, message: 'A write took longer than {seconds} seconds and was undone.' },
  unavailable: { status: 503, message: 'The database cannot be reached at the moment.' },
  /** For the log, below `unavailable`: the words name the server and the account, never a value or the password. */
  disconnected: { status: 503, message: 'No connection to the database: {reason}' },
  slow: { status: 503, message: 'The database did not answer in time.' },
  contended: { status: 503, message: 'Too many others are writing the same at the moment.' },
  full: { status: 503, message: 'The database has no room left.' },
  readOnly: { status: 503, message: 'The database can only be read at the moment.' },
  outdated: {
    status: 503,
    message: 'Another version has changed the tables of this database; this process must be restarted.',
  },
  moved: {
    status: 503,
    message:
      'The files of the database were moved or replaced while it was open; they must be put back and this process restarted.',
  },
  tooLarge: { status: 400, message: 'A value is too long to be indexed.' },
  tooWide: {
    status: 400,
    message: 'Too many objects would have to be looked at; ask for fewer with a filter on an indexed property.',
  },
  refused: { status: 500, message: 'The database refused a request (code {code}).' },
  uncopied: { status: 500, message: 'There is no good copy: {reason}' },
  closed: { status: 503, message: 'The database is closed.' },
});
