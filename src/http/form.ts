import type { Exchange } from './face.ts';
import { faults } from './faults.ts';
import { mediaType } from './media-type.ts';

/** Fields one form or query may have; the largest sign-up form has fewer than a hundred. */
const most = 256;

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw faults.malformedForm({ reason: 'an escape sequence is broken' }, cause);
  }
}

function parsePairs(text: string): ReadonlyMap<string, string> {
  const pairs = text === '' ? [] : text.split('&', most + 1).filter((pair) => pair !== '');
  if (pairs.length > most) throw faults.malformedForm({ reason: `it has more than ${most} fields` });
  const fields = new Map<string, string>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (fields.has(name)) throw faults.repeated({ name: name.slice(0, 64) });
    fields.set(name, equals < 0 ? '' : decode(pair.slice(equals + 1)));
  }
  return fields;
}

/**
 * The fields of an `application/x-www-form-urlencoded` body. A name sent twice is refused (RFC 6749 §3.1: parameters
 * must not be included more than once), so that no two readers can disagree about which value counts.
 * Throws `http.malformedForm`, `http.repeated`.
 */
export function parseForm(body: Uint8Array): ReadonlyMap<string, string> {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch (cause) {
    throw faults.malformedForm({ reason: 'it is not UTF-8' }, cause);
  }
  return parsePairs(text);
}

/** The query of a URL under the same rules as `parseForm`. */
export const parseQuery = (url: URL): ReadonlyMap<string, string> => parsePairs(url.search.slice(1));

/** Reads the body of the request as a form. Throws also `http.unsupportedMediaType`, `http.tooLarge`. */
export async function readForm(exchange: Exchange): Promise<ReadonlyMap<string, string>> {
  const expected = 'application/x-www-form-urlencoded';
  if (mediaType(exchange.headers) !== expected) throw faults.unsupportedMediaType({ expected });
  return parseForm(await exchange.body());
}
