import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Answer, type Body, openWorld, origin, seed, type World } from './testing/harness.ts';

const flows = '/beta/identity/b2cUserFlows';
const idsOf = ({ body }: Answer): readonly string[] => body.value.map(({ id }: Body) => id);

for (const engine of ['memory', 'sqlite'] as const) {
  describe(`what a flow refers to, over ${engine}`, () => {
    let world: World;
    before(async () => {
      world = await openWorld(engine);
      await seed(world);
    });
    after(() => world.close());

    test('linked providers are seen by their first names where they first stood', async () => {
      const values = { id: 'FirstNames', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 };
      await world.send('POST', flows, { body: values });
      const at = `${flows}/B2C_1_FirstNames`;
      const link = (id: string) =>
        world.send('POST', `${at}/identityProviders/$ref`, { body: { '@odata.id': `identityProviders/${id}` } });
      for (const id of ['Google-OAUTH', 'EmailPassword-OAUTH', 'Facebook-OAUTH']) await link(id);
      const { body } = await world.get(`${at}/identityProviders`);
      assert.equal(body['@odata.context'], `${origin}/beta/$metadata#Collection(microsoft.graph.identityProvider)`);
      const clientSecret = '******';
      const [google, facebook, ...others] = body.value;
      assert.deepEqual(others, [], 'what is no identityProvider is not among them');
      assert.deepEqual(Object.keys(google), ['id', 'name', 'type', 'clientId', 'clientSecret']);
      assert.deepEqual([google.type, facebook.type, google.clientSecret], ['Google', 'Facebook', clientSecret]);
      for (const [query, ids] of [
        ["$filter=type eq 'Facebook'", ['Facebook-OAUTH']],
        ['$orderby=type', ['Facebook-OAUTH', 'Google-OAUTH']],
        ['$top=1&$select=id', ['Google-OAUTH']],
      ] as const) {
        assert.deepEqual(idsOf(await world.get(`${at}/identityProviders?${query}`)), ids, query);
      }
      assert.equal((await world.get(`${at}/identityProviders/$count`)).body, '2');
      const one = await world.get(`${at}/identityProviders/google-oauth`);
      assert.equal(one.body['@odata.context'], `${origin}/beta/$metadata#identityProviders/$entity`);
      assert.equal((await world.get(`${at}/identityProviders/EmailPassword-OAUTH`)).status, 404);
      const beside = await world.get(`${at}?$expand=identityProviders($select=type;$orderby=type)`);
      assert.deepEqual(beside.body.identityProviders, [{ type: 'Facebook' }, { type: 'Google' }]);
      const found = await world.get(`${flows}?$filter=identityProviders/any(p:p/id eq 'Facebook-OAUTH')&$select=id`);
      assert.ok(idsOf(found).includes('B2C_1_FirstNames'));
    });
  });
}
