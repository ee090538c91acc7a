import { type Action, isRecord, unknownAction } from './answer.ts';
import { type CallFailure, failed } from './failure.ts';

export interface ProvidedClaims {
  readonly kind: 'claims';
  readonly claims: Readonly<Record<string, string | readonly string[]>>;
  /** Names of those that a token has of its own. */
  readonly kept: readonly string[];
}

/** UTF-8 bytes of all names and values together (b2c contract f.4). */
const mostBytes = 3 * 1024;

/**
 * What says who a person is, by whom and for whom a token was made and how long it is good (RFC 7519 §4.1, OpenID Connect Core §2, and the
 * dialect of Azure AD): no API speaks for these.
 */
const own: ReadonlySet<string> = new Set([
  ...['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'typ', 'cnf', 'act', 'may_act', 'client_id', 'scope'],
  ...[
    'nonce',
    'auth_time',
    'acr',
    'amr',
    'azp',
    'at_hash',
    'c_hash',
    's_hash',
    'sid',
    'sub_jwk',
    'events',
    'isfederated',
  ],
  ...[
    'oid',
    'tid',
    'ver',
    'tfp',
    'appid',
    'appidacr',
    'azpacr',
    'scp',
    'roles',
    'groups',
    'wids',
    'idtyp',
    'acct',
    'uti',
    'rh',
  ],
  ...['idp', 'idp_access_token', 'newuser', 'email', 'emails', 'email_verified', 'verified_primary_email', 'upn'],
  ...['preferred_username', 'unique_name', 'xms_edov', 'usher_sid'],
]);

const isClaim = (value: unknown): value is string | readonly string[] =>
  typeof value === 'string' || (Array.isArray(value) && value.every((one) => typeof one === 'string'));

const sizeOf = (name: string, value: string | readonly string[]): number =>
  [name, ...(typeof value === 'string' ? [value] : value)].reduce((sum, text) => sum + Buffer.byteLength(text), 0);

/**
 * The claims of `tokenIssuanceStart`. `wanted`: the names that the extension is registered with, in exactly these letters; empty: all of the
 * answer. Claims that a token has of its own stay as they are.
 */
export function readTokenClaims(action: Action, wanted: readonly string[]): ProvidedClaims | CallFailure {
  if (action.name !== 'provideclaimsfortoken') return unknownAction();
  const { claims } = action.members;
  if (claims === undefined || claims === null) return failed('noClaims', "The action has no 'claims'.");
  if (!isRecord(claims)) return failed('badBody', "'claims' is not an object.");
  const all = Object.entries(claims);
  if (all.some(([name]) => name.trim() === '')) return failed('emptyClaimName', 'A claim has no name.');
  const odd = all.find(([, value]) => !isClaim(value));
  if (odd) return failed('badBody', 'A claim is neither a string nor a list of strings.');
  const typed = all as readonly (readonly [string, string | readonly string[]])[];
  const bytes = typed.reduce((sum, [name, value]) => sum + sizeOf(name, value), 0);
  if (bytes > mostBytes) return failed('claimsTooLong', `Its claims are longer than ${mostBytes} bytes.`);
  const named = typed.filter(([name]) => wanted.length === 0 || wanted.includes(name));
  const isOwn = ([name]: readonly [string, unknown]): boolean => own.has(name.toLowerCase());
  return {
    kind: 'claims',
    claims: Object.fromEntries(named.filter((one) => !isOwn(one))),
    kept: named.filter(isOwn).map(([name]) => name),
  };
}
