import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { acceptedJson } from './accept.ts';
import { entityTags, headerElements } from './header-list.ts';
import { parsePreferences } from './preferences.ts';
import { type Body, openWorld, seed, type World } from './testing/harness.ts';

/** Nearly right, so that some get far. */
const item = fc.record(
  {
    id: fc.oneof(fc.constantFrom('1', '2', '3', 'a', 'A'), fc.jsonValue()),
    method: fc.oneof(fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'get', 'TRACE'), fc.jsonValue()),
    url: fc.oneof(
      fc.constantFrom(
        '/users',
        'users?$top=1',
        '/identity/b2cUserFlows/B2C_1_susi',
        '/$batch',
        '/users/delta',
        '//x',
        '..',
      ),
      fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => `/${text}`),
      fc.webPath(),
      fc.jsonValue(),
    ),
    headers: fc.oneof(
      fc.constant({ 'Content-Type': 'application/json' }),
      fc.dictionary(
        fc.constantFrom('Content-Type', 'Accept', 'Prefer', 'If-Match', 'If-None-Match', 'OData-MaxVersion', 'x'),
        fc.string({ maxLength: 40 }),
      ),
      fc.jsonValue(),
    ),
    body: fc.oneof(fc.constant({}), fc.jsonValue(), fc.base64String()),
    dependsOn: fc.oneof(fc.subarray(['1', '2', '3', 'a', 'x']), fc.jsonValue()),
  },
  { requiredKeys: ['id', 'method', 'url'] },
);

describe('whatever stands in a batch', () => {
  let world: World;
  before(async () => {
    world = await openWorld('memory', { throttling: 'none' });
    await seed(world);
  });
  after(() => world.close());

  test('each of its requests is answered or refused, and nothing fails inside', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.array(item, { maxLength: 6 }), fc.jsonValue()), async (requests) => {
        const answer = await world.send('POST', '/beta/$batch', { body: { requests } });
        assert.ok([200, 400].includes(answer.status), `${answer.status}`);
        assert.doesNotMatch(JSON.stringify(answer.body), /\bat (?:file|node):/);
        if (answer.status === 400) assert.equal(answer.body.error.code, 'BadRequest');
        for (const { status } of answer.body.responses ?? []) assert.ok(status < 500, `${status}`);
        assert.deepEqual(world.observed.splice(0), []);
      }),
      { numRuns: 300 },
    );
  });

  test('each single request that is nearly right is answered too', async () => {
    const right = fc.record({
      id: fc.constant('1'),
      method: fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE'),
      url: fc.oneof(
        fc
          .tuple(
            fc.constantFrom('users', 'identity/b2cUserFlows', 'users/delta', 'identity'),
            fc.string({ maxLength: 30 }),
          )
          .map((parts) => parts.join('/')),
        fc
          .tuple(fc.constantFrom('$filter', '$select', '$top', '$deltatoken', '$expand', 'x'), fc.string())
          .map(([name, value]) => `users/delta?${name}=${value}`),
      ),
      headers: fc.constant({ 'Content-Type': 'application/json' }),
      body: fc.oneof(fc.constant({}), fc.dictionary(fc.string(), fc.jsonValue())),
    });
    await fc.assert(
      fc.asyncProperty(right, async (request) => {
        const { status, body } = await world.send('POST', '/beta/$batch', { body: { requests: [request] } });
        assert.equal(status, 200, JSON.stringify(body));
        const [response]: readonly Body[] = body.responses;
        assert.ok(response.status < 500, JSON.stringify(response));
        assert.deepEqual(world.observed.splice(0), []);
      }),
      { numRuns: 500 },
    );
  });
});

test('whatever stands in a header, it is read or not, and never fails', () => {
  const text = fc.oneof(
    fc.string(),
    fc
      .array(fc.constantFrom('"', ',', ';', '=', 'q', 'a', '/', '*', 'W/', '\\', ' ', '0.5', 'application/json'))
      .map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(text, (header) => {
      for (const { name, value = '', parameters } of headerElements(header)) {
        assert.match(name, /^[!#$%&'*+.^_`|~\w/-]+$/);
        assert.equal(typeof value, 'string');
        for (const parameter of parameters.keys()) assert.equal(parameter, parameter.toLowerCase());
      }
      const tags = entityTags(header);
      assert.ok(tags === undefined || tags === '*' || tags.every((tag) => /^"[^"]*"$/.test(tag)));
      const { maxPageSize = 1 } = parsePreferences(header);
      assert.ok(Number.isSafeInteger(maxPageSize) && maxPageSize > 0);
      assert.ok(['none', 'minimal', 'full', undefined].includes(acceptedJson(header, undefined)?.metadata));
    }),
    { numRuns: 2_000 },
  );
});
