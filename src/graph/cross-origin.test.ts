import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openWorld, type World } from './testing/harness.ts';

describe('a page of any origin', () => {
  let world: World;
  before(async () => {
    world = await openWorld('memory');
  });
  after(() => world.close());

  const origin = 'https://portal.example';

  test('may ask before it sends, without a token, whatever the method and its headers', async () => {
    for (const method of ['GET', 'POST', 'PATCH', 'PUT', 'DELETE']) {
      const answer = await world.send('OPTIONS', '/v1.0/users?$top=1', {
        as: null,
        headers: {
          origin,
          'access-control-request-method': method,
          'access-control-request-headers': 'authorization,content-type,sdkversion',
        },
      });
      assert.equal(answer.status, 204);
      assert.equal(answer.headers['access-control-allow-origin'], '*');
      assert.ok(answer.headers['access-control-allow-methods']?.split(', ').includes(method));
      assert.equal(answer.headers['access-control-allow-headers'], 'authorization,content-type,sdkversion');
      assert.match(String(answer.headers['access-control-max-age']), /^\d+$/);
    }
  });

  test('is told nothing it did not ask for, and no cookie is ever meant', async () => {
    const headers = { origin, 'access-control-request-method': 'GET' };
    for (const asked of ['a\r\nx: y', 'é', 'x'.repeat(2_000), '']) {
      const answer = await world.send('OPTIONS', '/beta/users', {
        as: null,
        headers: { ...headers, 'access-control-request-headers': asked },
      });
      assert.equal(answer.status, 204);
      assert.equal(answer.headers['access-control-allow-headers'], undefined, asked);
      assert.equal(answer.headers['access-control-allow-credentials'], undefined);
    }
  });

  test('reads answers and refusals, with the headers that clients need', async () => {
    for (const as of ['all', null]) {
      const { headers, status } = await world.get('/v1.0/users', { as, headers: { origin } });
      assert.equal(status, as === null ? 401 : 200);
      assert.equal(headers['access-control-allow-origin'], '*');
      const exposed = String(headers['access-control-expose-headers']).toLowerCase().split(', ');
      for (const name of ['request-id', 'client-request-id', 'location', 'etag', 'odata-version', 'retry-after']) {
        assert.ok(exposed.includes(name), name);
      }
    }
  });

  test('needs a token for the request itself, and OPTIONS alone is no method of the service', async () => {
    assert.equal((await world.send('POST', '/v1.0/users', { as: null, headers: { origin }, body: {} })).status, 401);
    assert.equal((await world.send('OPTIONS', '/v1.0/users', { as: null })).status, 405);
  });
});
