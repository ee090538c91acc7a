import assert from 'node:assert/strict';
import { after, before, describe, mock, test } from 'node:test';
import { silent, system } from '../kernel/index.ts';
import type { GraphServices } from './answer.ts';
import { answerBatch } from './batch.ts';
import { runInOrder } from './batch-order.ts';
import { type Answer, type Body, exchangeOf, openWorld, origin, seed, tenants, type World } from './testing/harness.ts';

const flows = '/identity/b2cUserFlows';
const json = { 'Content-Type': 'application/json' };
const newFlow = (id: string) => ({ id, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 });
const makes = (id: string, flow = id, more = {}) => ({
  id,
  method: 'POST',
  url: flows,
  headers: json,
  body: newFlow(flow),
  ...more,
});

for (const engine of ['memory', 'sqlite'] as const) {
  describe(`a batch over ${engine}`, () => {
    let world: World;
    before(async () => {
      world = await openWorld(engine);
      await seed(world);
    });
    after(() => world.close());

    const send = (requests: unknown, sent: Parameters<World['send']>[2] = {}): Promise<Answer> =>
      world.send('POST', '/beta/$batch', { body: { requests }, ...sent });
    const byId = ({ body }: Answer): Readonly<Record<string, Body>> =>
      Object.fromEntries(body.responses.map((response: Body) => [response.id, response]));

    test('answers each request as if it had come alone', async () => {
      const answer = await send([
        { id: 'a', method: 'GET', url: `${flows}/B2C_1_susi` },
        {
          id: 'b',
          method: 'get',
          url: "identity/identityProviders?$select=id&$filter=id eq 'Google-OAUTH'&$count=true",
        },
        makes('c', 'Batched'),
        { id: 'd', method: 'DELETE', url: `${flows}('B2C_1_Nothing')` },
        { id: 'e', method: 'GET', url: '/nothing' },
        { id: 'f', method: 'PUT', url: flows, headers: json, body: {} },
        { id: 'g', method: 'GET', url: `${flows}/$count`, headers: null },
        { id: 'h', method: 'PATCH', url: `${flows}/B2C_1_susi`, headers: json, body: { defaultLanguageTag: 'de' } },
      ]);
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['content-type'], 'application/json');
      assert.deepEqual(Object.keys(answer.body), ['responses']);
      const items = byId(answer);
      assert.deepEqual(
        Object.values(items).map(({ id, status }) => [id, status]),
        [
          ['a', 200],
          ['b', 200],
          ['c', 201],
          ['d', 404],
          ['e', 400],
          ['f', 405],
          ['g', 200],
          ['h', 204],
        ],
      );
      const { a, b, c, e, f, g, h } = items;
      assert.equal(a.body.id, 'B2C_1_susi');
      assert.equal(a.headers['Cache-Control'], 'no-cache');
      assert.equal(a.headers['OData-Version'], '4.0');
      assert.match(a.headers['Content-Type'], /^application\/json;odata\.metadata=minimal;/);
      assert.match(a.headers['ETag'], /^W\//);
      assert.deepEqual(b.body.value, [
        { '@odata.type': '#microsoft.graph.socialIdentityProvider', id: 'Google-OAUTH' },
      ]);
      assert.equal(b.body['@odata.count'], 1);
      assert.equal(c.headers['Location'], `${origin}/beta${flows}('B2C_1_Batched')`);
      assert.equal(c.body['@odata.context'], `${origin}/beta/$metadata#identity/b2cUserFlows/$entity`);
      assert.equal(e.body.error.message, "Resource not found for the segment 'nothing'.");
      assert.equal(e.body.error.innerError['request-id'], answer.headers['request-id']);
      assert.equal(f.headers['Allow'], 'GET, POST');
      assert.match(g.body, /^\d+$/);
      assert.equal('body' in h, false, 'a client would build an answer with a body out of null');
    });

    test('runs a request after those it depends on, in whatever order they stand', async () => {
      const at = `${flows}/B2C_1_Chain`;
      const answer = await send([
        { id: 'gone', method: 'GET', url: at, dependsOn: ['REMOVE'] },
        { id: 'read', method: 'GET', url: at, dependsOn: ['patch', 'patch'] },
        {
          id: 'patch',
          method: 'PATCH',
          url: at,
          headers: json,
          body: { defaultLanguageTag: 'it' },
          dependsOn: ['make'],
        },
        makes('make', 'Chain', { dependsOn: [] }),
        { id: 'remove', method: 'DELETE', url: at, dependsOn: ['read', 'patch'] },
      ]);
      const { make, patch, read, remove, gone } = byId(answer);
      assert.deepEqual(
        [make.status, patch.status, read.status, remove.status, gone.status],
        [201, 204, 200, 204, 404],
        JSON.stringify(answer.body),
      );
      assert.equal(read.body.defaultLanguageTag, 'it');
    });

    test('does not run what depends on a failure, nor what depends on that', async () => {
      const answer = await send([
        makes('taken', 'susi'),
        makes('second', 'Second', { dependsOn: ['taken'] }),
        makes('third', 'Third', { dependsOn: ['second'] }),
        makes('other', 'Other'),
      ]);
      const { taken, second, third, other } = byId(answer);
      assert.deepEqual([taken.status, second.status, third.status, other.status], [409, 424, 424, 201]);
      assert.equal(second.body.error.code, 'FailedDependency');
      assert.match(second.body.error.message, /taken/);
      for (const name of ['Second', 'Third']) {
        assert.equal((await world.get(`/beta${flows}/B2C_1_${name}`)).status, 404);
      }
    });

    test('that is malformed is answered 400 as a whole, and nothing of it is done', async () => {
      const made = makes('1', 'Never');
      const cases: readonly (readonly [unknown, RegExp])[] = [
        [undefined, /Invalid batch payload format/],
        [[], /Invalid batch payload format/],
        [{}, /Invalid batch payload format/],
        [[made, null], /Request 2 is not an object/],
        [[made, { ...made, id: 2 }], /no 'id'/],
        [[made, { ...made, id: '' }], /no 'id'/],
        [[made, { ...made, id: '2', method: 'GET /' }], /no 'method'/],
        [[made, { ...made, id: '2', url: undefined }], /no 'url'/],
        [[made, { ...made, id: '2', headers: 'x' }], /headers/],
        [[made, { ...made, id: '2', headers: { ...json, 'x y': '1' } }], /header that cannot be read/],
        [[made, { ...made, id: '2', headers: { ...json, x: 'a\r\nb' } }], /header that cannot be read/],
        [
          [made, { ...made, id: '2', headers: { ...json, 'content-type': 'text/plain' } }],
          /header that cannot be read/,
        ],
        [[made, { ...made, id: '2', headers: {} }], /Write request id : 2 does not contain Content-Type/],
        [[made, { ...made, id: '2', body: undefined }], /Write request id : 2 does not contain/],
        [[made, { ...made, id: '2', headers: { 'Content-Type': 'image/png' } }], /base64url/],
        [[made, { ...made, id: '2', atomicityGroup: 'g' }], /atomicityGroup/],
        [[made, { ...made, id: '2', dependsOn: '1' }], /dependsOn/],
        [[made, { ...made, id: '2', dependsOn: ['3'] }], /Invalid dependency for request Id 2/],
        [[made, { ...made, id: '2', dependsOn: ['2'] }], /Invalid dependency for request Id 2/],
        [
          [
            { ...made, dependsOn: ['2'] },
            { ...made, id: '2', dependsOn: ['1'] },
          ],
          /Invalid dependency/,
        ],
        [
          [
            { ...made, id: 'a' },
            { ...made, id: 'A' },
          ],
          /Request Id A has to be unique in a batch/,
        ],
        [Array.from({ length: 21 }, (_, id) => makes(String(id), `Never${id}`)), /more than 20/],
      ];
      for (const [requests, message] of cases) {
        const answer = await send(requests);
        assert.equal(answer.status, 400, JSON.stringify(requests));
        assert.equal(answer.body.error.code, 'BadRequest');
        assert.match(answer.body.error.message, message);
      }
      const huge = await world.send('POST', '/beta/$batch', {
        body: '{"requests":[{"id":"1","method":"POST","url":"x","headers":{"content-type":"application/json"},"body":1e999}]}',
      });
      assert.match(huge.body.error.message, /out of range/);
      assert.equal((await world.get(`/beta${flows}/B2C_1_Never`)).status, 404);
    });

    test('holds twenty requests, which may all write', async () => {
      const answer = await send(Array.from({ length: 20 }, (_, at) => makes(`${at}`, `Twenty${at}`)));
      assert.deepEqual(
        answer.body.responses.map(({ status }: Body) => status),
        Array(20).fill(201),
      );
      assert.deepEqual(
        answer.body.responses.map(({ id }: Body) => id),
        Array.from({ length: 20 }, (_, at) => `${at}`),
      );
    });
  });
}

describe('a batch', () => {
  let world: World;
  before(async () => {
    world = await openWorld('memory');
    await seed(world);
  });
  after(() => world.close());

  const one = async (item: object, sent: Parameters<World['send']>[2] = {}) => {
    const requests = [{ id: '1', method: 'GET', url: flows, ...item }];
    const answer = await world.send('POST', '/beta/$batch', { body: { requests }, ...sent });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body.responses[0];
  };

  test('needs a caller as a whole, and each request the permission of its own', async () => {
    const body = { requests: [{ id: '1', method: 'GET', url: '/$metadata' }] };
    for (const as of [null, 'unknown']) {
      const answer = await world.send('POST', '/beta/$batch', { body, as });
      assert.equal(answer.status, 401);
      assert.ok(answer.headers['www-authenticate']);
    }
    assert.equal((await world.send('POST', '/beta/$batch', { body: 'no json', as: null })).status, 401);
    world.admit('reader', tenants[0], { kind: 'app', appId: 'test', roles: ['IdentityProvider.Read.All'] });
    const requests = [
      { id: '1', method: 'GET', url: '/identity/identityProviders' },
      { id: '2', method: 'GET', url: '/users' },
      { id: '3', method: 'DELETE', url: '/identity/identityProviders/Google-OAUTH' },
      { id: '4', method: 'GET', url: flows },
    ];
    const { body: answered } = await world.send('POST', '/v1.0/$batch', { body: { requests }, as: 'reader' });
    assert.deepEqual(
      answered.responses.map(({ status }: Body) => status),
      [200, 403, 403, 400],
      'user flows are on beta only',
    );
    assert.equal((await world.get('/beta/identity/identityProviders/Google-OAUTH')).status, 200);
  });

  test('asks who its caller is once', async () => {
    const requests = Array.from({ length: 20 }, (_, id) => ({ id: `${id}`, method: 'GET', url: flows }));
    const before = world.identified();
    await world.send('POST', '/beta/$batch', { body: { requests } });
    assert.equal(world.identified() - before, 1);
  });

  test('is sent with POST, in JSON, without query options, and holds no other batch', async () => {
    const get = await world.get('/beta/$batch');
    assert.equal(get.status, 405);
    assert.equal(get.headers['allow'], 'POST');
    const requests = [{ id: '1', method: 'GET', url: flows }];
    const post = (path: string, headers = {}, body: unknown = { requests }) =>
      world.send('POST', path, { body, headers });
    assert.equal((await post('/beta/$batch/')).status, 200);
    assert.equal((await post('/v1.0/%24BATCH')).status, 200);
    assert.equal((await post('/beta/$batch?$top=1')).status, 400);
    assert.equal((await post('/beta/$batch', { accept: 'text/html' })).status, 406);
    assert.equal((await post('/beta/$batch', { 'content-type': 'multipart/mixed' })).status, 415);
    assert.equal((await post('/beta/$batch', {}, [])).status, 400);
    assert.equal((await post('/beta/$batch', {}, `{"requests":${'['.repeat(100)}`)).status, 400);
    assert.equal((await post('/beta/$batch', {}, { requests, more: 'x'.repeat(100_000) })).status, 413);
    const nested = await one({ method: 'POST', url: '/$batch', headers: json, body: { requests } });
    assert.equal(nested.status, 400);
    assert.equal(nested.body.error.message, 'A batch cannot hold another batch.');
  });

  test('stays in its version and on its host', async () => {
    for (const url of [
      'https://evil.example/users',
      '//evil.example/users',
      '../v1.0/users',
      '/../v1.0/users',
      '/%2e%2e/v1.0/users',
      '\\..\\v1.0\\users',
      '/users#x',
      '/beta/users',
      '/users/%00',
      '?$top=1#',
    ]) {
      const { status, body } = await one({ url });
      assert.equal(status, 400, `${url}: ${JSON.stringify(body)}`);
    }
    assert.equal((await one({ url: "/users?$select=id,displayName&$filter=displayName eq 'Älva & Co'" })).status, 400);
    assert.equal((await one({ url: "/users?$select=id&$filter=displayName eq 'Älva %26 Co'" })).status, 200);
  });

  test('honours the headers of each request, but not another token', async () => {
    const at = `${flows}/B2C_1_susi`;
    const { headers } = await one({ url: at });
    assert.equal((await one({ url: at, headers: { 'If-None-Match': headers['ETag'] } })).status, 304);
    const stale = await one({ url: at, method: 'PATCH', headers: { ...json, 'If-Match': '"x"' }, body: {} });
    assert.equal(stale.status, 412);
    const full = await one({ url: at, headers: { accept: 'application/json;odata.metadata=full' } });
    assert.ok(full.body['@odata.editLink']);
    const applied = await one({ url: '/users', headers: { Prefer: 'odata.maxpagesize=2' } });
    assert.equal(applied.headers['Preference-Applied'], 'odata.maxpagesize=2');
    assert.equal((await one({ url: at, headers: { Authorization: 'Bearer other' } })).status, 400);
    assert.equal((await one({ url: at, headers: { authorization: 'Bearer all' } })).status, 200);
  });

  test('takes and gives what is not JSON as base64url', async () => {
    const metadata = await one({ url: '/$metadata' });
    assert.equal(metadata.headers['Content-Type'], 'application/xml;charset=utf-8');
    assert.match(Buffer.from(metadata.body, 'base64url').toString(), /^<\?xml/);
    const sent = await one({
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      body: Buffer.from('not JSON?>').toString('base64url'),
    });
    assert.equal(sent.status, 415);
  });

  test('tells of a defect to the log alone', async () => {
    mock.method(world.directory(tenants[0]), 'find', () => Promise.reject(new Error('SELECT secret FROM users')));
    const { status, body } = await one({ url: '/users' });
    mock.restoreAll();
    assert.equal(status, 500);
    assert.equal(body.error.code, 'generalException');
    assert.doesNotMatch(JSON.stringify(body), /SELECT/);
    const [seen] = world.observed.splice(0);
    assert.ok(seen?.kind === 'http.failed' && seen.route === '/beta/$batch');
  });
});

test('answers that would be too large together are left out, but never that of a write', async () => {
  const page = { status: 200, headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(9_000_000) };
  const requests = ['GET', 'GET', 'POST'].map((method, at) => ({
    id: `${at}`,
    method,
    url: '/users',
    ...(method === 'POST' ? { headers: json, body: {} } : {}),
    ...(at > 0 ? { dependsOn: ['0'] } : {}),
  }));
  const services: GraphServices = {
    callerOf: async () => ({ tenantId: tenants[0], caller: system('test') }),
    directoryOf: () => Promise.reject(new Error('no request reaches it')),
    clock: { now: () => 0 },
    observe: silent,
    pageKey: Buffer.alloc(32),
    throttling: 'none',
  };
  let asked = 0;
  const send = (body: object) => {
    const exchange = exchangeOf('POST', '/beta/$batch', { body });
    const answering = async () => {
      asked += 1;
      return page;
    };
    return answerBatch(services, answering, { exchange, requestId: exchange.correlationId });
  };
  const many = Array.from({ length: 20 }, (_, at) => ({ id: `${at}`, method: 'GET', url: '/users' }));
  await send({ requests: many });
  assert.ok(asked < 10, 'what cannot be answered any more is not worked on');
  const reply = await send({ requests });
  const { responses } = JSON.parse(String(reply.body));
  assert.deepEqual(
    responses.map(({ status }: Body) => status),
    [200, 413, 200],
  );
  assert.equal(responses[1].body.error.code, 'RequestEntityTooLarge');
});

test('no more than so many run at once, and each as soon as it can', async () => {
  const log: string[] = [];
  let running = 0;
  let most = 0;
  const items = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({ id, dependsOn: id === 'b' ? ['f'] : [] }));
  const results = await runInOrder(
    items,
    2,
    () => false,
    async ({ id }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      log.push(id);
      return id.toUpperCase();
    },
  );
  assert.deepEqual(results, ['A', 'B', 'C', 'D', 'E', 'F']);
  assert.equal(most, 2);
  assert.deepEqual([...log].sort(), ['a', 'b', 'c', 'd', 'e', 'f']);
  assert.ok(log.indexOf('f') < log.indexOf('b'));
});
