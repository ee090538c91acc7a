import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { check, newBooks } from '../faults/books.ts';
import { manage, signIn, startWork } from '../faults/load.ts';
import { emptyLedger, ledgerLine } from '../support/ledger.ts';
import { temporaryFolder, type Usher } from '../support/usher.ts';
import { noteAnswers } from './answers.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { incompatibleVersion, nextVersion, novelty } from './next-version.ts';

const here = fileURLToPath(new URL('../../', import.meta.url));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command of one version. */
const run = (folder: string, database: string, ...words: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const args = [join(folder, 'bin/usher.mjs'), ...words, '--database', database];
    execFile(process.execPath, args, { cwd: folder }, (error, out, err) => {
      const code = typeof error?.code === 'number' ? error.code : 0;
      resolve({ code, out, err });
    });
  });

describe('an upgrade while people sign in', () => {
  let fleet: Fleet;
  let next: string;
  before(async () => {
    fleet = await startFleet(2);
    next = nextVersion();
  });
  after(() => fleet?.stop());

  const command = (folder: string, ...words: readonly string[]) => run(folder, fleet.deployed.database, ...words);
  /** What this node answers, whatever the others are. */
  async function graph(node: Usher, method: string, path: string, body?: unknown) {
    const all = fleet.nodes;
    fleet.balancer.use([node.port]);
    try {
      const response = await fleet.front.graph(method, path, body);
      const text = await response.text();
      return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
    } finally {
      fleet.balancer.use(all.map(({ port }) => port));
    }
  }

  test('the next version changes the tables, both work side by side, and not one request fails', async (t) => {
    const books = newBooks();
    const stopNoting = noteAnswers();
    const work = await startWork(fleet.front, books, undefined, { lanes: [manage, signIn, signIn], rest: 200 });
    const [one, two] = fleet.nodes;
    assert.ok(one && two);

    assert.equal((await command(next, 'migrate', 'status')).code, 3);
    await assert.rejects(fleet.add(next), /not those of this version\. Run 'usher migrate up'/);
    assert.match((await command(next, 'migrate', 'up')).out, /has been brought up/);

    const status = await command(here, 'migrate', 'status');
    assert.deepEqual([status.code, /tables of a later version/.test(status.out)], [0, true], status.out);
    assert.match((await command(here, 'migrate', 'up')).out, /tables of a later version/);
    const restarted = await fleet.add();
    const added = await fleet.add(next);

    const draft = { displayName: 'Both', [novelty]: 'blue' };
    const made = await graph(added, 'POST', '/v1.0/applications', draft);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const path = `/v1.0/applications/${String(made.body['id'])}`;
    assert.equal((await graph(restarted, 'PATCH', path, { displayName: 'Renamed by the old' })).status, 204);
    const found = await graph(added, 'GET', `/v1.0/applications?$filter=${novelty} eq 'blue'`);
    const [kept] = found.body['value'] as readonly Record<string, unknown>[];
    assert.deepEqual([kept?.['displayName'], kept?.[novelty]], ['Renamed by the old', 'blue']);

    for (const node of [one, two, restarted]) {
      fleet.retire(node);
      assert.equal(await node.stop('SIGTERM'), 0);
    }
    await work.more(3);
    await work.stop();
    const answers = stopNoting();
    await check(fleet.front, books);
    const { acknowledged, lost, doubleSpent } = books;
    t.diagnostic(ledgerLine({ ...emptyLedger, faults: 3, acknowledged, lost, doubleSpent }));
    assert.deepEqual({ lost, doubleSpent }, { lost: 0, doubleSpent: 0 });
    assert.deepEqual(
      answers
        .filter(({ status = 600 }) => status >= 400)
        .map(({ method, path: at, body }) => `${method} ${at} ${body}`),
      [],
    );
    assert.ok(acknowledged > 10, `only ${acknowledged} writes were acknowledged`);
  });

  test('a version that changes what this one has to keep up to date stops it from writing', async () => {
    const other = incompatibleVersion();
    assert.match((await command(other, 'migrate', 'up')).out, /has been brought up/);
    const [node] = fleet.nodes;
    assert.ok(node);
    const refused = await graph(node, 'POST', '/v1.0/applications', { displayName: 'Late' });
    assert.equal(refused.status, 503, JSON.stringify(refused.body));
    assert.equal((await graph(node, 'GET', '/v1.0/users?$top=1')).status, 200, 'reading goes on');
    assert.match(node.log(), /must be restarted/);
    assert.equal((await command(next, 'migrate', 'status')).code, 3);
  });
});

describe('an upgrade of a SQLite file', {
  skip: process.env['TEST_FAULTS'] === undefined && 'six more processes',
}, () => {
  test('the same holds for it: what the next version has only added to stays in use', async () => {
    const database = `sqlite:${join(temporaryFolder(), 'usher.db')}`;
    const next = nextVersion();
    const codes: number[] = [];
    for (const [folder, verb] of [
      [here, 'up'],
      [next, 'status'],
      [next, 'up'],
      [here, 'status'],
      [here, 'up'],
      [next, 'status'],
    ] as const) {
      codes.push((await run(folder, database, 'migrate', verb)).code);
    }
    assert.deepEqual(codes, [0, 3, 0, 0, 0, 0]);
  });
});
