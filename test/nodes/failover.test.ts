import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { check, newBooks } from '../faults/books.ts';
import { manage, signIn, startWork } from '../faults/load.ts';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { ask, type OwnServer, startPostgres, type TestDatabase, testDatabase } from '../support/postgres.ts';
import { noteAnswers, wrongOf } from './answers.ts';
import { startFleet } from './fleet.ts';

const isWhole = process.env['TEST_FAULTS'] !== undefined;
/** How often a primary is killed. */
const rounds = isWhole ? 4 : 1;
const mostSecondsAway = 10;
/** Acknowledged writes before something else happens; in the whole run it takes longer than the looks at other hosts are apart. */
const someWrites = isWhole ? 100 : 10;

type Rows = readonly Readonly<Record<string, unknown>>[];

/** A primary, a synchronous standby, and one URL that names both. */
interface Pair {
  readonly primary: OwnServer;
  readonly database: TestDatabase;
  /** Of the database on each. */
  readonly urls: readonly [primary: string, standby: string];
  promote(): Promise<void>;
}

async function startPair(): Promise<Pair> {
  const primary = await startPostgres({ durable: true, standby: true });
  const { url } = await testDatabase(primary);
  const name = new URL(url).pathname;
  const standby = `${primary.standby ?? ''}${name}`;
  const [here, there] = [new URL(url), new URL(standby)];
  const both = url.replace(here.host, `${here.host},${there.host}`);
  const database: TestDatabase = {
    url: `${both}?connect_timeout=2&target_session_attrs=read-write`,
    query: (text) => ask(standby, text),
    drop: () => primary.stop(),
  };
  const promote = async () => {
    const [said] = await ask(`${primary.standby ?? ''}/postgres`, 'SELECT pg_promote(true, 20) AS done');
    assert.equal(said?.['done'], true);
  };
  return { primary, database, urls: [url, standby], promote };
}

/** What would be different had anything been written: every write draws a number or a stamp. */
const writtenTo = async (url: string): Promise<Rows> => {
  const names = await ask(url, "SELECT sequencename AS name FROM pg_sequences WHERE schemaname = 'usher' ORDER BY 1");
  assert.ok(names.length >= 2);
  return Promise.all(
    names.map(async ({ name }) => (await ask(url, `SELECT last_value FROM usher."${name}"`))[0] ?? {}),
  );
};

async function failOver(t: TestContext): Promise<void> {
  const pair = await startPair();
  const fleet = await startFleet(3, pair.database);
  t.after(() => fleet.stop());
  const books = newBooks();
  const stopNoting = noteAnswers();
  const work = await startWork(fleet.front, books, undefined, {
    lanes: isWhole ? [manage, manage, signIn, signIn, signIn] : [manage, signIn, signIn],
    rest: isWhole ? 0 : 100,
    goesOn: () => true,
  });
  await work.more(someWrites);

  const killed = performance.now();
  await pair.primary.kill();
  await pair.promote();
  await work.more(someWrites);

  // The former primary comes back by itself, at the first address of the URL, and would take writes.
  await pair.primary.recover();
  const left = await writtenTo(pair.urls[0]);
  const added = await fleet.add();
  await work.more(someWrites);
  await work.stop();
  const answers = stopNoting();
  fleet.balancer.use([added.port]);
  assert.equal((await fleet.front.graph('GET', '/v1.0/users?$top=1')).status, 200);
  assert.deepEqual(await writtenTo(pair.urls[0]), left, 'nothing is written to a former primary');
  const users = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'usher'";
  assert.deepEqual(await ask(pair.urls[0], users), [], 'nobody stays with it');

  const good = answers.find(({ sent, status = 600, method }) => sent > killed && status < 400 && method !== 'GET');
  assert.ok(good, 'nothing was answered any more');
  const seconds = (good.answered - killed) / 1000;
  const refused = answers.filter(({ isRetryable }) => isRetryable).length;
  await check(fleet.front, books);
  const { acknowledged, lost, doubleSpent } = books;
  t.diagnostic(`away for ${seconds.toFixed(1)} s, ${refused} of ${answers.length} requests refused with 503`);
  t.diagnostic(ledgerLine({ ...emptyLedger, kills: 1, faults: 1, acknowledged, lost, doubleSpent }));
  assert.deepEqual({ lost, doubleSpent }, { lost: 0, doubleSpent: 0 });
  assert.deepEqual(wrongOf(answers), []);
  assert.ok(seconds < mostSecondsAway);
}

describe('three nodes on a primary and its synchronous standby', () => {
  for (let round = 1; round <= rounds; round += 1) {
    test(
      `the primary is killed and the standby promoted: nothing acknowledged is lost, nothing spent twice (${round})`,
      failOver,
    );
  }
});
