import { defineFaults } from '../kernel/index.ts';

export const faults = defineFaults('workbench', {
  foreign: {
    status: 403,
    message: 'Development tools answer only to this server itself and to clients that are no browsers.',
  },
  badClock: { status: 400, message: "'advanceSeconds' must be a whole number of seconds, at most {most}." },
  methodNotAllowed: { status: 405, message: 'This address answers {allowed} only.' },
});
