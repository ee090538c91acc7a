import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openWorld, origin, seed, type World } from './testing/harness.ts';
import { assertError, flows, idsOf, newFlow, providers } from './testing/steps.ts';

for (const engine of ['memory', 'sqlite'] as const) {
  describe(`Graph over ${engine}`, () => {
    let world: World;
    before(async () => {
      world = await openWorld(engine);
      await seed(world);
    });
    after(() => world.close());

    test('a flow is created, read, updated and deleted', async () => {
      const made = await world.send('POST', flows, { body: newFlow('Life') });
      assert.equal(made.status, 201);
      assert.equal(made.headers['location'], `${origin}${flows}('B2C_1_Life')`);
      assert.equal(made.body['@odata.context'], `${origin}/beta/$metadata#identity/b2cUserFlows/$entity`);
      assert.equal(JSON.stringify(made.body).includes('"userFlowTypeVersion":3,'), true);

      const read = await world.get(`${flows}/b2c_1_LIFE`);
      assert.deepEqual(read.body, made.body);
      assert.equal(read.headers['etag'], made.headers['etag']);

      const changed = await world.send('PATCH', `${flows}('B2C_1_Life')`, {
        body: { '@odata.type': '#microsoft.graph.b2cIdentityUserFlow', id: 'b2c_1_life', defaultLanguageTag: null },
      });
      assert.equal(changed.status, 204);
      assert.equal(changed.body, '');
      assert.equal((await world.get(`${flows}/B2C_1_Life`)).body.defaultLanguageTag, null);

      assert.equal((await world.send('DELETE', `${flows}/B2C_1_Life`)).status, 204);
      assertError(
        await world.get(`${flows}/B2C_1_Life`),
        404,
        'Request_ResourceNotFound',
        "Resource 'B2C_1_Life' does not exist or one of its queried reference-property objects are not present.",
      );
      assertError(await world.send('DELETE', `${flows}/B2C_1_Life`), 404, 'Request_ResourceNotFound');
      assertError(await world.send('PATCH', `${flows}/B2C_1_Life`, { body: {} }), 404, 'Request_ResourceNotFound');
    });

    test('Prefer chooses between an empty answer and the entity', async () => {
      const minimal = await world.send('POST', flows, {
        body: newFlow('Prefer'),
        headers: { prefer: 'return=minimal' },
      });
      assert.equal(minimal.status, 204);
      assert.equal(minimal.headers['odata-entityid'], `${origin}${flows}('B2C_1_Prefer')`);
      assert.equal(minimal.headers['preference-applied'], 'return=minimal');
      const changed = await world.send('PATCH', `${flows}/B2C_1_Prefer?$select=defaultLanguageTag`, {
        body: { defaultLanguageTag: 'nl' },
        headers: { prefer: 'return=representation' },
      });
      assert.equal(changed.status, 200);
      assert.equal(changed.headers['preference-applied'], 'return=representation');
      assert.deepEqual(changed.body, {
        '@odata.context': `${origin}/beta/$metadata#identity/b2cUserFlows(defaultLanguageTag)/$entity`,
        defaultLanguageTag: 'nl',
      });
    });

    test('If-Match guards updates and removals', async () => {
      const made = await world.send('POST', flows, { body: newFlow('Match') });
      const first = String(made.headers['etag']);
      const patch = (etag: string) =>
        world.send('PATCH', `${flows}/B2C_1_Match`, {
          body: { defaultLanguageTag: 'fr' },
          headers: { 'if-match': etag },
        });
      assert.equal((await patch(first)).status, 204);
      assertError(await patch(first), 412, 'PreconditionFailed');
      const removal = await world.send('DELETE', `${flows}/B2C_1_Match`, { headers: { 'if-match': first } });
      assertError(removal, 412, 'PreconditionFailed');
      assert.equal((await patch('*')).status, 204);
    });

    test('providers are linked with every method and form, twice without harm, and unlinked', async () => {
      await world.send('POST', flows, { body: newFlow('Linked') });
      const at = `${flows}/B2C_1_Linked`;
      const forms = [
        ['POST', 'identityProviders', 'https://graph.microsoft.com/beta/identity/identityProviders/Google-OAUTH'],
        ['PATCH', 'userFlowIdentityProviders', 'https://graph.microsoft.com/v1/identityProviders/google-oauth'],
        ['PUT', 'userflowIdentityProviders', "identityProviders('Facebook-OAUTH')"],
        ['POST', 'userFlowIdentityProviders', 'EmailPassword-OAUTH'],
      ] as const;
      for (const [method, name, id] of forms) {
        const answer = await world.send(method, `${at}/${name}/$ref`, { body: { '@odata.id': id } });
        assert.equal(answer.status, 204, JSON.stringify(answer.body));
      }
      const linked = await world.get(`${at}/userFlowIdentityProviders`);
      assert.deepEqual(idsOf(linked), ['Google-OAUTH', 'Facebook-OAUTH', 'EmailPassword-OAUTH']);
      const context = `${origin}/beta/$metadata#Collection(microsoft.graph.identityProviderBase)`;
      assert.equal(linked.body['@odata.context'], context);
      const one = await world.get(`${at}/userFlowIdentityProviders/google-oauth`);
      assert.equal(one.body['@odata.context'], `${origin}/beta/$metadata#identity/identityProviders/$entity`);
      assert.equal(one.body['@odata.type'], '#microsoft.graph.socialIdentityProvider');
      const references = await world.get(`${at}/userFlowIdentityProviders/$ref?$top=1`);
      assert.deepEqual(references.body.value, [
        { '@odata.id': `${origin}/beta/identity/identityProviders('Google-OAUTH')` },
      ]);
      assert.equal((await world.get(`${at}/userFlowIdentityProviders/$count`)).body, '3');

      assert.equal((await world.send('DELETE', `${at}/identityProviders/GOOGLE-oauth/$ref`)).status, 204);
      assert.deepEqual(idsOf(await world.get(`${at}/userFlowIdentityProviders`)), [
        'Facebook-OAUTH',
        'EmailPassword-OAUTH',
      ]);
      assertError(
        await world.send('DELETE', `${at}/identityProviders/Google-OAUTH/$ref`),
        404,
        'Request_ResourceNotFound',
      );
      assert.equal((await world.get(`${providers}/Google-OAUTH`)).status, 200);
    });

    test('a reference to nothing, to another kind or from nothing is refused', async () => {
      const add = (flow: string, body: unknown) =>
        world.send('POST', `${flows}/${flow}/identityProviders/$ref`, { body });
      assertError(await add('B2C_1_susi', { '@odata.id': 'nothing' }), 404, 'Request_ResourceNotFound');
      assertError(await add('B2C_1_none', { '@odata.id': 'Google-OAUTH' }), 404, 'Request_ResourceNotFound');
      assertError(await add('B2C_1_susi', { '@odata.id': '/beta/users/x' }), 400, 'Request_BadRequest');
      assertError(await add('B2C_1_susi', { id: 'Google-OAUTH' }), 400, 'Request_BadRequest');
    });

    test('assignments live in their flow, carry the attribute and keep the order of creation', async () => {
      await world.send('POST', flows, { body: newFlow('Assign') });
      const at = `${flows}/B2C_1_Assign/userAttributeAssignments`;
      const hobby = await world.send('POST', '/v1.0/identity/userFlowAttributes', {
        body: { displayName: 'Hobby', dataType: 'string' },
      });
      const { id } = hobby.body;
      const assign = (attribute: string) =>
        world.send('POST', at, {
          body: {
            userAttribute: { id: attribute },
            displayName: attribute,
            isOptional: true,
            requiresVerification: false,
            userInputType: 'TextBox',
          },
        });
      const made = await assign(id);
      assert.equal(made.status, 201, JSON.stringify(made.body));
      assert.equal(made.headers['location'], `${origin}${flows}('B2C_1_Assign')/userAttributeAssignments('${id}')`);
      assert.equal('userAttribute' in made.body, false);
      assert.equal(made.body.userInputType, 'textBox');
      assert.equal((await assign('city')).status, 201);
      assert.deepEqual(idsOf(await world.get(at)), [id, 'city']);
      assertError(await assign('CITY'), 409, 'Conflict');
      assertError(await assign('nothing'), 404, 'Request_ResourceNotFound');

      const one = await world.get(
        `${flows}/b2c_1_assign/userAttributeAssignments/${id}?$expand=userAttribute($select=id,dataType)`,
      );
      assert.equal(
        one.body['@odata.context'],
        `${origin}/beta/$metadata#identity/b2cUserFlows('B2C_1_Assign')/userAttributeAssignments/$entity`,
      );
      assert.deepEqual(one.body.userAttribute, {
        '@odata.type': '#microsoft.graph.identityCustomUserFlowAttribute',
        id,
        dataType: 'string',
      });
      const attribute = await world.get(`${at}/${id}/userAttribute`);
      assert.equal(attribute.body['@odata.context'], `${origin}/beta/$metadata#identity/userFlowAttributes/$entity`);
      assert.equal(attribute.body.displayName, 'Hobby');

      assert.equal((await world.send('PATCH', `${at}/${id}`, { body: { isOptional: false } })).status, 204);
      assert.equal((await world.get(`${at}/${id}`)).body.isOptional, false);
      assert.equal((await world.get(`${flows}/B2C_1_susi/userAttributeAssignments/${id}`)).status, 404);
      assertError(await world.get(`${flows}/B2C_1_none/userAttributeAssignments`), 404, 'Request_ResourceNotFound');
      assert.equal((await world.send('DELETE', `${at}/${id}`)).status, 204);
      assert.deepEqual(idsOf(await world.get(at)), ['city']);
    });

    test('a flow comes with its providers and assignments in one request, or not at all', async () => {
      const assignment = (attribute: string) => ({
        userAttribute: { id: attribute },
        isOptional: true,
        requiresVerification: false,
        userInputType: 'textBox',
      });
      const body = {
        ...newFlow('Deep'),
        'userFlowIdentityProviders@odata.bind': ['https://localhost:8443/beta/identity/identityProviders/Google-OAUTH'],
        IDENTITYPROVIDERS: [
          { ID: 'facebook-oauth', type: 'Facebook', Name: 'Facebook' },
          { '@odata.id': 'google-OAUTH' },
        ],
        userAttributeAssignments: [assignment('City')],
      };
      const made = await world.send('POST', `${flows}?$expand=userAttributeAssignments`, { body });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      assert.deepEqual(made.body.userAttributeAssignments.length, 1);
      const at = `${flows}/B2C_1_Deep`;
      assert.deepEqual(
        new Set(idsOf(await world.get(`${at}/identityProviders`))),
        new Set(['Google-OAUTH', 'Facebook-OAUTH']),
      );
      assert.equal((await world.get(`${at}/userAttributeAssignments/City/userAttribute`)).body.id, 'City');

      const broken = { ...body, id: 'Broken', userAttributeAssignments: [assignment('City'), assignment('nothing')] };
      assertError(await world.send('POST', flows, { body: broken }), 404, 'Request_ResourceNotFound');
      assert.equal((await world.get(`${flows}/B2C_1_Broken`)).status, 404);
    });

    test('what is taken is refused in the dialect of its collection', async () => {
      await world.send('POST', flows, { body: newFlow('Taken') });
      const again = await world.send('POST', flows, { body: newFlow('b2c_1_TAKEN') });
      assertError(again, 409, 'Conflict', 'Another object with the same value for property id already exists.');
      assert.equal(again.body.error.details[0].target, 'id');
      const user = { displayName: 'T', userPrincipalName: 'taken@x.example' };
      await world.send('POST', '/v1.0/users', { body: user });
      const message = 'Another object with the same value for property userPrincipalName already exists.';
      assertError(await world.send('POST', '/v1.0/users', { body: user }), 400, 'Request_BadRequest', message);
    });
  });
}
