import { defineFaults } from '../kernel/index.ts';

export const faults = defineFaults('http', {
  tooLarge: { status: 413, message: 'The request body is larger than {limit} bytes.' },
  notFound: { status: 404, message: 'There is nothing at this address.' },
  misdirected: { status: 421, message: "This server does not answer for '{host}'. Add it with --public-url." },
});
