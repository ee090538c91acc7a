import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type TestDatabase, testDatabase } from '../support/postgres.ts';
import { deployment, startServe } from '../support/serve.ts';
import { authorize, codeFor, redeem } from '../support/sign-in.ts';
import { seeded, type Usher } from '../support/usher.ts';
import { newVisitor } from '../support/visitor.ts';

const people = 6;

/** The samples of one metric: their labels, and their values. */
function samplesOf(page: string, name: string): readonly (readonly [string, number])[] {
  return page
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => [line.slice(name.length, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]);
}

const total = (page: string, name: string, labels = ''): number =>
  samplesOf(page, name)
    .filter(([own]) => own.includes(labels))
    .reduce((sum, [, value]) => sum + value, 0);

describe('the metrics of several workers', () => {
  let database: TestDatabase;
  let usher: Usher;
  let page = '';
  before(async () => {
    database = await testDatabase();
    usher = await startServe(await deployment(database.url), { args: ['--workers', '2'] });
    for (let person = 0; person < people; person += 1) {
      const attempt = authorize(usher);
      await redeem(usher, attempt, await codeFor(newVisitor(usher), attempt));
    }
    const wrong = newVisitor(usher);
    const shown = await wrong.open(authorize(usher).url);
    await wrong.submit(shown, 'next', { email: seeded.user, password: 'wrong' });
    const response = await fetch(`${usher.managementUrl}/metrics`);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    page = await response.text();
  });
  after(async () => {
    await usher?.stop();
    await database?.drop();
  });

  test('count every sign-in once, whichever worker had which request of it', () => {
    assert.equal(total(page, 'usher_journeys_began_total', `usher_flow_id="${seeded.flow}"`), people + 1);
    assert.equal(total(page, 'usher_journeys_ended_total', 'usher_outcome="arrived"'), people);
    assert.equal(total(page, 'usher_tokens_issued_total', 'usher_grant="authorization_code"'), people);
    assert.equal(total(page, 'usher_hash_duration_seconds_count'), people + 1);
    const tokens = 'http_route="/{tenant}/{flow}/oauth2/v2.0/token",http_response_status_code="200"';
    assert.equal(total(page, 'http_server_request_duration_seconds_count', tokens), people);
  });

  test('tell how the database and the processes are', () => {
    assert.ok(total(page, 'usher_store_duration_seconds_count', 'db_operation_name="write"') > 0);
    assert.ok(total(page, 'process_memory_usage_bytes') > 1e8);
    assert.ok(total(page, 'usher_tenants_open') >= 1);
  });
});
