import assert from 'node:assert/strict';
import { after, before, describe, mock, test } from 'node:test';
import { system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { type Body, openWorld, origin, seed, tenants, type World } from './testing/harness.ts';

const flows = '/beta/identity/b2cUserFlows';
const seeding = system('test');
const flow = (id: string) => ({ id: `B2C_1_${id}`, userFlowType: 'signUp', userFlowTypeVersion: 3 }) as const;

/** Stores a flow with so many assignments; the rules that bound them in the product are not in this world. */
async function crowd(world: World, id: string, count: number): Promise<void> {
  const directory = world.directory(tenants[0]);
  const names = Array.from({ length: count }, (_, n) => `${id}_${n}`);
  for (const name of names) {
    const attribute = { id: name, displayName: name, dataType: 'string' } as const;
    await directory.create(seeding, entities.identityUserFlowAttribute, attribute);
  }
  const draft = { isOptional: true, requiresVerification: false, userInputType: 'textBox' };
  const userAttributeAssignments = names.map((name) => ({ draft, links: { userAttribute: [name] } }));
  await directory.create(seeding, entities.b2cIdentityUserFlow, flow(id), { contained: { userAttributeAssignments } });
}

for (const engine of ['memory', 'sqlite'] as const) {
  describe(`$expand over ${engine}`, () => {
    let world: World;
    before(async () => {
      world = await openWorld(engine);
      await seed(world);
      await crowd(world, 'many', 230);
    });
    after(() => world.close());

    test('shows a hundred contained entities of a parent and links to the rest, so that all are found', async () => {
      const paths = [
        `${flows}?$expand=userAttributeAssignments($select=id)&$filter=id eq 'B2C_1_many'`,
        `${flows}/B2C_1_many?$expand=userAttributeAssignments($select=id)`,
      ];
      for (const path of paths) {
        const { body, status } = await world.get(path);
        assert.equal(status, 200, JSON.stringify(body));
        const parent: Body = body.value?.[0] ?? body;
        const seen: string[] = parent.userAttributeAssignments.map(({ id }: Body) => id);
        assert.equal(seen.length, 100);
        let next: string | undefined = parent['userAttributeAssignments@odata.nextLink'];
        assert.ok(next?.startsWith(`${origin}${flows}('B2C_1_many')/userAttributeAssignments?`), next);
        while (next !== undefined) {
          const page: Body = (await world.get(next.slice(origin.length))).body;
          for (const item of page.value) assert.deepEqual(Object.keys(item), ['id']);
          seen.push(...page.value.map(({ id }: Body) => id));
          next = page['@odata.nextLink'];
        }
        assert.equal(seen.length, 230);
        assert.equal(new Set(seen).size, 230);
      }
    });

    test('shows all of a parent beside a crowded one, without a link', async () => {
      const { body } = await world.get(`${flows}?$expand=userAttributeAssignments`);
      const susi = body.value.find(({ id }: Body) => id === 'B2C_1_susi');
      const ids = susi.userAttributeAssignments.map(({ id }: Body) => id);
      assert.deepEqual(ids, ['City']);
      assert.equal('userAttributeAssignments@odata.nextLink' in susi, false);
    });

    test('shows a hundred linked entities and then where the others are', async () => {
      const directory = world.directory(tenants[0]);
      const ids = Array.from({ length: 130 }, (_, n) => `Linked${n}-OAUTH`);
      for (const id of ids) {
        await directory.create(seeding, entities.builtInIdentityProvider, { id, identityProviderType: id });
      }
      const links = { userFlowIdentityProviders: ids };
      await directory.create(seeding, entities.b2cIdentityUserFlow, flow('linked'), { links });
      const { body } = await world.get(`${flows}/B2C_1_linked?$expand=userFlowIdentityProviders`);
      assert.equal(body.userFlowIdentityProviders.length, 100);
      const rest = await world.get(body['userFlowIdentityProviders@odata.nextLink'].slice(origin.length));
      const seen = [...body.userFlowIdentityProviders, ...rest.body.value].map(({ id }: Body) => id);
      assert.equal(seen.length, 130);
      assert.deepEqual(new Set(seen), new Set(ids));
    });
  });
}

test('a page with an expansion has at most a hundred entities, and a page without one keeps its size', async () => {
  const world = await openWorld('memory');
  const directory = world.directory(tenants[0]);
  for (let n = 0; n < 120; n += 1) await directory.create(seeding, entities.b2cIdentityUserFlow, flow(String(n)));
  const find = mock.method(directory, 'find');
  const first = await world.get(`${flows}?$top=999&$expand=userAttributeAssignments`);
  assert.equal(first.body.value.length, 100);
  assert.equal(find.mock.callCount(), 5, 'what is beside them is read for many at once');
  const second = await world.get(first.body['@odata.nextLink'].slice(origin.length));
  assert.equal(second.body.value.length, 20);
  const deep = await world.get(`${flows}?$top=999&$expand=userAttributeAssignments($expand=userAttribute)`);
  assert.equal(deep.body.value.length, 25, 'of two levels fewer');
  assert.equal((await world.get(`${flows}?$top=999`)).body.value.length, 120);
  await world.close();
});
