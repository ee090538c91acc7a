import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { openWorld, origin, seed, tenants, type World } from './testing/harness.ts';
import { assertRefused, makeConnector, metadata, sending } from './testing/steps.ts';

const flow = '/beta/identity/b2cUserFlows/B2C_1_susi';

for (const engine of ['memory', 'sqlite'] as const) {
  describe(`addresses over ${engine}`, () => {
    let world: World;
    before(async () => {
      world = await openWorld(engine);
      await seed(world);
    });
    after(() => world.close());

    const send = sending(() => world);
    const connector = (name: string) => makeConnector(send, name);

    describe('an operation', () => {
      const assignments = `${flow}/userAttributeAssignments`;

      test('that returns a value tells its type, whatever the address is written like', async () => {
        for (const name of ['getOrder', 'getOrder()', 'GETORDER', 'microsoft.graph.getOrder()']) {
          const { body, headers } = await world.get(`${assignments}/${name}`);
          assert.deepEqual(body, {
            '@odata.context': metadata('beta', 'microsoft.graph.assignmentOrder'),
            order: ['City'],
          });
          assert.match(String(headers['content-type']), /^application\/json/);
        }
        const types = await world.get('/v1.0/identity/identityProviders/availableProviderTypes');
        assert.equal(types.body['@odata.context'], metadata('v1.0', 'Collection(Edm.String)'));
        assert.equal(types.body.value[0], 'Microsoft');
      });

      test('that returns nothing answers 204, and refuses parameters that do not fit', async () => {
        const at = `${assignments}/setOrder`;
        await send('POST', at, { newAssignmentOrder: { order: ['City'] } });
        await send('POST', at, { NewAssignmentOrder: { ORDER: ['City'] }, '@odata.type': 'x' });
        assertRefused(await world.send('POST', at), 400, /newAssignmentOrder/);
        assertRefused(await world.send('POST', at, { body: { newAssignmentOrder: 'City' } }), 400);
        assertRefused(await world.send('POST', at, { body: { order: ['City'] } }), 400, "Invalid property 'order'");
        assertRefused(await world.get(`${assignments}/getOrder(x=1)`), 400, /no parameter 'x'/);
        assertRefused(await world.get(`${assignments}/getOrder?$select=order`), 400);
        assertRefused(await world.get('/beta/identity/b2cUserFlows/B2C_1_none/userAttributeAssignments/getOrder'), 404);
      });

      test('that returns an entity shows it as one of its set, and is guarded by If-Match', async () => {
        const id = await connector('Certificate');
        const at = `/v1.0/identity/apiConnectors/${id}/uploadClientCertificate`;
        const body = { pkcs12Value: 'AAAA', password: '' };
        const stale = await world.send('POST', at, { body, headers: { 'if-match': '"other"' } });
        assertRefused(stale, 412);
        const done = await send('POST', at, body, 200);
        assert.equal(done.body['@odata.context'], metadata('v1.0', 'identity/apiConnectors/$entity'));
        assert.equal(done.body.id, id);
        assert.equal(done.body.displayName, 'Renewed');
        assertRefused(await world.send('POST', at, { body: {} }), 400, /pkcs12Value/);
      });

      test('asks for its own permissions where it has some, else for those of reading or writing', async () => {
        const made = await send('POST', '/v1.0/users', { displayName: 'A', userPrincipalName: 'a@op.example' }, 201);
        const as = (roles: readonly string[]) => world.admit('op', tenants[0], { kind: 'app', appId: 'a', roles });
        const status = async (method: string, path: string) =>
          (await world.send(method, path, { as: 'op', ...(method === 'POST' ? { body: {} } : {}) })).status;
        as(['User.ReadWrite.None']);
        assert.equal(await status('POST', `/v1.0/users/${made.body.id}/revokeSignInSessions`), 403);
        as(['IdentityUserFlow.Read.All']);
        assert.equal(await status('GET', `${assignments}/getOrder`), 200);
        assert.equal(await status('POST', `${assignments}/setOrder`), 403);
        as(['User.DeleteRestore.All']);
        assert.equal(await status('PATCH', `/v1.0/users/${made.body.id}`), 403);
        assert.equal(await status('DELETE', `/v1.0/users/${made.body.id}`), 204);
      });
    });

    describe('a stream', () => {
      const languages = '/beta/identity/b2cUserFlows/B2C_1_susi/languages';
      const content = `${languages}/es/overridesPages/selfasserted/$value`;

      test('is read as it was written, in its media type, and reset by DELETE', async () => {
        await send('PUT', `${languages}/es`, { isEnabled: true }, 201);
        const first = await world.get(content);
        assert.equal(first.headers['content-type'], 'application/json');
        assert.deepEqual(first.body, { LocalizedStrings: [] });
        const text = '{"LocalizedStrings":[{"ElementType":"UxElement","Override":true,"Value":"¿Qué?"}]}';
        await world.send('PUT', content, { body: text, headers: { 'content-type': 'application/json' } });
        const second = await world.get(content);
        assert.deepEqual(second.body, JSON.parse(text));
        assert.notEqual(second.headers['etag'], first.headers['etag']);
        const other = await world.send('PUT', content, { body: 'x', headers: { 'content-type': 'text/plain' } });
        assertRefused(other, 415);
        const untold = { body: text, headers: { 'content-type': 'application/octet-stream' } };
        assert.equal((await world.send('PUT', content, untold)).status, 204, 'as generated clients send a stream');
        assertRefused(await world.send('PUT', content, { headers: { 'content-type': 'application/json' } }), 400);
        const stale = { body: text, headers: { 'if-match': String(first.headers['etag']) } };
        assertRefused(await world.send('PUT', content, stale), 412);
        await send('DELETE', content);
        await send('DELETE', content);
        assert.deepEqual((await world.get(content)).body, { LocalizedStrings: [] });
        assertRefused(await world.get(`${languages}/es/overridesPages/none/$value`), 404);
      });

      test('is told of at full metadata only, and never among the properties', async () => {
        const page = `${languages}/es/overridesPages`;
        const [plain] = (await world.get(page)).body.value;
        assert.deepEqual(plain, { id: 'selfasserted' });
        const full = await world.get(page, { headers: { accept: 'application/json;odata.metadata=full' } });
        const [told] = full.body.value;
        assert.equal(told['@odata.mediaContentType'], 'application/json');
        assert.equal(told['@odata.mediaReadLink'], `${told['@odata.id']}/$value`);
        assert.equal((await world.get(told['@odata.mediaEditLink'].slice(origin.length))).status, 200);
      });
    });

    describe('PUT', () => {
      const languages = '/beta/identity/b2cUserFlows/B2C_1_susi/languages';

      test('creates what is not there, and replaces what is', async () => {
        const made = await send('PUT', `${languages}/nl-BE`, { id: 'NL-be' }, 201);
        const place = "identity/b2cUserFlows('B2C_1_susi')/languages";
        assert.equal(made.body['@odata.context'], metadata('beta', `${place}/$entity`));
        assert.equal(made.headers['location'], `${origin}/beta/identity/b2cUserFlows('B2C_1_susi')/languages('nl-BE')`);
        assert.equal(made.body.isEnabled, true);
        await send('PUT', `${languages}/nl-be`, { isEnabled: false });
        const representation = await world.send('PUT', `${languages}/nl-BE`, {
          body: {},
          headers: { prefer: 'return=representation' },
        });
        assert.equal(representation.status, 200);
        assert.equal(representation.body.isEnabled, true);
        assert.equal(representation.headers['preference-applied'], 'return=representation');
        assertRefused(await world.send('PUT', `${languages}/nl-BE`, { body: { id: 'fr' } }), 400);
        assertRefused(await world.send('PUT', `${languages}/fr`, { body: {}, headers: { 'if-match': '*' } }), 412);
        assertRefused(
          await world.send('PUT', `${languages}/nl-BE`, { body: {}, headers: { 'if-none-match': '*' } }),
          412,
        );
        assertRefused(await world.get(`${languages}/fr`), 404);
      });
    });

    describe('a singleton', () => {
      test('has no key, and another path for reading', async () => {
        for (const path of ['/beta/identity/events', '/beta/policies/authenticationEventsPolicy']) {
          const { status, body } = await world.get(path);
          assert.equal(status, 200);
          assert.equal(body.id, 'authenticationEventsPolicy');
          assert.equal(body['@odata.context'], metadata('beta', 'identity/events'));
        }
        const full = await world.get('/beta/identity/events', {
          headers: { accept: 'application/json;odata.metadata=full' },
        });
        assert.equal(full.body['@odata.id'], `${origin}/beta/identity/events`);
        assertRefused(await world.send('PATCH', '/beta/policies/authenticationEventsPolicy', { body: {} }), 405);
      });
    });

    describe('a cast', () => {
      test('narrows a collection, its count and its entities', async () => {
        const providers = '/v1.0/identity/identityProviders/microsoft.graph.socialIdentityProvider';
        const { body } = await world.get(providers);
        const cast = 'identity/identityProviders/microsoft.graph.socialIdentityProvider';
        assert.equal(body['@odata.context'], metadata('v1.0', cast));
        assert.deepEqual(
          body.value.map(({ id }: { id: string }) => id),
          ['Facebook-OAUTH', 'Google-OAUTH'],
        );
        assert.equal('@odata.type' in body.value[0], false);
        assert.equal((await world.get(`${providers}/$count`)).body, '2');
        assert.equal((await world.get(`${providers}/Google-OAUTH`)).status, 200);
        assertRefused(await world.get(`${providers}/EmailPassword-OAUTH`), 404);
        const path = '/v1.0/identity/identityProviders/EmailPassword-OAUTH';
        assertRefused(await world.get(`${path}/microsoft.graph.socialIdentityProvider`), 404);
        assert.equal(
          (await world.get(`${path}/graph.builtInIdentityProvider/identityProviderType`)).body.value,
          'EmailPassword',
        );
        assertRefused(await world.get(`${path}/clientId`), 400, "Resource not found for the segment 'clientId'.");
      });
    });

    test('a refusal of a policy is told in the words of the identity collections', async () => {
      world.admit('nothing', tenants[0], { kind: 'app', appId: 'a', roles: [] });
      const { status, body } = await world.get('/beta/policies/authenticationEventsPolicy', { as: 'nothing' });
      assert.equal(status, 403);
      assert.equal(body.error.code, 'AADB2C');
    });

    test('what a seed writes is read at the same addresses', async () => {
      const directory = world.directory(tenants[0]);
      const place = { parent: { type: entities.b2cIdentityUserFlow, id: 'B2C_1_susi' }, navigation: 'languages' };
      await directory.create(system('test'), entities.userFlowLanguageConfiguration, { id: 'da' }, { within: place });
      const { body } = await world.get("/beta/identity/b2cUserFlows('b2c_1_SUSI')/languages('DA')");
      assert.equal(body.id, 'da');
    });
  });
}
