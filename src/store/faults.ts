import { defineFaults } from '../kernel/index.ts';

export const faults = defineFaults('store', {
  exists: { status: 409, message: "Another object with the same value for property '{property}' already exists." },
  absent: { status: 404, message: "'{id}' does not exist." },
  stale: { status: 412, message: 'The resource has changed since it was read.' },
  unknownEngine: { status: 500, message: "No storage engine for '{url}'. Use sqlite:PATH or memory:." },
  unusable: { status: 500, message: "The database '{url}' cannot be used: {reason}" },
  badCursor: { status: 400, message: 'The page token is not valid.' },
  undeclared: { status: 500, message: "'{name}' is not declared in the model this database was opened with." },
  over: { status: 500, message: 'The transaction is over.' },
  tooLong: { status: 503, message: 'A write took longer than {seconds} seconds and was undone.' },
  closed: { status: 503, message: 'The database is closed.' },
});
