import type { Payload } from './token-form.ts';

/** Names of claims that the server alone says, or that mean something to whoever checks a token: nobody else's answer is taken for them. */
const protocolClaims: ReadonlySet<string> = new Set([
  ...[
    'iss',
    'sub',
    'aud',
    'azp',
    'appid',
    'exp',
    'nbf',
    'iat',
    'jti',
    'nonce',
    'sid',
    'cnf',
    'at_hash',
    'c_hash',
    's_hash',
  ],
  ...[
    'auth_time',
    'acr',
    'amr',
    'tfp',
    'tid',
    'oid',
    'ver',
    'scp',
    'scope',
    'roles',
    'wids',
    'groups',
    'idtyp',
    'grant',
  ],
  ...['act', 'may_act', 'client_id', 'events', 'newUser', 'xms_cc'],
]);

/** What is said of the person, without what only the protocol says. */
export const aboutPerson = (claims: Payload): Payload =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => !protocolClaims.has(name)));
