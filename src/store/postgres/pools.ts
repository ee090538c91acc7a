import pg from 'pg';
import { Fault, type Observe } from '../../kernel/index.ts';
import { writeLimitSeconds } from '../time-limit.ts';
import { Session } from './session.ts';
import type { Settings } from './settings.ts';
import { isLost, translate, unavailable } from './translate.ts';

const idleMilliseconds = 60_000;
/** After a failover or a change of addresses old connections should not live for ever. */
const longestLifeSeconds = 3_600;
const readLimitMilliseconds = 10_000;
/** The server ends every statement before; what is not answered by then never will be. */
const answerLimitMilliseconds = 15_000;
/** How long an idle connection is quiet before the network is asked whether it still leads anywhere. */
const keepAliveMilliseconds = 30_000;
/** The same trouble is told again after this long. */
const silenceMilliseconds = 10_000;

export type Role = 'reader' | 'writer';

/** The connections of one process, for reading and for writing apart, so that neither keeps the other waiting. */
export interface Pools {
  /** Lends a connection. Rejects with a `store.*` fault for what the database says. */
  with<T>(role: Role, work: (session: Session) => Promise<T>): Promise<T>;
  /** Waits until every connection has been given back, and closes them. */
  end(): Promise<void>;
}

const milliseconds = (seconds: number): number => seconds * 1000;

/** Sent when a connection begins, so that they hold for every statement on it. */
const parameters: Readonly<Record<Role, Readonly<Record<string, string | number>>>> = {
  reader: {
    default_transaction_read_only: 'on',
    // Every question has an index. A planner that hopes to meet enough matches early in a table, with a limit and statistics of yesterday,
    // reads all of it when there are none.
    enable_seqscan: 'off',
    statement_timeout: readLimitMilliseconds,
  },
  // Reading whole tables would make every writer a neighbour of every other (manual, "Serializable Isolation Level").
  writer: {
    enable_seqscan: 'off',
    // What a writer asks is found by its key whatever the values are, so it is planned once.
    plan_cache_mode: 'force_generic_plan',
    statement_timeout: milliseconds(writeLimitSeconds),
    lock_timeout: milliseconds(writeLimitSeconds),
    idle_in_transaction_session_timeout: milliseconds(writeLimitSeconds * 2),
  },
};

/** The int8 of sequences and counters stays below 2^53, so it is read as a number. */
const int8 = 20;
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === int8 ? Number : pg.types.getTypeParser(oid, format)),
};

/** What the driver needs for a connection in a role. */
export function clientOptions(
  settings: Settings,
  extra: Readonly<Record<string, string | number>> = {},
): pg.ClientConfig {
  const { host, port, database, user, password, tls, applicationName, schema } = settings;
  const options = Object.entries({ search_path: schema, client_encoding: 'UTF8', ...extra });
  return {
    ...{ host, port, database, user, password, ssl: tls, types },
    application_name: applicationName,
    options: options.map(([name, value]) => `-c ${name}=${value}`).join(' '),
    connectionTimeoutMillis: milliseconds(settings.connectTimeoutSeconds),
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMilliseconds,
  };
}

/** Tells the operator what a request is answered with as "not at the moment"; of many that meet the same, once. */
function createTeller(observe: Observe): (error: unknown) => void {
  const told = new Map<string, number>();
  return (error) => {
    if (!(error instanceof Fault) || error.status !== 503) return;
    const now = performance.now();
    if (now - (told.get(error.code) ?? Number.NEGATIVE_INFINITY) < silenceMilliseconds) return;
    told.set(error.code, now);
    observe({ kind: 'warning', message: 'Requests fail because of the database.', error });
  };
}

export function openPools(settings: Settings, observe: Observe): Pools {
  const tell = createTeller(observe);
  const open = (role: Role) => {
    const pool = new pg.Pool({
      ...clientOptions(settings, parameters[role]),
      max: settings.poolSize,
      idleTimeoutMillis: idleMilliseconds,
      maxLifetimeSeconds: longestLifeSeconds,
      allowExitOnIdle: true,
    });
    // The pool has dropped the connection already; the next one who asks gets another.
    pool.on('error', (error) => tell(translate(error)));
    // While somebody has it, what is asked of it fails and tells; an error event that nobody hears would end the process.
    pool.on('connect', (client) => client.on('error', () => undefined));
    return pool;
  };
  const pools = { reader: open('reader'), writer: open('writer') };
  return {
    async with(role, work) {
      const session = new Session(
        await pools[role].connect().catch((cause: unknown) => {
          const error = unavailable(cause);
          tell(error);
          throw error;
        }),
        answerLimitMilliseconds,
      );
      try {
        return await work(session);
      } catch (cause) {
        const error = translate(cause);
        tell(error);
        throw error;
      } finally {
        session.release(isLost(session.failure));
      }
    },
    async end() {
      await Promise.all([pools.reader.end(), pools.writer.end()]);
    },
  };
}
