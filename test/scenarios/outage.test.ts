import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type OwnServer, startPostgres, testDatabase } from '../support/postgres.ts';
import { authorize, codeFor } from '../support/sign-in.ts';
import { seeded, startUsher, temporaryFolder, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

describe('while its PostgreSQL is away', () => {
  let postgres: OwnServer;
  let usher: Usher;
  before(async () => {
    postgres = await startPostgres({ durable: true });
    const { url } = await testDatabase(postgres);
    usher = await startUsher({ data: temporaryFolder(), database: async () => url });
    await usher.graphToken();
  });
  after(async () => {
    await usher?.stop();
    await postgres?.stop();
  });

  /** Needs the database; a token for a program is made of what is in memory. */
  const redeem = () =>
    fetch(`${usher.url}/${seeded.tenant}/${seeded.flow}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: seeded.spa, grant_type: 'refresh_token', refresh_token: 'unknown' }),
    });

  /** Nothing about the server behind is told; asking again is worth while soon. */
  async function outageAnswer(answer: Response): Promise<string> {
    const text = await answer.text();
    assert.equal(answer.status, 503, text);
    assert.ok(Number(answer.headers.get('retry-after')) >= 1, 'it says when to ask again');
    const { hostname, port, password } = new URL(postgres.url);
    for (const secret of [`${hostname}:${port}`, password, 'ECONNREFUSED', 'pg']) {
      assert.ok(!text.includes(secret), `${secret} in ${text}`);
    }
    return text;
  }

  test('every face says 503 and when to ask again, and the server goes on when it is back', async () => {
    const visitor = newVisitor(usher);
    const shown = await visitor.open(authorize(usher).url);
    assert.equal(shown.status, 200);
    await postgres.crash();

    for (const [method, body] of [['GET'], ['POST', { displayName: 'lost' }]] as const) {
      const answer = await usher.graph(method, '/v1.0/applications', body);
      assert.equal(JSON.parse(await outageAnswer(answer)).error.code, 'serviceNotAvailable');
    }
    assert.equal(JSON.parse(await outageAnswer(await redeem())).error, 'temporarily_unavailable');
    const page = await fetch(authorize(usher).url, { redirect: 'manual' });
    assert.match(await outageAnswer(page), /<html/);
    assert.match(await outageAnswer(await fetch(shown.url)), /<html/);
    await outageAnswer(await fetch(`${usher.url}/dev/reset`, { method: 'POST' }));

    await postgres.recover();
    for (let attempt = 0; (await redeem()).status !== 400; attempt += 1) {
      assert.ok(attempt < 100, 'it does not come back');
      await wait(50);
    }
    assert.ok(await codeFor(newVisitor(usher), authorize(usher)), 'a person signs in as before');
  });

  test('the log told why, once and without the password', () => {
    const told = usher.log();
    assert.match(told, /Requests fail because of the database.*(terminat|ECONNREFUSED|shutting down)/);
    assert.ok(told.split('Requests fail because of the database').length < 5, told);
    assert.ok(!told.includes(new URL(postgres.url).password));
  });
});
