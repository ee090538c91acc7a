import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engines } from '../support/engines.ts';
import type { Body } from '../support/golden/example.ts';
import { seeded, startUsher, type Usher } from '../support/usher.ts';

interface Answer {
  readonly status: number;
  readonly location: string | null;
  readonly body: Body;
}

let usher: Usher;

async function send(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await usher.graph(method, path, body);
  const text = await response.text();
  const { headers, status } = response;
  return { status, location: headers.get('location'), body: text === '' ? undefined : JSON.parse(text) };
}

/** Sends and expects this status. */
async function ask(status: number, method: string, path: string, body?: unknown): Promise<Body> {
  const answer = await send(method, path, body);
  assert.equal(answer.status, status, `${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

const idsOf = (body: Body): readonly string[] => body.value.map(({ id }: { readonly id: string }) => id);

const susi = `/beta/identity/b2cUserFlows/${seeded.flow}`;
const guests = '/v1.0/identity/b2xUserFlows/B2X_1_guests';
const signUp = { userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 };

for (const engine of engines) {
  describe(engine.name, () => {
    before(async () => {
      usher = await startUsher(engine.options());
    });
    after(() => usher?.stop());

    test('flows for guests live in both versions, and nothing of them is updated', async () => {
      const made = await send('POST', '/v1.0/identity/b2xUserFlows', { id: 'Partner', ...signUp });
      assert.equal(made.status, 201);
      assert.deepEqual([made.body.id, made.body.apiConnectorConfiguration], ['B2X_1_Partner', {}]);
      assert.match(made.location ?? '', /\/v1\.0\/identity\/b2xUserFlows\('B2X_1_Partner'\)$/);
      assert.equal((await ask(200, 'GET', "/beta/identity/b2xUserFlows('b2x_1_partner')")).id, 'B2X_1_Partner');
      await ask(405, 'PATCH', '/beta/identity/b2xUserFlows/B2X_1_Partner', { userFlowTypeVersion: 3 });
      await ask(409, 'POST', '/v1.0/identity/b2xUserFlows', { id: 'partner', ...signUp });
      await ask(400, 'POST', '/v1.0/identity/b2xUserFlows', { id: 'x', ...signUp, userFlowTypeVersion: 3 });
      await ask(400, 'GET', '/v1.0/identity/b2cUserFlows');
      await ask(204, 'DELETE', '/v1.0/identity/b2xUserFlows/B2X_1_Partner');
      await ask(404, 'GET', '/v1.0/identity/b2xUserFlows/B2X_1_Partner');
    });

    test('flows of every kind are made, listed and removed in one collection', async () => {
      const flows = '/beta/identity/userFlows';
      const made = await ask(201, 'POST', flows, { id: 'B2X_1_Union', ...signUp });
      assert.equal(made['@odata.type'], '#microsoft.graph.b2xIdentityUserFlow');
      assert.equal((await ask(201, 'POST', flows, { id: 'Union', ...signUp })).id, 'B2C_1_Union');
      const ids = idsOf(await ask(200, 'GET', flows));
      for (const id of ['B2C_1_Union', 'B2X_1_Union', 'B2C_1_susi', 'B2X_1_guests', 'B2C_1_ropc']) {
        assert.ok(ids.includes(id), id);
      }
      for (const id of ['B2C_1_Union', 'B2X_1_Union']) await ask(204, 'DELETE', `${flows}/${id}`);
      await ask(405, 'PATCH', `${flows}/B2C_1_susi`, {});
    });

    test('providers of a flow are linked under both names', async () => {
      const reference = { '@odata.id': 'https://graph.microsoft.com/v1.0/identityProviders/MSASignup-OAUTH' };
      await ask(204, 'POST', `${guests}/identityProviders/$ref`, reference);
      await ask(204, 'PATCH', `${guests}/userflowIdentityProviders/$ref`, reference);
      const linked = idsOf(await ask(200, 'GET', `${guests}/userFlowIdentityProviders`));
      assert.deepEqual(linked.toSorted(), ['EmailOtpSignup-OAUTH', 'MSASignup-OAUTH']);
      await ask(204, 'DELETE', `${guests}/identityProviders/MSASignup-OAUTH/$ref`);
      assert.deepEqual(idsOf(await ask(200, 'GET', `${guests}/userFlowIdentityProviders`)), ['EmailOtpSignup-OAUTH']);
      // The server's own providers came after the first names, and never had any.
      assert.deepEqual(idsOf(await ask(200, 'GET', `${guests}/identityProviders`)), []);
      const provider = { name: 'Google', type: 'Google', clientId: 'google', clientSecret: 'hush' };
      await ask(201, 'POST', '/v1.0/identityProviders', provider);
      const google = { '@odata.id': 'https://graph.microsoft.com/beta/identity/identityProviders/Google-OAUTH' };
      await ask(204, 'POST', `${guests}/userFlowIdentityProviders/$ref`, google);
      const { value } = await ask(200, 'GET', `${guests}/identityProviders`);
      assert.deepEqual(value, [{ id: 'Google-OAUTH', ...provider, clientSecret: '******' }]);
      await ask(204, 'DELETE', `${guests}/identityProviders/Google-OAUTH/$ref`);
      await ask(204, 'DELETE', '/v1.0/identityProviders/Google-OAUTH');
    });

    test('settings are returned when they are asked for, and a patch changes what it names', async () => {
      const whole = await ask(200, 'GET', susi);
      assert.deepEqual(whole.tokenClaimsConfiguration.isIssuerEntityUserFlow, false);
      for (const hidden of ['settings', 'tokenLifetimeConfiguration', 'isJavaScriptEnabled', 'assignmentOrder']) {
        assert.ok(!(hidden in whole), hidden);
      }
      await ask(204, 'PATCH', susi, { isJavaScriptEnabled: true });
      await ask(204, 'PATCH', susi, { settings: { branding: { accentColor: '#123456' } } });
      await ask(204, 'PATCH', susi, { isLanguageCustomizationEnabled: true });
      const asked = await ask(200, 'GET', `${susi}?$select=isJavaScriptEnabled,settings`);
      assert.deepEqual([asked.isJavaScriptEnabled, asked.settings.branding.accentColor], [true, '#123456']);
      const settings = await ask(200, 'GET', `${susi}/settings`);
      assert.deepEqual([settings.layoutTemplate, settings.branding.bannerLogoUrl], ['usher', null]);
      const bad = { tokenLifetimeConfiguration: { rollingRefreshTokenLifetimeInDays: 1 } };
      const { error } = await ask(400, 'PATCH', susi, bad);
      assert.match(error.message, /rollingRefreshTokenLifetimeInDays.*shorter/);
      await ask(400, 'PATCH', susi, { settings: { nonsense: 1 } });
    });

    test('attributes are assigned, ordered, and expanded with their kind', async () => {
      const attributes = '/v1.0/identity/userFlowAttributes';
      const hobby = await ask(201, 'POST', attributes, {
        displayName: 'Hobby',
        description: 'Yours',
        dataType: 'string',
      });
      assert.equal(hobby['@odata.type'], '#microsoft.graph.identityCustomUserFlowAttribute');
      const builtIn = { '@odata.type': '#microsoft.graph.identityBuiltInUserFlowAttribute' };
      await ask(400, 'POST', attributes, { ...builtIn, displayName: 'Mine', dataType: 'string' });
      const assignments = `${guests}/userAttributeAssignments`;
      const made = await send('POST', assignments, {
        displayName: 'Hobby',
        isOptional: true,
        requiresVerification: false,
        userInputType: 'TextBox',
        userAttributeValues: [],
        userAttribute: { id: hobby.id },
      });
      assert.equal(made.status, 201);
      assert.ok(made.location?.endsWith(`/userAttributeAssignments('${hobby.id}')`), made.location ?? '');
      const before = await ask(200, 'GET', `${assignments}/getOrder`);
      assert.ok(before['@odata.context'].endsWith('/v1.0/$metadata#microsoft.graph.assignmentOrder'));
      assert.deepEqual(before.order, ['displayName', 'givenName', 'surname', hobby.id]);
      const order = [hobby.id, 'surname', 'displayName', 'givenName'];
      await ask(204, 'POST', `${assignments}/setOrder`, { newAssignmentOrder: { order } });
      assert.deepEqual((await ask(200, 'GET', `${assignments}/getOrder()`)).order, order);
      await ask(400, 'POST', `${assignments}/setOrder`, { newAssignmentOrder: { order: ['surname'] } });
      const expanded = await ask(200, 'GET', `${assignments}?$expand=userAttribute`);
      assert.deepEqual(idsOf(expanded), order);
      const types = expanded.value.map((one: Body) => one.userAttribute['@odata.type']);
      assert.deepEqual(types.slice(0, 2), [
        '#microsoft.graph.identityCustomUserFlowAttribute',
        '#microsoft.graph.identityBuiltInUserFlowAttribute',
      ]);
      await ask(204, 'PATCH', `${assignments}/${hobby.id}`, { userInputType: 'TEXTBOX', isOptional: false });
      await ask(400, 'DELETE', `${attributes}/${hobby.id}`);
      await ask(204, 'DELETE', `${assignments}/${hobby.id}`);
      await ask(204, 'DELETE', `${attributes}/${hobby.id}`);
    });

    test('languages are listed, added and taken away', async () => {
      await ask(204, 'PATCH', susi, { isLanguageCustomizationEnabled: true });
      const languages = `${susi}/languages`;
      assert.equal((await ask(200, 'GET', `${languages}`)).value.length, 37);
      assert.deepEqual(idsOf(await ask(200, 'GET', `${languages}?$filter=isEnabled eq true`)), ['en']);
      const made = await ask(201, 'PUT', `${languages}/es-ES`, { id: 'es-ES', isEnabled: true });
      assert.deepEqual([made.id, made.isEnabled, made.displayName], ['es-ES', true, 'Spanish (Spain)']);
      await ask(204, 'PUT', `${languages}/es-ES`, { isEnabled: false });
      await ask(400, 'PUT', `${languages}/es-ES`, { id: 'fr-FR' });
      await ask(204, 'PUT', `${languages}/de`, {});
      await ask(204, 'PATCH', susi, { defaultLanguageTag: 'de' });
      await ask(400, 'PUT', `${languages}/de`, { isEnabled: false });
      await ask(400, 'PATCH', susi, { defaultLanguageTag: 'fr' });
      await ask(204, 'PATCH', susi, { defaultLanguageTag: 'en' });
      await ask(204, 'DELETE', `${languages}/es-ES`);
      await ask(404, 'GET', `${languages}/es-ES`);
      await ask(400, 'DELETE', `${languages}/de`);
      await ask(405, 'PUT', `${guests}/languages/es-ES`, {});
      assert.equal((await ask(200, 'GET', `${guests}/languages/de`)).isEnabled, true);
    });

    test('the texts of a page are read, replaced and given back', async () => {
      await ask(204, 'PATCH', susi, { isLanguageCustomizationEnabled: true });
      const texts = await ask(200, 'GET', `${susi}/languages/en/defaultPages/signuporsignin/$value`);
      assert.ok(texts.LocalizedStrings.some(({ StringId }: Body) => StringId === 'button_signin'));
      const page = `${susi}/languages/fr/overridesPages/phonefactor`;
      assert.deepEqual(await ask(200, 'GET', `${page}/$value`), { LocalizedStrings: [] });
      const LocalizedStrings = [
        { ElementType: 'UxElement', ElementId: null, StringId: 'alert_message', Override: true, Value: 'Vraiment ?' },
      ];
      await ask(204, 'PUT', `${page}/$value`, { LocalizedStrings });
      assert.deepEqual(await ask(200, 'GET', `${page}/$value`), { LocalizedStrings });
      await ask(400, 'PUT', `${page}/$value`, { LocalizedStrings: [] });
      await ask(405, 'PUT', `${susi}/languages/fr/defaultPages/phonefactor/$value`, { LocalizedStrings });
      await ask(405, 'PUT', page, { id: 'phonefactor' });
      await ask(204, 'DELETE', `${page}/$value`);
      assert.deepEqual(await ask(200, 'GET', `${page}/$value`), { LocalizedStrings: [] });
      assert.ok(!('content' in (await ask(200, 'GET', page))));
      assert.deepEqual(idsOf(await ask(200, 'GET', `${guests}/languages/en/overridesPages`)), [
        'idpselections',
        'selfasserted1_1',
      ]);
      await ask(404, 'GET', `${susi}/languages/xx/defaultPages/phonefactor/$value`);
    });

    test('a flow calls connectors at its positions, and one in use stays', async () => {
      const connector = await ask(201, 'POST', '/v1.0/identity/apiConnectors', {
        displayName: 'Check',
        targetUrl: 'https://api.example.com/check',
        authenticationConfiguration: {
          '@odata.type': '#microsoft.graph.basicAuthentication',
          username: 'usher',
          password: 'hush',
        },
      });
      const reference = { '@odata.id': `https://graph.microsoft.com/v1/identity/apiConnectors/${connector.id}` };
      const configuration = `${susi}/apiConnectorConfiguration`;
      const positions = ['postFederationSignup', 'postAttributeCollection', 'preTokenIssuance'];
      for (const position of positions) await ask(204, 'PUT', `${configuration}/${position}/$ref`, reference);
      const value = await ask(200, 'GET', `${configuration}?$expand=postFederationSignup,postAttributeCollection`);
      assert.equal(value.postFederationSignup.id, connector.id);
      assert.equal(value.postAttributeCollection.authenticationConfiguration.password, '******');
      assert.deepEqual((await ask(200, 'GET', susi)).apiConnectorConfiguration, {});
      await ask(409, 'DELETE', `/v1.0/identity/apiConnectors/${connector.id}`);
      for (const position of positions) await ask(204, 'PUT', `${configuration}/${position}/$ref`, {});

      const draft = { id: 'Checked', ...signUp, apiConnectorConfiguration: { postFederationSignup: reference } };
      const early = { ...draft, apiConnectorConfiguration: { preTokenIssuance: reference } };
      const { error } = await ask(400, 'POST', '/v1.0/identity/b2xUserFlows', early);
      assert.equal(error.message, "Invalid property 'preTokenIssuance'");
      const made = await ask(201, 'POST', '/v1.0/identity/b2xUserFlows', draft);
      assert.deepEqual(made.apiConnectorConfiguration, {});
      const there = '/v1.0/identity/b2xUserFlows/B2X_1_Checked/apiConnectorConfiguration';
      assert.equal((await ask(200, 'GET', `${there}/postFederationSignup`)).id, connector.id);
      await ask(400, 'GET', `${there}/preTokenIssuance`);
      await ask(204, 'DELETE', `${there}/postFederationSignup/$ref`);
      await ask(204, 'DELETE', `/v1.0/identity/apiConnectors/${connector.id}`);
    });

    test('claims to return are linked, and page layouts changed and restored', async () => {
      const reference = { '@odata.id': 'https://graph.microsoft.com/beta/identity/userFlowAttributes/city' };
      await ask(204, 'POST', `${susi}/applicationClaims/$ref`, reference);
      assert.deepEqual(idsOf(await ask(200, 'GET', `${susi}/applicationClaims`)), ['city']);
      await ask(204, 'DELETE', `${susi}/applicationClaims/city/$ref`);

      const layout = `${susi}/pageLayouts/signuporsignin`;
      const { value: versions } = await ask(200, 'GET', `${layout}/availableVersions`);
      assert.ok(versions.includes('2.1.2'));
      const pageUri = 'https://pages.example.com/{Culture:RFC5646}/unified.html';
      await ask(204, 'PATCH', layout, { pageUri, version: '2.1.2' });
      const custom = await ask(200, 'GET', layout);
      assert.deepEqual([custom.pageUri, custom.isCustomPageUri, custom.version], [pageUri, true, '2.1.2']);
      await ask(204, 'POST', `${layout}/restoreDefaultPageUri`);
      assert.equal((await ask(200, 'GET', layout)).pageUri, null);
      await ask(405, 'DELETE', layout);
      await ask(405, 'POST', `${susi}/pageLayouts`, { id: 'x' });
    });
  });
}
