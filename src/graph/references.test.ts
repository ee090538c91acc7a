import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Answer, openWorld, origin, seed, type World } from './testing/harness.ts';
import { assertRefused, makeConnector, metadata, sending } from './testing/steps.ts';

const flow = '/beta/identity/b2cUserFlows/B2C_1_susi';
const appId = '63856651-13d9-4784-9abf-20758d509e19';
const signUpFlow = 'externalUsersSelfServiceSignUpEventsFlow';
const attributeHandler = 'onAttributeCollectionExternalUsersSelfServiceSignUp';
const methodHandler = 'onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp';

for (const engine of ['memory', 'sqlite'] as const) {
  describe(`references over ${engine}`, () => {
    let world: World;
    before(async () => {
      world = await openWorld(engine);
      await seed(world);
    });
    after(() => world.close());

    const send = sending(() => world);
    const connector = (name: string) => makeConnector(send, name);
    const guestFlow = async (id: string): Promise<string> =>
      (
        await send(
          'POST',
          '/v1.0/identity/b2xUserFlows',
          { id, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 },
          201,
        )
      ).body.id;

    describe('a reference that a complex value holds', () => {
      const configuration = `${flow}/apiConnectorConfiguration`;
      const ref = `${configuration}/postFederationSignup/$ref`;

      test('is set in every documented form, shown, and taken away by an empty body or DELETE', async () => {
        const id = await connector('One');
        assertRefused(await world.get(`${configuration}/postFederationSignup`), 404);
        for (const [method, reference] of [
          ['PUT', `https://graph.microsoft.com/v1.0/identity/apiConnectors/${id}`],
          ['POST', `https://graph.microsoft.com/v1/identity/apiConnectors/${id}`],
          ['PATCH', `identity/apiConnectors('${id}')`],
          ['PUT', id],
        ] as const) {
          await send('PUT', ref, {});
          assertRefused(await world.get(ref), 404);
          await send(method, ref, { '@odata.id': reference });
          assert.equal((await world.get(`${configuration}/postFederationSignup`)).body.id, id);
        }
        const link = await world.get(ref);
        const place = `${origin}/beta/identity/apiConnectors('${id}')`;
        assert.deepEqual(link.body, { '@odata.context': metadata('beta', '$ref'), '@odata.id': place });
        await send('DELETE', ref);
        assertRefused(await world.send('DELETE', ref), 404);
        assertRefused(await world.send('PUT', ref, { body: { '@odata.id': 'none' } }), 404);
        assertRefused(await world.send('PUT', ref, { body: { '@odata.id': '/users/x' } }), 400);
        assertRefused(await world.send('PUT', ref), 400);
      });

      test('is no part of the value, and shown with it when it is expanded', async () => {
        const [one, two] = [await connector('First'), await connector('Second')];
        await send('PUT', ref, { '@odata.id': one });
        await send('PUT', `${configuration}/postAttributeCollection/$ref`, { '@odata.id': two });
        const place = "identity/b2cUserFlows('B2C_1_susi')/apiConnectorConfiguration";
        const plain = await world.get(configuration);
        assert.deepEqual(plain.body, { '@odata.context': metadata('beta', place) });
        const { body } = await world.get(
          `${configuration}?$expand=postFederationSignup,postAttributeCollection($select=id)`,
        );
        assert.equal(
          body['@odata.context'],
          metadata('beta', `${place}(postFederationSignup(),postAttributeCollection())`),
        );
        const inner = `${place}/microsoft.graph.userFlowApiConnectorConfiguration/postFederationSignup/$entity`;
        assert.equal(body['postFederationSignup@odata.context'], metadata('beta', inner));
        assert.equal(body.postFederationSignup.id, one);
        assert.equal(body.postFederationSignup.authenticationConfiguration.password, '******');
        assert.deepEqual(body.postAttributeCollection, { id: two });
        assert.deepEqual((await world.get(flow)).body.apiConnectorConfiguration, {});
        const none = await world.get(`${configuration}?$expand=preTokenIssuance`);
        assert.equal(none.body.preTokenIssuance, null);
        assertRefused(await world.get(`${configuration}?$expand=nothing`), 400);
        assertRefused(await world.get(`${flow}/tokenClaimsConfiguration?$expand=x`), 400);
      });

      test('comes with a new flow, all or nothing', async () => {
        const id = await connector('Inline');
        const body = (name: string, target: string) => ({
          id: name,
          userFlowType: 'signUpOrSignIn',
          userFlowTypeVersion: 1,
          apiConnectorConfiguration: {
            postFederationSignup: { '@odata.id': target },
            'postAttributeCollection@odata.bind': `/identity/apiConnectors/${id}`,
          },
        });
        const made = await send('POST', '/v1.0/identity/b2xUserFlows', body('B2X_1_Inline', id), 201);
        assert.deepEqual(made.body.apiConnectorConfiguration, {});
        for (const step of ['postFederationSignup', 'postAttributeCollection']) {
          const at = `/v1.0/identity/b2xUserFlows/B2X_1_Inline/apiConnectorConfiguration/${step}`;
          assert.equal((await world.get(at)).body.id, id);
        }
        const refused = await world.send('POST', '/v1.0/identity/b2xUserFlows', { body: body('B2X_1_No', 'none') });
        assertRefused(refused, 404);
        assertRefused(await world.get('/v1.0/identity/b2xUserFlows/B2X_1_No'), 404);
      });
    });

    describe('an events flow', () => {
      const flows = '/v1.0/identity/authenticationEventsFlows';
      const at = (id: string) => `${flows}/${id}/microsoft.graph.${signUpFlow}`;
      const make = async (displayName: string): Promise<Answer> =>
        send(
          'POST',
          flows,
          {
            '@odata.type': `#microsoft.graph.${signUpFlow}`,
            displayName,
            onAuthenticationMethodLoadStart: {
              '@odata.type': `#microsoft.graph.${methodHandler}`,
              identityProviders: [{ id: 'EmailPassword-OAUTH' }],
            },
            onAttributeCollection: {
              '@odata.type': `#microsoft.graph.${attributeHandler}`,
              attributes: [{ id: 'City', displayName: 'City', dataType: 'string' }],
            },
          },
          201,
        );

      test('links what its handlers name, and shows it when it is read, not when it is created', async () => {
        const made = await make('Linked');
        assert.equal(made.body['@odata.context'], metadata('v1.0', 'identity/authenticationEventsFlows/$entity'));
        assert.equal(Object.keys(made.body)[1], '@odata.type');
        assert.equal('attributes' in made.body.onAttributeCollection, false);
        const read = await world.get(`${flows}/${made.body.id}`);
        assert.deepEqual(
          read.body.onAttributeCollection.attributes.map(({ id }: { id: string }) => id),
          ['City'],
        );
        const [provider] = read.body.onAuthenticationMethodLoadStart.identityProviders;
        assert.equal(provider['@odata.type'], '#microsoft.graph.builtInIdentityProvider');
        const listed = (await world.get(flows)).body.value.find(({ id }: { id: string }) => id === made.body.id);
        assert.deepEqual(listed.onAttributeCollection, read.body.onAttributeCollection);
        const chosen = await world.get(`${flows}/${made.body.id}?$select=displayName`);
        assert.deepEqual(Object.keys(chosen.body), ['@odata.context', '@odata.type', 'displayName']);
      });

      test('is addressed through casts, and what its handlers refer to is added and removed there', async () => {
        const { id } = (await make('Casts')).body;
        const attributes = `${at(id)}/onAttributeCollection/microsoft.graph.${attributeHandler}/attributes`;
        const listed = await world.get(`${attributes}/`);
        assert.equal(
          listed.body['@odata.context'],
          metadata('v1.0', 'Collection(microsoft.graph.identityUserFlowAttribute)'),
        );
        assert.equal(listed.body.value[0].id, 'City');
        await send('DELETE', `${attributes}/city/$ref`);
        assert.deepEqual((await world.get(attributes)).body.value, []);
        await send('POST', `${attributes}/$ref`, { '@odata.id': `${origin}/v1.0/identity/userFlowAttributes/city` });
        await send('DELETE', `${attributes}/$ref?@odata.id=${origin}/v1.0/identity/userFlowAttributes/City`);
        const providers = `${at(id)}/onAuthenticationMethodLoadStart/microsoft.graph.${methodHandler}/identityProviders`;
        await send('POST', `${providers}/$ref`, { '@odata.id': `${origin}/beta/identityProviders/Google-OAUTH` });
        const filtered = await world.get(`${providers}?$filter=id eq 'Google-OAUTH'&$count=true`);
        assert.equal(filtered.body['@odata.count'], 1);
        assert.equal(filtered.body.value[0].id, 'Google-OAUTH');
        assertRefused(await world.get(`${flows}/none/microsoft.graph.${signUpFlow}`), 404);
        const expand = `onAttributeCollection/microsoft.graph.${attributeHandler}/attributes`;
        const cast = await world.get(`${at(id)}?$expand=${expand}`);
        assert.deepEqual(cast.body.onAttributeCollection.attributes, []);
        assertRefused(await world.get(`${at(id)}?$expand=onAttributeCollection/microsoft.graph.other/attributes`), 400);
      });

      test('has its references replaced by a PATCH that names them, and kept by one that does not', async () => {
        const { id } = (await make('Replaced')).body;
        const patch = (handler: object | null) =>
          send('PATCH', `${flows}/${id}`, {
            '@odata.type': `#microsoft.graph.${signUpFlow}`,
            onAuthenticationMethodLoadStart: handler,
          });
        const providers = async (): Promise<readonly string[]> =>
          (await world.get(`${flows}/${id}`)).body.onAuthenticationMethodLoadStart?.identityProviders.map(
            (one: { id: string }) => one.id,
          ) ?? [];
        const type = `#microsoft.graph.${methodHandler}`;
        await patch({ '@odata.type': type, identityProviders: [{ id: 'Google-OAUTH' }, { id: 'Facebook-OAUTH' }] });
        assert.deepEqual(await providers(), ['Google-OAUTH', 'Facebook-OAUTH']);
        await patch({ '@odata.type': type });
        assert.deepEqual(await providers(), ['Google-OAUTH', 'Facebook-OAUTH']);
        const wrong = await world.send('PATCH', `${flows}/${id}`, {
          body: {
            '@odata.type': `#microsoft.graph.${signUpFlow}`,
            onAuthenticationMethodLoadStart: { '@odata.type': type, identityProviders: [{ id: 'none' }] },
          },
        });
        assertRefused(wrong, 404);
        assert.deepEqual(await providers(), ['Google-OAUTH', 'Facebook-OAUTH']);
        await patch(null);
        await patch({ '@odata.type': type });
        assert.deepEqual(await providers(), []);
      });

      test('has applications with an address of their own', async () => {
        const { id } = (await make('Applications')).body;
        const included = `${flows}/${id}/conditions/applications/includeApplications`;
        const place = `identity/authenticationEventsFlows('${id}')/conditions/applications/includeApplications`;
        assert.deepEqual((await world.get(included)).body, { '@odata.context': metadata('v1.0', place), value: [] });
        const body = {
          '@odata.type': '#microsoft.graph.authenticationConditionApplication',
          appId,
        };
        const added = await send('POST', included, body, 201);
        assert.deepEqual(added.body, { '@odata.context': metadata('v1.0', `${place}/$entity`), appId });
        assert.equal(
          added.headers['location'],
          `${origin}${flows}('${id}')/conditions/applications/includeApplications('${appId}')`,
        );
        assert.deepEqual((await world.get(`${included}/${appId.toUpperCase()}`)).body, added.body);
        const again = await world.send('POST', included, { body: { ...body, appId: appId.toUpperCase() } });
        assertRefused(again, 409, 'Another object with the same value for property appId already exists.');
        assert.equal(again.body.error.code, 'Conflict');
        assert.equal(again.body.error.details[0].target, 'appId');
        const cast = `identity/authenticationEventsFlows('${id}')/microsoft.graph.${signUpFlow}/conditions/applications/includeApplications`;
        const { applications } = (await world.get(`${flows}/${id}`)).body.conditions;
        assert.equal(applications['includeApplications@odata.context'], metadata('v1.0', cast));
        assert.deepEqual(applications.includeApplications, [{ appId }]);
        assertRefused(await world.send('POST', included, { body: {} }), 400, /appId/);
        assertRefused(await world.send('POST', included, { body: { appId: 7 } }), 400);
        assertRefused(await world.send('DELETE', `${included}/x`), 404);
        await send('DELETE', `${included}/${appId}`);
        assertRefused(await world.get(`${included}/${appId}`), 404);
      });

      test('gets every one of several applications added at once', async () => {
        const { id } = (await make('Together')).body;
        const included = `${flows}/${id}/conditions/applications/includeApplications`;
        const ids = Array.from({ length: 4 }, (_, index) => `0000000${index}-13d9-4784-9abf-20758d509e19`);
        const answers = await Promise.all(ids.map((one) => world.send('POST', included, { body: { appId: one } })));
        assert.deepEqual(
          answers.map(({ status }) => status),
          [201, 201, 201, 201],
        );
        const found = (await world.get(included)).body.value.map((item: { appId: string }) => item.appId);
        assert.deepEqual(found.toSorted(), ids);
      });
    });

    describe('a listener', () => {
      const listeners = '/beta/identity/events/onSignupStart';
      const listener = (userFlow: string, priority = 101) => ({
        '@odata.type': '#Microsoft.Cpim.Api.DataModels.invokeUserFlowAction',
        priority,
        sourceFilter: { includeApplications: [appId] },
        userFlow: { id: userFlow },
      });

      test('refers to one flow, which PATCH, PUT and $ref replace', async () => {
        const [one, two] = [await guestFlow('B2X_1_One'), await guestFlow('B2X_1_Two')];
        const made = await send('POST', listeners, listener(one), 201);
        const { id } = made.body;
        assert.equal(made.body['@odata.type'], '#microsoft.graph.invokeUserFlowListener');
        assert.equal('userFlow' in made.body, false);
        const at = `${listeners}/${id}`;
        const flowOf = async () => (await world.get(`${at}/microsoft.graph.invokeUserFlowListener/userFlow`)).body.id;
        assert.equal(await flowOf(), one);
        await send('PATCH', at, { userFlow: { id: two } });
        assert.equal(await flowOf(), two);
        await send('PATCH', at, {
          priority: 102,
          'userFlow@odata.bind': `${origin}/beta/identity/b2xUserFlows('${one}')`,
        });
        assert.equal(await flowOf(), one);
        assert.equal((await world.get(at)).body.priority, 102);
        await send('PUT', at, listener(two, 7));
        assert.equal(await flowOf(), two);
        assert.equal((await world.get(at)).body.priority, 7);
        await send('PUT', `${at}/microsoft.graph.invokeUserFlowListener/userFlow/$ref`, { '@odata.id': one });
        assert.equal(await flowOf(), one);
        await send('PATCH', at, { userFlow: null });
        assertRefused(await world.get(`${at}/userFlow`), 404);
        assertRefused(await world.send('PATCH', at, { body: { userFlow: { id: 'none' } } }), 404);
        assertRefused(await world.send('PATCH', at, { body: { userFlow: [] } }), 400);
        assertRefused(await world.send('PUT', `${listeners}/none`, { body: listener(one) }), 404);
        assertRefused(await world.send('PUT', at, { body: { ...listener(one), id: 'other' } }), 400);
        await send('DELETE', at);
      });

      test('is expanded by a cast in both spellings', async () => {
        const one = await guestFlow('B2X_1_Cast');
        const { id } = (await send('POST', listeners, listener(one), 201)).body;
        for (const type of ['invokeUserFlowListener', 'invokeUserFlowAction']) {
          const { body } = await world.get(`${listeners}?$expand=microsoft.graph.${type}/userFlow`);
          const context = 'identity/events/onSignupStart(microsoft.graph.invokeUserFlowListener/userFlow())';
          assert.equal(body['@odata.context'], metadata('beta', context));
          assert.equal(body.value[0].userFlow.id, one);
        }
        await send('DELETE', `${listeners}/${id}`);
      });

      test('is named by the old address without one, when it is the only one or the query says which', async () => {
        const [one, two] = [await guestFlow('B2X_1_Old'), await guestFlow('B2X_1_Older')];
        const ref = '/beta/invokeUserFlowListener/userFlow/$ref';
        assertRefused(
          await world.send('POST', ref, { body: { '@odata.id': one } }),
          400,
          /there are 0\. .*onSignupStart/,
        );
        const first = (await send('POST', listeners, listener(one), 201)).body.id;
        await send('POST', ref, {
          '@odata.type': '#Microsoft.Cpim.Api.DataModels.b2xIdentityUserFlow',
          id: two,
          userFlowType: 'signUpOrSignIn',
        });
        assert.equal((await world.get('/beta/invokeUserFlowAction/userFlow')).body.id, two);
        assertRefused(await world.send('POST', ref, { body: { userFlowType: 'signUpOrSignIn' } }), 400);
        assertRefused(await world.send('POST', ref, { body: { id: 'B2X_1_Nothing' } }), 404);
        const second = (await send('POST', listeners, listener(one), 201)).body.id;
        assertRefused(await world.send('PUT', ref, { body: { '@odata.id': one } }), 400, /there are 2\. .*listenerId/);
        await send('PUT', `/beta/invokeUserFlowAction/userFlow/$ref?listenerId=${first}`, { '@odata.id': one });
        assertRefused(
          await world.send('DELETE', `/beta/invokeUserFlowAction/userFlow/${two}/$ref?listenerId=${first}`),
          404,
        );
        await send('DELETE', `/beta/invokeUserFlowAction/userFlow/${one}/$ref?listenerId=${first}`);
        assertRefused(await world.get(`${listeners}/${first}/userFlow`), 404);
        assert.equal((await world.get(`${listeners}/${second}/userFlow`)).body.id, one);
        assertRefused(await world.get('/beta/invokeUserFlowListener/userFlow?listenerId=none'), 404);
        for (const id of [first, second]) await send('DELETE', `${listeners}/${id}`);
      });
    });

    describe('a listener of the second generation', () => {
      const listeners = '/v1.0/identity/authenticationEventListeners';
      const extensions = '/v1.0/identity/customAuthenticationExtensions';

      test('shows the extension it calls, in the answer of its creation too, and leads to it', async () => {
        const type = 'onTokenIssuanceStart';
        const extension = await send(
          'POST',
          extensions,
          {
            '@odata.type': `#microsoft.graph.${type}CustomExtension`,
            displayName: 'Claims',
            endpointConfiguration: {
              '@odata.type': '#microsoft.graph.httpRequestEndpoint',
              targetUrl: 'https://a.example',
            },
            authenticationConfiguration: {
              '@odata.type': '#microsoft.graph.azureAdTokenAuthentication',
              resourceId: `api://a.example/${appId}`,
            },
          },
          201,
        );
        const { id } = extension.body;
        const handler = { '@odata.type': `#microsoft.graph.${type}CustomExtensionHandler`, customExtension: { id } };
        const body = { '@odata.type': `#microsoft.graph.${type}Listener`, handler };
        const made = await send('POST', listeners, body, 201);
        assert.equal(made.body.handler.customExtension.id, id);
        const at = `${listeners}/${made.body.id}`;
        assert.equal((await world.get(at)).body.handler.customExtension.displayName, 'Claims');
        const [listed] = (await world.get(listeners)).body.value;
        assert.equal(listed.handler.customExtension.id, id);
        const one = `${at}/microsoft.graph.${type}Listener/handler/microsoft.graph.${type}CustomExtensionHandler/customExtension`;
        const context = metadata('v1.0', 'identity/customAuthenticationExtensions/$entity');
        assert.equal((await world.get(one)).body['@odata.context'], context);
        const place = `${origin}${extensions}('${id}')`;
        assert.equal((await world.get(`${one}/$ref`)).body['@odata.id'], place);
        await send('PUT', `${one}/$ref`, { '@odata.id': place });
        await send('DELETE', `${one}/$ref`);
        assert.equal((await world.get(at)).body.handler.customExtension, null);
        const wrong = await world.send('PUT', `${at}/handler/microsoft.graph.onOtpSendHandler/customExtension/$ref`, {
          body: { '@odata.id': place },
        });
        assertRefused(wrong, 400);
      });
    });
  });
}
