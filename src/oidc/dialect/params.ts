import { type Exchange, httpFaults, mediaType, parseForm, parseQuery } from '../../http/index.ts';
import { refusal } from './errors.ts';

/** Request parameters by name. A value sent empty counts as not sent (RFC 6749 §3.1). */
export type Params = ReadonlyMap<string, string>;

/** Longest form in bytes: the longest parameters together, several times over. */
export const formLimit = 65_536;

/** Longest value of a parameter that is kept with a sign-in, or short by its nature. */
const usualLimit = 2_048;

/** Every parameter of an authorization or logout request that has a meaning, and its longest value in bytes. */
export const parameterBytes: ReadonlyMap<string, number> = new Map([
  ['client_id', usualLimit],
  ['client_info', usualLimit],
  ['code_challenge', 128],
  ['code_challenge_method', usualLimit],
  ['domain_hint', 256],
  ['dpop_jkt', 64],
  // As long as any token of ours; it is looked at and never kept.
  ['id_token_hint', 16_384],
  ['login_hint', 320],
  ['max_age', usualLimit],
  ['nonce', 1_024],
  ['pageFlavor', 32],
  ['post_logout_redirect_uri', usualLimit],
  ['prompt', usualLimit],
  ['redirect_uri', usualLimit],
  ['request', usualLimit],
  ['request_uri', usualLimit],
  ['response_mode', usualLimit],
  ['response_type', usualLimit],
  ['scope', 4_096],
  ['state', 4_096],
  ['ui_locales', 256],
]);

export const filled = (all: ReadonlyMap<string, string>): Params =>
  new Map([...all].filter(([, value]) => value !== ''));

/** Those of a request that have a meaning. */
export const authorizationParams = (all: ReadonlyMap<string, string>): Params =>
  new Map([...filled(all)].filter(([name]) => parameterBytes.has(name)));

/**
 * The form of a request, at most 64 KiB; undefined when its body is of another kind. Throws `http.repeated`,
 * `http.malformedForm`, `http.tooLarge`.
 */
export async function readBoundedForm(exchange: Exchange): Promise<ReadonlyMap<string, string> | undefined> {
  if (mediaType(exchange.headers) !== 'application/x-www-form-urlencoded') return undefined;
  const announced = Number(exchange.headers['content-length'] ?? 0);
  const body = announced > formLimit ? undefined : await exchange.body();
  if (!body || body.length > formLimit) throw httpFaults.tooLarge({ limit: formLimit });
  return parseForm(body);
}

/**
 * The parameters of an authorization or logout request: of the query, and for a POST of the form too. One sent twice is
 * refused, also once here and once there, so that no two readers disagree on which one counts (RFC 6749 §3.1; security.md
 * §5 no. 7). Parameters without a meaning are ignored, as Microsoft's libraries need it, and kept nowhere.
 * Throws `http.repeated`, `http.malformedForm`, `http.tooLarge`.
 */
export async function readParams(exchange: Exchange): Promise<Params> {
  const query = parseQuery(exchange.url);
  const form = exchange.method === 'POST' ? await readBoundedForm(exchange) : undefined;
  if (!form) return authorizationParams(query);
  const twice = [...form.keys()].find((name) => parameterBytes.has(name) && query.has(name));
  if (twice !== undefined) throw httpFaults.repeated({ name: twice });
  return authorizationParams(new Map([...query, ...form]));
}

/**
 * Whoever asks is a stranger, and what they send is kept until somebody signs in: a value longer than any client has use
 * for is refused. Throws 90122.
 */
export function assertShort(params: Params, names: Iterable<string> = params.keys()): void {
  for (const name of names) {
    const size = Buffer.byteLength(params.get(name) ?? '');
    if (size > (parameterBytes.get(name) ?? usualLimit)) throw refusal('AADB2C90122', name);
  }
}
