import { type Exchange, httpFaults, mediaType } from '../http/index.ts';
import { faults } from './faults.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** The body as text of one media type. Throws `http.unsupportedMediaType`, `http.tooLarge`, `graph.badStream`. */
export async function readText(exchange: Exchange, expected: string, maxBytes: number): Promise<string> {
  if (mediaType(exchange.headers) !== expected) throw httpFaults.unsupportedMediaType({ expected });
  const bytes = await exchange.body();
  if (bytes.length > maxBytes) throw httpFaults.tooLarge({ limit: maxBytes });
  if (bytes.length === 0) throw faults.emptyBody();
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw faults.badStream({ reason: 'it is not UTF-8' }, cause);
  }
}
