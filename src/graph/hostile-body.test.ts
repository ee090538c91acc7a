import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { entities } from '../model/index.ts';
import { type Body, eventual, openWorld, seed, tenants, type World } from './testing/harness.ts';

const flows = '/beta/identity/b2cUserFlows';
const flow = '"id":"x","userFlowType":"signIn","userFlowTypeVersion":3';

/** Names that every object has from its prototype, or that change it. */
const inherited = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__defineGetter__'];

/** Texts of bodies, the place they are sent to, and that they cannot be stored by any reading. */
function hostile(): readonly (readonly [title: string, method: 'POST' | 'PATCH', path: string, body: string])[] {
  const named = inherited.flatMap((name) => {
    const member = `"${name}":{"id":"polluted","isAdmin":true}`;
    return [
      [`${name} in a flow`, 'POST', flows, `{${flow},${member}}`],
      [`${name} in a patch of a flow`, 'PATCH', `${flows}/B2C_1_susi`, `{${member}}`],
      [`${name} in a user`, 'POST', '/v1.0/users', `{"displayName":"x",${member}}`],
      [`${name} of text in a user`, 'POST', '/v1.0/users', `{"displayName":"x","${name}":"text"}`],
      [`${name} in a patch of a user`, 'PATCH', '/v1.0/users/victim@x', `{${member}}`],
      [`${name} inside a value`, 'POST', flows, `{${flow},"tokenClaimsConfiguration":{${member}}}`],
      [`${name} inside an item`, 'POST', '/v1.0/users', `{"identities":[{${member}}]}`],
      [`${name} in a contained entity`, 'POST', flows, `{${flow},"userAttributeAssignments":[{${member}}]}`],
    ] as const;
  });
  const deep = (open: string, close: string, depth: number) => `${open.repeat(depth)}1${close.repeat(depth)}`;
  return [
    ...named,
    ['10,000 lists in a list', 'POST', flows, `{${flow},"x":${deep('[', ']', 10_000)}}`],
    ['lists that never end', 'PATCH', `${flows}/B2C_1_susi`, `{"x":${'['.repeat(10_000)}`],
    ['10,000 objects in an object', 'POST', '/v1.0/users', deep('{"a":', '}', 10_000)],
    ['lists just below the limit of depth', 'POST', '/v1.0/users', `{"extension_a":${deep('[', ']', 60)}}`],
    ['a list of empty objects', 'POST', '/v1.0/users', `{"extension_a":[${Array(20_000).fill('{}').join(',')}]}`],
    ['a list of identities', 'POST', '/v1.0/users', `{"identities":[${Array(20_000).fill('{}').join(',')}]}`],
    ['many members', 'POST', '/v1.0/users', `{${Array.from({ length: 8_000 }, (_, n) => `"e_${n}":1`).join(',')}}`],
  ];
}

describe('a hostile body is refused before anything is stored', () => {
  let world: World;
  before(async () => {
    world = await openWorld('memory');
    await seed(world);
    await world.send('POST', '/v1.0/users', { body: { displayName: 'Victim', userPrincipalName: 'victim@x' } });
  });
  after(() => world.close());

  const count = async () => (await world.get('/v1.0/users/$count', eventual)).body;

  for (const [title, method, path, body] of hostile()) {
    test(title, async () => {
      const before = await count();
      const answer = await world.send(method, path, { body });
      assert.equal(answer.status, 400, JSON.stringify(answer.body));
      assert.ok(JSON.stringify(answer.body).length < 1_500, 'the refusal does not repeat the body');
      assert.equal(await count(), before);
      assert.equal((await world.get(`${flows}/B2C_1_x`)).status, 404);
      const clean: Body = {};
      assert.equal(clean.isAdmin, undefined);
      assert.equal(clean.id, undefined);
      assert.deepEqual(world.observed, [], 'nothing failed inside');
    });
  }

  test('a megabyte of nested objects is refused by its size, and nobody looks into it', async () => {
    const body = `{"a":[${Array(125_000).fill('{"b":{}}').join(',')}]}`;
    const answer = await world.send('POST', '/v1.0/users', { body });
    assert.equal(answer.status, 413);
    assert.equal(answer.body.error.code, 'RequestEntityTooLarge');
  });

  test('an entity that would outgrow its limit is refused in the words of Graph', async () => {
    const values = Array.from({ length: 1000 }, (_, n) => n);
    const body = { a: values, b: values, c: [1] };
    const answer = await world.send('PATCH', '/v1.0/users/victim@x', { body });
    assert.equal(answer.status, 400);
    assert.equal(answer.body.error.code, 'Directory_ResourceSizeExceeded');
    assert.match(answer.body.error.message, /^The size of the object has exceeded its limit\./);
    assert.deepEqual(answer.body.error.details[0].target, 'a');
  });

  test('a user keeps no member that was not declared or allowed', async () => {
    const { entity } = (await world.directory(tenants[0]).find({ type: entities.user, limit: 1 })).items[0] ?? {};
    assert.ok(entity);
    for (const name of inherited) assert.equal(Object.hasOwn(entity, name), false, name);
  });
});
