import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { entities } from '../model/index.ts';
import { entityTagSeal } from './entity-tag.ts';
import { opaqueTag } from './header-list.ts';
import { openWorld, tenants, type World } from './testing/harness.ts';

const key = randomBytes(32);
const seal = entityTagSeal(key);

test('a tag is always shown alike, in the grammar of the field, and is meant when it comes back', () => {
  for (const etag of ['W/"0"', 'W/"346"', 'W/"347"', `W/"${Number.MAX_SAFE_INTEGER}"`, 'W/"abc"']) {
    const shown = seal.shown(etag);
    assert.match(shown, /^W\/"[\w-]{22,43}"$/);
    assert.equal(seal.shown(etag), shown);
    assert.deepEqual(seal.meant([opaqueTag(shown)]), [opaqueTag(etag)]);
    assert.equal(entityTagSeal(key).shown(etag), shown, 'in every process alike');
  }
  assert.equal(seal.meant('*'), '*');
});

test('nobody can read which tag is the earlier one, nor make one', () => {
  const shown = [346, 347].map((sequence) => Buffer.from(seal.shown(`W/"${sequence}"`).slice(3, -1), 'base64url'));
  const [one = Buffer.alloc(0), other = Buffer.alloc(0)] = shown;
  assert.equal(one.length, other.length);
  const same = one.filter((byte, at) => byte === other[at]).length;
  assert.ok(same < one.length / 2, `${same} bytes are the same`);
  const foreign = entityTagSeal(randomBytes(32)).shown('W/"346"');
  for (const tag of ['"346"', '""', '"x,y"', opaqueTag(foreign), `"${'A'.repeat(22)}"`, `"${'x'.repeat(5000)}"`]) {
    assert.ok(!seal.meant([tag]).includes('"346"'), tag);
  }
  const [made = ''] = [opaqueTag(seal.shown('W/"346"'))];
  for (const tag of [made.replace('"', '" '), `${made.slice(0, -1)}A"`, `${made.slice(0, -1)}="`]) {
    assert.deepEqual(seal.meant([tag]), [], tag);
  }
});

describe('an entity tag', () => {
  let world: World;
  before(async () => {
    world = await openWorld('memory');
  });
  after(() => world.close());

  test('tells nothing of the changes of all tenants, and the store’s own is not taken for it', async () => {
    const make = async () => {
      const { body, headers } = await world.send('POST', '/v1.0/users', { body: { displayName: 'Grace' } });
      const { etag } =
        (await world.directory(tenants[0]).get({ type: entities.user, id: body.id })) ?? assert.fail('it was made');
      return { at: `/v1.0/users/${body.id}`, shown: String(headers['etag']), own: etag };
    };
    const [{ at, shown, own }, other] = [await make(), await make()];
    assert.notEqual(shown, other.shown);
    assert.doesNotMatch(shown, /^W\/"\d+"$/);
    const patch = async (ifMatch: string) =>
      (await world.send('PATCH', at, { body: { city: 'Turin' }, headers: { 'if-match': ifMatch } })).status;
    assert.equal(await patch(own), 412);
    assert.equal(await patch(other.shown), 412);
    assert.equal((await world.get(at, { headers: { 'if-none-match': own } })).status, 200);
    const unchanged = await world.get(at, { headers: { 'if-none-match': `"x", ${shown}` } });
    assert.deepEqual([unchanged.status, unchanged.headers['etag']], [304, shown]);
    assert.equal(await patch(shown), 204);
    assert.equal(await patch(shown), 412);
  });
});
