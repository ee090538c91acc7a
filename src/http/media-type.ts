import type { IncomingHttpHeaders } from 'node:http';

/** The media type of the body in lower case without parameters (RFC 9110 §8.3); empty when there is none. */
export function mediaType(headers: IncomingHttpHeaders): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
