import pg from 'pg';
import { Fault, type Observe } from '../../kernel/index.ts';
import { writeLimitSeconds } from '../time-limit.ts';
import { clientOptions, wayTo } from './client-options.ts';
import type { Primary } from './primary.ts';
import { heedWarnings, Session } from './session.ts';
import { isLost, isSilent, translate, unavailable } from './translate.ts';

const idleMilliseconds = 60_000;
/** After a failover or a change of addresses old connections should not live for ever. */
const longestLifeSeconds = 3_600;
const readLimitMilliseconds = 10_000;
/** The server ends every statement before; what is not answered by then never will be. */
const answerLimitMilliseconds = 15_000;
/** A connection that was quiet for longer may lead nowhere: nobody tells of the end of a machine that lost its power (RFC 9293 §3.5.1). */
const quietMilliseconds = 5_000;
/** How long it has to show that it does lead somewhere. */
const echoMilliseconds = 2_000;
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

/** No parameter of the start: whether the server takes writes is asked in a transaction that this does not rule yet. */
const readOnly = 'SET default_transaction_read_only = on';

/** All connections of the pool are ended when they are of no use, lent ones too, and new ones lead where the primary is. */
function keepToPrimary(pool: pg.Pool, primary: Primary): void {
  const open = new Set<pg.PoolClient>();
  pool.on('connect', (client) => open.add(client));
  pool.on('remove', (client) => open.delete(client));
  primary.onLeft(() => {
    Object.assign(pool.options, wayTo(primary.place));
    for (const { connection } of open) connection.stream.destroy();
  });
}

function openPool(role: Role, primary: Primary): pg.Pool {
  const { settings } = primary;
  const pool = new pg.Pool({
    ...clientOptions(settings, primary.place, parameters[role]),
    max: settings.poolSize,
    idleTimeoutMillis: idleMilliseconds,
    maxLifetimeSeconds: longestLifeSeconds,
    allowExitOnIdle: true,
    onConnect: (client) => primary.admit(client, role === 'reader' ? readOnly : ''),
  });
  pool.on('connect', heedWarnings);
  keepToPrimary(pool, primary);
  return pool;
}

/** A free connection, or a new one, for which the primary is looked for when it is not where it was. */
async function connect(pool: pg.Pool, primary: Primary): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    const isCrowded = pool.totalCount >= primary.settings.poolSize;
    if (!primary.isOneOfSeveral || isCrowded) throw error;
    await primary.look();
    return pool.connect();
  }
}

export function openPools(primary: Primary, observe: Observe): Pools {
  const tell = createTeller(observe);
  const open = (role: Role) => {
    const pool = openPool(role, primary);
    // The pool has dropped the connection already; the next one who asks gets another.
    pool.on('error', (error) => tell(translate(error)));
    // While somebody has it, what is asked of it fails and tells; an error event that nobody hears would end the process.
    pool.on('connect', (client) => client.on('error', () => undefined));
    return pool;
  };
  const pools = { reader: open('reader'), writer: open('writer') };
  const heard = new WeakMap<pg.PoolClient, number>();
  /** What was heard last before this moment is not believed any more: a connection has been silent since then. */
  let silentSince = Number.NEGATIVE_INFINITY;

  /** Gives the connection back, or closes it when it is of no more use. `began`: when it was taken. */
  function giveBack(client: pg.PoolClient, session: Session, began: number): void {
    const { failure } = session;
    if (isSilent(failure)) silentSince = Math.max(silentSince, began);
    if (!isLost(failure)) heard.set(client, performance.now());
    session.release(isLost(failure));
  }

  /** Closes a connection at whose other end nobody may be: a farewell would wait for an answer, and keep the process. */
  function drop(client: pg.PoolClient): void {
    client.connection.stream.destroy();
    client.release(true);
  }

  /** Whether anybody is at the other end of a connection that was quiet. */
  async function echoes(client: pg.PoolClient): Promise<boolean> {
    const session = new Session(client, echoMilliseconds);
    const began = performance.now();
    try {
      await session.exec('SELECT 1');
      return true;
    } catch {
      giveBack(client, session, began);
      return false;
    }
  }

  /** A connection that leads somewhere. Of those that may not, each is asked at most once, and none after one of them was silent. */
  async function take(role: Role): Promise<pg.PoolClient> {
    for (;;) {
      const client = await connect(pools[role], primary);
      const last = heard.get(client);
      if (last === undefined) return client;
      if (last < silentSince) drop(client);
      else if (performance.now() - last < quietMilliseconds || (await echoes(client))) return client;
    }
  }

  return {
    async with(role, work) {
      const client = await take(role).catch((cause: unknown) => {
        const error = unavailable(cause);
        tell(error);
        throw error;
      });
      const began = performance.now();
      const session = new Session(client, answerLimitMilliseconds);
      try {
        return await work(session);
      } catch (cause) {
        const error = translate(cause);
        tell(error);
        throw error;
      } finally {
        giveBack(client, session, began);
      }
    },
    async end() {
      await Promise.all([pools.reader.end(), pools.writer.end()]);
    },
  };
}
