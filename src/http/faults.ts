import { defineFaults } from '../kernel/index.ts';

export const faults = defineFaults('http', {
  malformed: { status: 400, message: 'The request is not well formed: {reason}.' },
  malformedForm: { status: 400, message: 'The form cannot be read: {reason}.' },
  malformedJson: { status: 400, message: 'The body is not valid JSON: {reason}.' },
  repeated: { status: 400, message: "The field '{name}' was sent more than once." },
  aborted: { status: 400, message: 'The request ended before its body was complete.' },
  unproxied: { status: 403, message: 'This server is reached through its proxy only.' },
  unencrypted: {
    status: 400,
    message: 'The request did not come over HTTPS, or the proxy does not say so with X-Forwarded-Proto: https.',
  },
  notFound: { status: 404, message: 'There is nothing at this address.' },
  tooLarge: { status: 413, message: 'The request body is larger than {limit} bytes.' },
  unsupportedMediaType: { status: 415, message: "The body must be sent as '{expected}'." },
  misdirected: { status: 421, message: "This server does not answer for '{host}'. Add it with --public-url." },
});
