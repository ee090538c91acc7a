import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { ask, connect, type OwnServer, startPostgres, type TestDatabase, testDatabase } from '../support/postgres.ts';
import { startUsher, temporaryFolder, type Usher } from '../support/usher.ts';
import { check, newBooks } from './books.ts';
import { startWork } from './load.ts';

const isWhole = process.env['TEST_FAULTS'] !== undefined;
const rounds = isWhole ? 2 : 1;
/** After a fault is over, everything is answered again. */
const recoveryMilliseconds = 10_000;

interface Answers {
  /** Refused for now, with the time to ask again. */
  refused: number;
  readonly wrong: string[];
}

/** Watches every answer of this process; whoever is refused waits a moment, as clients do. */
function watchAnswers(): Answers {
  const answers: Answers = { refused: 0, wrong: [] };
  const plain = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const response = await plain(input, init);
    const { status, headers } = response;
    if (status < 500) return response;
    if (status === 503 && Number(headers.get('retry-after')) >= 1) answers.refused += 1;
    else answers.wrong.push(`${status} ${response.url}: ${await response.clone().text()}`);
    await wait(50);
    return response;
  };
  return answers;
}

describe('a PostgreSQL that fails in the middle of everything', () => {
  const answers = watchAnswers();
  const role = `r${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const books = newBooks();
  let own: OwnServer | undefined;
  let database: TestDatabase;
  let usher: Usher;

  before(async () => {
    own = isWhole ? await startPostgres({ durable: true }) : undefined;
    database = await testDatabase(own);
    const url = new URL(database.url);
    await database.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
    await database.query(`ALTER DATABASE ${url.pathname.slice(1)} OWNER TO ${role}`);
    Object.assign(url, { username: role, password });
    const args = ['--limits', 'none', '--log-level', 'error'];
    usher = await startUsher({ data: temporaryFolder(), database: async () => url.href, args });
  });
  after(async () => {
    await usher?.stop('SIGKILL');
    await database?.drop();
    if (!own) await askRoot(`DROP ROLE ${role}`);
    await own?.stop();
  });

  /** Asks on a connection to no database of ours. */
  function askRoot(text: string) {
    const url = new URL(database.url);
    url.pathname = '/postgres';
    return ask(url.href, text);
  }

  const terminate = () =>
    database.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1', [role]);

  /** Fast shutdown: what is under way is broken off, and everything is written. */
  async function endInOrder(): Promise<void> {
    const [shown] = await database.query('SHOW data_directory');
    const pidFile = join(String(shown?.['data_directory']), 'postmaster.pid');
    const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGINT');
    for (let isThere = true; isThere; await wait(20))
      try {
        process.kill(pid, 0);
      } catch {
        isThere = false;
      }
  }

  /** Reads and writes what the server writes, as another program on the database would, until it is over. */
  async function rivals(milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    const rival = async (): Promise<void> => {
      const client = await connect(database.url);
      await client.query('SET search_path = usher; SET lock_timeout = 500');
      while (performance.now() < until) {
        const turn = ['BEGIN ISOLATION LEVEL SERIALIZABLE', 'SELECT count(*) FROM e_user'];
        // In no order, so that some wait for each other.
        const some = 'UPDATE e_user SET etag = etag WHERE row IN (SELECT row FROM e_user ORDER BY random() LIMIT 3)';
        for (const text of [...turn, some, some, 'COMMIT'])
          if ((await client.query(text).catch(() => undefined)) === undefined) await client.query('ROLLBACK');
      }
      await client.end();
    };
    await Promise.all([rival(), rival(), rival()]);
  }

  const faults: Readonly<Record<string, () => Promise<unknown>>> = {
    'loses every connection': terminate,
    'has no connection left': async () => {
      await askRoot(`ALTER ROLE ${role} CONNECTION LIMIT 0`);
      await terminate();
      await wait(500);
      await askRoot(`ALTER ROLE ${role} CONNECTION LIMIT -1`);
    },
    'is used by others, who come between': () => rivals(isWhole ? 3_000 : 1_000),
  };
  const restarts: Readonly<Record<string, () => Promise<unknown>>> = {
    'ends at once and is started again': async () => {
      await own?.crash();
      await own?.recover();
    },
    'ends in order and is started again': async () => {
      await endInOrder();
      await own?.recover();
    },
    'is away for five seconds': async () => {
      await own?.crash();
      await wait(5_000);
      await own?.recover();
    },
  };

  /** Resolves when a write is acknowledged again, to how long that took in milliseconds. */
  async function recovery(): Promise<number> {
    const began = performance.now();
    for (;;) {
      const response = await usher.graph('POST', '/v1.0/applications', { displayName: 'after' });
      await response.arrayBuffer();
      const took = performance.now() - began;
      if (response.status === 201) return took;
      assert.ok(took < recoveryMilliseconds, `${response.status} after ${took} ms`);
    }
  }

  for (const [what, act] of Object.entries({ ...faults, ...(isWhole ? restarts : {}) }))
    test(`it ${what}: nothing is lost or spent twice, refusals say when to ask again, and it goes on by itself`, async (t) => {
      const acknowledged = books.acknowledged;
      Object.assign(answers, { refused: 0 });
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const enough = books.acknowledged + 10;
        const busy = new EventTarget();
        const work = await startWork(
          usher,
          books,
          () => books.acknowledged >= enough && busy.dispatchEvent(new Event('enough')),
          { goesOn: () => true },
        );
        await once(busy, 'enough');
        await act();
        times.push(await recovery());
        await work.stop();
        await check(usher, books);
      }
      assert.deepEqual(answers.wrong, []);
      assert.doesNotMatch(usher.log(), /unhandled|uncaught/i);
      const { lost, doubleSpent } = books;
      t.diagnostic(`${answers.refused} refused, recovered in ${Math.round(Math.max(...times))} ms`);
      const counted = { faults: rounds, acknowledged: books.acknowledged - acknowledged, lost, doubleSpent };
      t.diagnostic(ledgerLine({ ...emptyLedger, ...counted }));
      assert.deepEqual({ lost, doubleSpent }, { lost: 0, doubleSpent: 0 });
    });
});
