import { type Exchange, httpFaults, readJson } from '../http/index.ts';
import { faults } from './faults.ts';
import { headerElements } from './header-list.ts';
import { isObject, type Json } from './json.ts';

/** The JSON object of the body. Throws what `readJson` throws, `http.unsupportedMediaType`, `graph.emptyBody`, `graph.badBody`. */
export async function readBody(exchange: Exchange): Promise<Json> {
  if ((await exchange.body()).length === 0) throw faults.emptyBody();
  checkCoding(exchange.headers);
  const body = await readJson(exchange);
  if (!isObject(body)) throw faults.badBody({ reason: 'it must be a JSON object' });
  return body;
}

/** As `readBody`, where a body may be missing: then there are no members. */
export const readBodyIfAny = async (exchange: Exchange): Promise<Json> =>
  (await exchange.body()).length === 0 ? {} : readBody(exchange);

/** Bodies are UTF-8 (RFC 8259 §8.1) and sent as they are (RFC 9110 §8.4). Throws `http.unsupportedMediaType`. */
function checkCoding(headers: Exchange['headers']): void {
  const [type] = headerElements(headers['content-type'] ?? '');
  const charset = type?.parameters.get('charset') ?? 'utf-8';
  const coding = headers['content-encoding']?.trim() ?? 'identity';
  if (/^utf-?8$/i.test(charset) && /^identity$/i.test(coding)) return;
  throw httpFaults.unsupportedMediaType({ expected: 'application/json;charset=utf-8, without a content coding' });
}
