import { type Exchange, mediaType, parseForm, parseQuery } from '../../http/index.ts';

/** Request parameters by name. A value sent empty counts as not sent (RFC 6749 §3.1). */
export type Params = ReadonlyMap<string, string>;

const filled = (all: ReadonlyMap<string, string>): Params => new Map([...all].filter(([, value]) => value !== ''));

/**
 * The parameters of an authorization, logout or token request: of the query, and for a POST of the form, which wins.
 * One sent twice is refused, so that no two readers disagree on which one counts (RFC 6749 §3.1; security.md §5 no. 7).
 * Throws `http.repeated`, `http.malformedForm`, `http.tooLarge`.
 */
export async function readParams(exchange: Exchange): Promise<Params> {
  const query = parseQuery(exchange.url);
  if (exchange.method !== 'POST' || mediaType(exchange.headers) !== 'application/x-www-form-urlencoded') {
    return filled(query);
  }
  return filled(new Map([...query, ...parseForm(await exchange.body())]));
}
