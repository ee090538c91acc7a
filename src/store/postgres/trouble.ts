import { faults } from '../faults.ts';
import { placeOf } from './client-options.ts';
import { NotUsable } from './not-usable.ts';
import { NoPrimary } from './primary.ts';
import type { Place, Settings } from './settings.ts';
import { codeOf, sentenceOf } from './translate.ts';

/** Why a database could not be opened, and what the operator can do about it; a sentence each. */
export interface Trouble {
  readonly words: string;
  readonly cure: string;
  /** It may go by itself: whoever tries again later need not change anything here. */
  readonly away?: true;
}

/** One of the servers, and what holds for all of them. */
type Asked = Settings & Place;
type Explain = (asked: Asked, said: string) => Trouble;

const unproved: Explain = () => ({
  words: "the server's certificate was signed by nobody that this machine trusts.",
  cure: 'Name the certificate of its authority with sslrootcert=FILE.',
});

const unknownName: Explain = ({ host }) => ({
  words: `there is no host '${host}'.`,
  cure: 'Check the name, and the name service of this machine.',
  away: true,
});

const silentHost: Explain = (settings) => ({
  words: `${placeOf(settings)} did not answer within ${settings.connectTimeoutSeconds} s.`,
  cure: 'Check address and port, and whether a firewall stands between.',
  away: true,
});

/** By SQLSTATE (PostgreSQL manual, appendix A), or by the code of Node's error. */
const byCode: Readonly<Record<string, Explain>> = {
  '28P01': ({ user }) => ({
    words: `the server refused the password of '${user}', or knows no such account.`,
    cure: `Check account and password; a password with signs like / or @ is percent-encoded in the URL.`,
  }),
  '3D000': ({ database, user }) => ({
    words: `the server has no database '${database}'.`,
    cure: `Make it there: CREATE DATABASE "${database}" OWNER "${user}" ENCODING 'UTF8' TEMPLATE template0.`,
  }),
  '42501': ({ database, user, schema }, said) => ({
    words: `the account may not do what a start needs: ${said}.`,
    cure: `Let it: GRANT CONNECT, CREATE ON DATABASE "${database}" TO "${user}", and make it the owner of the tables in schema '${schema}'.`,
  }),
  '53300': (_, said) => ({
    words: `the server has no connection left: ${said}.`,
    cure: "Raise max_connections or the account's limit, or lower pool_size (docs/postgresql.md).",
    away: true,
  }),
  '57P03': (_, said) => ({ words: `the server is not ready: ${said}.`, cure: 'Try again in a moment.', away: true }),
  '25006': () => ({
    words: 'it can only be read; this is a standby.',
    cure: 'Use the address of the primary.',
  }),
  '55P03': () => ({
    words: 'another process has been changing its tables for minutes.',
    cure: 'Wait for it, or look for what holds its locks in pg_stat_activity.',
    away: true,
  }),
  ECONNREFUSED: (settings) => ({
    words: `nothing listens at ${placeOf(settings)}.`,
    cure: 'Start PostgreSQL there, or check host and port.',
    away: true,
  }),
  ENOENT: (settings) => ({
    words: `there is no socket of PostgreSQL for port ${settings.port} in '${settings.host}'.`,
    cure: 'Start PostgreSQL, or check the folder and the port.',
    away: true,
  }),
  ENOTFOUND: unknownName,
  EAI_AGAIN: unknownName,
  ETIMEDOUT: silentHost,
  EHOSTUNREACH: silentHost,
  ENETUNREACH: silentHost,
  DEPTH_ZERO_SELF_SIGNED_CERT: unproved,
  SELF_SIGNED_CERT_IN_CHAIN: unproved,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unproved,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unproved,
  UNABLE_TO_GET_ISSUER_CERT: unproved,
  CERT_HAS_EXPIRED: () => ({ words: "the server's certificate has expired.", cure: 'Renew it on the server.' }),
  ERR_TLS_CERT_ALTNAME_INVALID: ({ host }) => ({
    words: `the server's certificate is not for '${host}'.`,
    cure: 'Connect by a name that is in it, or use sslmode=verify-ca.',
  }),
};

/** What comes without a code of its own, or with one that says too little. */
const byWords: readonly (readonly [pattern: RegExp, explain: Explain])[] = [
  [
    /pg_hba\.conf.*no encryption/,
    () => ({ words: 'the server lets nobody in without encryption.', cure: 'Use sslmode=verify-full.' }),
  ],
  [
    /pg_hba\.conf/,
    ({ user, database }) => ({
      words: `the server does not let '${user}' into '${database}' from this machine.`,
      cure: 'Add a line for it to pg_hba.conf on the server.',
    }),
  ],
  [
    /not permitted to log in/,
    ({ user }) => ({ words: `'${user}' may not log in.`, cure: `Let it: ALTER ROLE "${user}" LOGIN.` }),
  ],
  [
    /does not support SSL/,
    () => ({
      words: 'the server offers no encryption.',
      cure: 'Turn it on there (ssl = on); sslmode=disable sends everything in the clear, password exchange included.',
    }),
  ],
  [
    /client password must be a string/,
    ({ user }) => ({ words: `the server asks for the password of '${user}'.`, cure: 'Put it into the URL.' }),
  ],
  [/timeout expired|connection timeout|Timed out|timeout exceeded/i, silentHost],
  [
    /Connection terminated|establishing an SSL connection|ECONNRESET/,
    (settings) => ({
      words: `what listens at ${placeOf(settings)} ended the connection.`,
      cure: 'Check that it is PostgreSQL, and its log.',
      away: true,
    }),
  ],
];

/** Looks through what the driver, Node and the server said. */
function troubleOf(error: unknown, asked: Asked): Trouble {
  if (error instanceof NotUsable) return { words: error.message, cure: error.cure };
  const said = sentenceOf(error)
    .replace(/^[0-9A-Z]{5}: /, '')
    .replace(/\.$/, '');
  const explain = byWords.find(([pattern]) => pattern.test(said))?.[1] ?? byCode[codeOf(error) ?? ''];
  return explain?.(asked, said) ?? { words: `${said}.`, cure: "Look into the server's log." };
}

/** A standby may be promoted, and a server that is away may come back; what is wrong with all of them has to be mended. */
function troubleOfAll(settings: Settings, { found }: NoPrimary): Trouble {
  const troubles = found.map(([place, error]) => ({
    at: placeOf(place),
    isStandby: codeOf(error) === '25006',
    ...troubleOf(error, { ...settings, ...place }),
  }));
  const said = troubles.map(({ at, words }) => `${at}: ${words}`).join(' ');
  const [mendable] = troubles.filter(({ away, isStandby }) => !away && !isStandby);
  if (mendable) return { words: `none of its servers can be used. ${said}`, cure: mendable.cure };
  const cure = 'Start the primary, or promote a standby whose primary will not come back.';
  return { words: `none of its servers takes writes. ${said}`, cure, away: true };
}

/** The same as `store.unreachable` or `store.unusable`, whose data keep the two sentences apart. `place`: of the server that was asked. */
export function unusable(error: unknown, settings: Settings, place: Place): Error {
  const { words, cure, away } =
    error instanceof NoPrimary ? troubleOfAll(settings, error) : troubleOf(error, { ...settings, ...place });
  const fault = away ? faults.unreachable : faults.unusable;
  return fault({ url: settings.shown, reason: `${words} ${cure}`, words, cure }, error);
}
