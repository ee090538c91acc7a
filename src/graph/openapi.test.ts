import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { entities, property } from '../model/index.ts';
import { type Addressed, inventory, pathText, protocolInventory } from './inventory.ts';
import { vocabulary } from './metadata/vocabulary.ts';
import { template } from './openapi/template.ts';
import { openApi } from './openapi.ts';
import { type Body, openWorld, type World } from './testing/harness.ts';

const methods = ['get', 'post', 'patch', 'put', 'delete'];

/** By method and path template without the names of its parameters. */
function operationsOf(document: Body): ReadonlyMap<string, Body> {
  return new Map(
    Object.entries<Body>(document.paths).flatMap(([path, item]) =>
      methods
        .filter((method) => Object.hasOwn(item, method))
        .map((method) => [`${method.toUpperCase()} ${anonymous(path)}`, item[method]] as const),
    ),
  );
}

const anonymous = (path: string): string => path.replaceAll(/\{[^}]*\}/g, '{}');

for (const version of ['v1.0', 'beta'] as const) {
  describe(`the OpenAPI document of ${version}`, () => {
    const text = JSON.stringify(openApi(version));
    const document: Body = JSON.parse(text);
    const operations = operationsOf(document);
    const offers: readonly Addressed[] = [...inventory(version), ...protocolInventory(version)];

    test('is valid in the eyes of an independent validator', async () => {
      const validator = new Validator();
      const { valid, errors } = await validator.validate(structuredClone(document));
      assert.deepEqual([valid, errors], [true, undefined]);
      assert.equal(validator.version, '3.1');
    });

    test('has every operation of the model with its permissions, any one of which is enough', () => {
      for (const { httpMethod, path, permissions } of offers) {
        const line = `${httpMethod} ${anonymous(pathText(path)) || '/'}`;
        const operation = operations.get(line);
        assert.ok(operation, line);
        const named = operation.security.map(({ bearer }: Body) => bearer[0]).filter(Boolean);
        assert.deepEqual(named, permissions, line);
        assert.ok(operation.responses.default, line);
      }
    });

    test('has nothing else, except that a reference is also removed by its address in the query', () => {
      const lines = new Set(offers.map(({ httpMethod, path }) => `${httpMethod} ${anonymous(pathText(path)) || '/'}`));
      for (const [line, { parameters }] of operations) {
        if (lines.has(line)) continue;
        assert.match(line, /^DELETE .*\/\$ref$/);
        assert.deepEqual(
          parameters.map(({ name, required }: Body) => [name, required]),
          [['@id', true]],
        );
      }
    });

    test('says what is deprecated, and what a new entity cannot do without', () => {
      const providers = operations.get('GET /identityProviders');
      assert.equal(providers.deprecated, true);
      assert.equal(operations.get('GET /identity/identityProviders').deprecated, undefined);
      const { content } = operations.get('POST /identity/b2xUserFlows').requestBody;
      assert.deepEqual(content['application/json'].schema.allOf[1].required.slice(0, 2), ['id', 'userFlowType']);
      const connector = operations.get('POST /identity/apiConnectors').requestBody.content['application/json'];
      assert.ok(connector.schema.allOf[1].required.includes('targetUrl'));
    });

    test('gives each operation a name of its own', () => {
      const ids = [...operations.values()].map(({ operationId }) => operationId);
      assert.equal(new Set(ids).size, operations.size);
    });

    test('names each parameter of a path once, and only those', () => {
      for (const [path, { parameters = [] }] of Object.entries<Body>(document.paths)) {
        const named = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
        assert.deepEqual(
          parameters.map(({ name }: Body) => name),
          named,
          path,
        );
        assert.equal(new Set(named).size, named.length, path);
      }
    });

    test('has whatever it refers to, refers to whatever it has, and tells of no internal property', () => {
      const used = new Set([...text.matchAll(/"#\/components\/([^"]+)"/g)].map(([, name]) => name));
      for (const name of used) {
        const [kind, component] = String(name).split('/');
        assert.ok(Object.hasOwn(document.components[kind ?? ''], component ?? ''), name);
      }
      for (const kind of ['parameters', 'responses']) {
        for (const name of Object.keys(document.components[kind])) {
          assert.ok(used.has(`${kind}/${name}`), `${kind}/${name} is used`);
        }
      }
      assert.doesNotMatch(text, /passwordHash|signingKey|secretHash/);
    });
  });
}

test('the arguments of a function are parameters of its path', () => {
  const path = ['users', { keyOf: entities.user }, 'distance'];
  const to = property.string({ required: true });
  const operation = { kind: 'function', on: 'entity', parameters: { to }, versions: ['beta'] } as const;
  const { text, parameters } = template(path, vocabulary('beta'), operation);
  assert.equal(text, '/users/{user-id}/distance(to={to})');
  assert.deepEqual(
    parameters.map(({ name }) => name),
    ['user-id', 'to'],
  );
});

describe('/openapi.json', () => {
  let world: World;
  before(async () => {
    world = await openWorld('memory');
  });
  after(() => world.close());

  test('is for everybody, kept for an hour, and not sent again to those who have it', async () => {
    const { status, body, headers } = await world.get('/beta/OpenAPI.json', { as: null });
    assert.equal(status, 200);
    assert.deepEqual(body, JSON.parse(JSON.stringify(openApi('beta'))));
    assert.equal(headers['cache-control'], 'public, max-age=3600');
    const again = { as: null, headers: { 'if-none-match': String(headers['etag']) } };
    const second = await world.get('/beta/openapi.json', again);
    assert.deepEqual([second.status, second.body, second.headers['etag']], [304, '', headers['etag']]);
    assert.equal((await world.get('/v1.0/openapi.json', again)).status, 200);
    assert.equal((await world.get('/beta/$metadata', again)).status, 200);
    assert.equal(world.identified(), 0);
  });

  test('takes GET alone and no query option', async () => {
    const post = await world.send('POST', '/beta/openapi.json', { as: null, body: {} });
    assert.deepEqual([post.status, post.headers['allow']], [405, 'GET']);
    assert.equal((await world.get('/beta/openapi.json?$top=1', { as: null })).status, 400);
    assert.equal((await world.get('/beta/openapi.json/x', { as: null })).status, 400);
  });

  test('is found by way of the service document', async () => {
    const { headers } = await world.get('/v1.0', { as: null });
    const [description] = /<([^>]+)>; rel="service-desc"/.exec(String(headers['link']))?.slice(1) ?? [];
    assert.ok(description);
    assert.equal((await world.get(new URL(description).pathname, { as: null })).body.openapi, '3.1.0');
  });

  test('$metadata is not sent again either', async () => {
    const { headers } = await world.get('/v1.0/$metadata', { as: null });
    const again = await world.get('/v1.0/$metadata', {
      as: null,
      headers: { 'if-none-match': String(headers['etag']) },
    });
    assert.deepEqual([again.status, again.body], [304, '']);
    assert.equal(again.headers['cache-control'], 'public, max-age=3600');
  });
});
