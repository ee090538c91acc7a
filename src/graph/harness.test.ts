import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { type Exchange, httpFaults } from '../http/index.ts';
import { isUuid, newId } from '../kernel/index.ts';

export const origin = 'https://localhost:8443';

export interface Sent {
  readonly headers?: IncomingHttpHeaders;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
}

/** Bytes a body may have in these tests, as the listener would refuse it. */
const bodyLimit = 100_000;

/** A request as the listener would hand it over, without a socket. */
export function exchangeOf(method: string, path: string, { headers = {}, body }: Sent = {}): Exchange {
  const bytes =
    body === undefined ? Buffer.alloc(0) : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const given = headers['client-request-id'];
  return {
    method,
    url: new URL(path, origin),
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    async body() {
      if (bytes.length > bodyLimit) throw httpFaults.tooLarge({ limit: bodyLimit });
      return bytes;
    },
    remoteAddress: '127.0.0.1',
    correlationId: typeof given === 'string' && isUuid(given) ? given : newId(),
    // The face never touches Node's own objects; whatever is read from them here would be a mistake of the face.
    raw: { request: {} as IncomingMessage, response: {} as ServerResponse },
  };
}
