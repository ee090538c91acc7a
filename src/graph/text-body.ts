import { type Exchange, httpFaults, mediaType } from '../http/index.ts';
import { faults } from './faults.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Says nothing about what is sent (RFC 2046 §4.5.1). It is how generated clients send every media stream. */
const anyBytes = 'application/octet-stream';

/** The body as text of one media type, or of none in particular. Throws `http.unsupportedMediaType`, `http.tooLarge`, `graph.badStream`. */
export async function readText(exchange: Exchange, expected: string, maxBytes: number): Promise<string> {
  if (![expected, anyBytes].includes(mediaType(exchange.headers))) throw httpFaults.unsupportedMediaType({ expected });
  const bytes = await exchange.body();
  if (bytes.length > maxBytes) throw httpFaults.tooLarge({ limit: maxBytes });
  if (bytes.length === 0) throw faults.emptyBody();
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw faults.badStream({ reason: 'it is not UTF-8' }, cause);
  }
}
