import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Observation, silent, system, systemClock } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { sql } from '../sql/fragment.ts';
import { Connection } from './connection.ts';
import { createScans } from './scans.ts';
import { openSqlite } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'usher-scans-'));
after(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'scans.db');
const writing = new Connection(file, 'writer');
writing.exec('CREATE TABLE t (text TEXT)');
after(() => writing.close());
const rows = sql('SELECT text FROM t ORDER BY text');
const slow = sql(
  'WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 3000000) SELECT max(n) AS n FROM c',
);

/** How many threads of this process give way to the others (proc(5), field 19 of `stat`). */
const yielding = (): number =>
  readdirSync('/proc/self/task').filter((thread) => {
    const fields = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ')[1]?.split(' ');
    return Number(fields?.[16]) > getPriority();
  }).length;

test('the thread gives way to all others', { skip: process.platform !== 'linux' }, async () => {
  const scans = createScans({ file, observe: silent });
  await scans.all(rows);
  assert.equal(yielding(), 1);
  await scans.close();
});

test('a statement is answered from another thread, with what was committed before it was asked', async () => {
  const scans = createScans({ file, observe: silent });
  for (const text of ['a', 'b']) {
    writing.run(sql('INSERT INTO t VALUES (?)', text));
    const found = (await scans.all(rows)) as readonly { readonly text: string }[];
    assert.equal(found.at(-1)?.text, text);
  }
  await scans.close();
});

test('others get their turns while a long statement is answered, and closing waits for it', async () => {
  const scans = createScans({ file, observe: silent });
  let turns = 0;
  let isOver = false;
  const found = scans.all(slow).finally(() => {
    isOver = true;
  });
  while (!isOver && turns < 3) {
    await new Promise(setImmediate);
    turns += 1;
  }
  assert.equal(turns, 3);
  await scans.close();
  assert.deepEqual(
    ((await found) ?? []).map((row) => ({ ...(row as object) })),
    [{ n: 3_000_000 }],
  );
});

test('an error of the driver keeps its code, nothing can be written, and no more than 64 statements are in line', async () => {
  const scans = createScans({ file, observe: silent });
  await assert.rejects(scans.all(sql('SELECT nothing FROM nowhere')), { code: 'ERR_SQLITE_ERROR' });
  await assert.rejects(scans.all(sql("INSERT INTO t VALUES ('x')")), { code: 'ERR_SQLITE_ERROR' });
  const asked = Array.from({ length: 65 }, () => scans.all(rows));
  const answers = await Promise.allSettled(asked);
  assert.deepEqual(
    answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.code] : [])),
    ['store.slow'],
  );
  await scans.close();
});

test('where the thread cannot read, that is told, and the next statement tries again', async () => {
  const observed: Observation[] = [];
  const scans = createScans({ file: join(folder, 'none', 'x.db'), observe: (one) => void observed.push(one) });
  assert.equal(await scans.all(rows), undefined);
  assert.equal(await scans.all(rows), undefined);
  assert.deepEqual(
    observed.map(({ kind }) => kind),
    ['warning', 'warning'],
  );
  await scans.close();
});

test('who has written finds it in a number of all there are, and in a search for a common word', async () => {
  const types = Object.values(entities);
  const database = openSqlite(`sqlite:${join(folder, 'own.db')}`, {
    clock: systemClock,
    observe: silent,
    types,
  }).database();
  const store = database.tenant('t');
  const type = entities.user;
  const filter = { op: 'word', path: ['displayName'], value: 'same' } as const;
  for (let made = 1; made <= 20; made += 1) {
    const values = { displayName: `Same ${made} same` };
    await store.write((t) => t.insert({ ref: { type, id: `u${made}` }, values }, system('test')));
    const all = await store.read((r) => r.find({ type, limit: 1, count: true }));
    const named = await store.read((r) => r.find({ type, limit: 1, count: true, filter }));
    assert.deepEqual([all.count, named.count], [made, made]);
  }
  await database.close();
});
