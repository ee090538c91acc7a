import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Caller } from '../../kernel/index.ts';
import { entities } from '../../model/index.ts';
import { type House, openHouse } from '../testing/harness.ts';

const admin: Caller = { kind: 'app', appId: '44444444-4444-4444-8444-444444444444', roles: [] };
const { authenticationEventListener: base } = entities;
const appId = 'a13d0fc1-04ab-4ede-b215-63de0174cbb4';

type Json = Readonly<Record<string, unknown>>;
type Links = Readonly<Record<string, readonly string[]>>;

const named = (name: string, members: Json = {}): Json => ({ '@odata.type': `#microsoft.graph.${name}`, ...members });
const includeApplications = [{ appId }];

/** Each type of listener with a handler that it takes. */
const handlers: Readonly<Record<string, Json>> = {
  onTokenIssuanceStartListener: named('onTokenIssuanceStartCustomExtensionHandler'),
  onInteractiveAuthFlowStartListener: named('onInteractiveAuthFlowStartExternalUsersSelfServiceSignUp'),
  onAuthenticationMethodLoadStartListener: named('onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp'),
  onAttributeCollectionListener: named('onAttributeCollectionExternalUsersSelfServiceSignUp'),
  onAttributeCollectionStartListener: named('onAttributeCollectionStartCustomExtensionHandler'),
  onAttributeCollectionSubmitListener: named('onAttributeCollectionSubmitCustomExtensionHandler'),
  onUserCreateStartListener: named('onUserCreateStartExternalUsersSelfServiceSignUp'),
  onEmailOtpSendListener: named('onOtpSendCustomExtensionHandler'),
  onPasswordSubmitListener: named('onPasswordMigrationCustomExtensionHandler', { migrationPropertyId: 'extension_x' }),
  onFraudProtectionLoadStartListener: named('onFraudProtectionLoadStartExternalUsersAuthHandler'),
  onVerifiedIdClaimValidationListener: named('onVerifiedIdClaimValidationCustomExtensionHandler'),
};

const typeOf = (name: string) => Object.values(entities).find((type) => type.name === name) ?? assert.fail(name);

describe('a listener of the second generation', () => {
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());

  const create = async (name: string, change: Json = {}, links: Links = {}) =>
    (await house.directory.create(admin, typeOf(name), { handler: handlers[name], ...change }, { links }))
      .entity as unknown as Json & { readonly id: string };
  const linked = async (name: string, id: string, navigation: string) =>
    [...(await house.directory.linked([{ type: typeOf(name), id }], navigation)).values()]
      .flat()
      .map(({ entity }) => entity.id);

  for (const [name, handler] of Object.entries(handlers)) {
    test(`is one type an event: ${name}`, async () => {
      const links =
        name === 'onAuthenticationMethodLoadStartListener'
          ? { 'handler/identityProviders': ['EmailPassword-OAUTH'] }
          : {};
      const entity = await create(
        name,
        { displayName: name, conditions: { applications: { includeApplications } } },
        links,
      );
      assert.equal(
        (entity['handler'] as Json)['@odata.type'],
        String(handler['@odata.type']).replace('#microsoft.graph.', ''),
      );
      assert.deepEqual(entity['conditions'], { applications: { includeAllApplications: false, includeApplications } });
      assert.deepEqual([entity['priority'], entity['authenticationEventsFlowId']], [500, null]);
      const stored = await house.directory.get({ type: base, id: entity.id });
      assert.equal(stored?.type.name, name);
      const other = Object.values(handlers).find((one) => one['@odata.type'] !== handler['@odata.type']);
      await assert.rejects(create(name, { handler: other }), { code: 'model.invalidValue', status: 400 });
      await assert.rejects(create(name, { handler: undefined }), { code: 'model.requiredProperty', status: 400 });
    });
  }

  test('has a priority from 0 to 1000', async () => {
    const name = 'onUserCreateStartListener';
    assert.equal((await create(name, { priority: 0 }))['priority'], 0);
    assert.equal((await create(name, { priority: 1000 }))['priority'], 1000);
    for (const priority of [-1, 1001, '500', null]) {
      await assert.rejects(create(name, { priority }), { status: 400 }, String(priority));
    }
  });

  test('calls an extension of its own event', async () => {
    const authenticationConfiguration = named('azureAdPopTokenAuthentication');
    const extension = async (type: typeof entities.onOtpSendCustomExtension) =>
      (await house.directory.create(admin, type, { authenticationConfiguration })).entity.id;
    const [otp, submit] = [
      await extension(entities.onOtpSendCustomExtension),
      await extension(entities.onPasswordSubmitCustomExtension),
    ];
    const name = 'onEmailOtpSendListener';
    const { id } = await create(name, {}, { 'handler/customExtension': [otp] });
    assert.deepEqual(await linked(name, id, 'handler/customExtension'), [otp]);
    await assert.rejects(create(name, {}, { 'handler/customExtension': [submit] }), { code: 'directory.wrongTarget' });
    await assert.rejects(create(name, {}, { 'handler/customExtension': ['nobody'] }), { status: 404 });
  });

  test('does not answer for every application when tokens are issued', async () => {
    const everybody = { conditions: { applications: { includeAllApplications: true } } };
    await create('onUserCreateStartListener', everybody);
    const refused = { code: 'flows.allApplications', status: 400 };
    await assert.rejects(create('onTokenIssuanceStartListener', everybody), refused);
    const { id } = await create('onTokenIssuanceStartListener');
    await assert.rejects(house.directory.update(admin, { type: base, id }, everybody), refused);
  });

  test('has somebody to sign in with, and a page of what it collects', async () => {
    await assert.rejects(create('onAuthenticationMethodLoadStartListener'), { code: 'flows.providerMissing' });
    const page = (...attributes: readonly string[]) => {
      const inputs = attributes.map((attribute) => ({ attribute, label: attribute, inputType: 'text' }));
      const { '@odata.type': type } = handlers['onAttributeCollectionListener'] ?? {};
      return { handler: { '@odata.type': type, attributeCollectionPage: { views: [{ inputs }] } } };
    };
    const name = 'onAttributeCollectionListener';
    const links = { 'handler/attributes': ['city', 'country'] };
    await assert.rejects(create(name, page('email'), links), { code: 'flows.unassignedInput' });
    const { id } = await create(name, page('city'), links);
    assert.deepEqual(await linked(name, id, 'handler/attributes'), ['city', 'country']);
    await house.directory.update(admin, { type: base, id }, page('country'));
    assert.deepEqual(await linked(name, id, 'handler/attributes'), ['country']);
  });

  test('belongs to an events flow that there is, or to none', async () => {
    const name = 'onUserCreateStartListener';
    await assert.rejects(create(name, { authenticationEventsFlowId: 'nobody' }), {
      code: 'flows.unknownEventsFlow',
      status: 400,
    });
    const flow = { displayName: 'Flow' };
    const { entity } = await house.directory.create(admin, entities.externalUsersSelfServiceSignUpEventsFlow, flow);
    const { id, ...listener } = await create(name, { authenticationEventsFlowId: entity.id });
    assert.equal(listener['authenticationEventsFlowId'], entity.id);
    const patch = { authenticationEventsFlowId: null, conditions: null };
    const { entity: cleared } = await house.directory.update(admin, { type: base, id }, patch);
    assert.equal(cleared.authenticationEventsFlowId, null);
    assert.deepEqual(cleared.conditions, { applications: { includeAllApplications: false, includeApplications: [] } });
  });

  test('shares its applications with other listeners, each named once', async () => {
    const name = 'onUserCreateStartListener';
    const conditions = { applications: { includeApplications: [{ appId }, { appId: appId.toUpperCase() }] } };
    for (let count = 0; count < 2; count += 1) {
      const entity = await create(name, { conditions });
      assert.deepEqual(entity['conditions'], { applications: { includeAllApplications: false, includeApplications } });
    }
  });

  test('cannot be of no kind', async () => {
    await assert.rejects(create('authenticationEventListener'), { code: 'model.abstractType', status: 400 });
  });
});

test('a tenant has at most 250 listeners of the second generation', async () => {
  const house = await openHouse();
  try {
    const create = () => {
      const handler = handlers['onUserCreateStartListener'];
      return house.directory.create(admin, entities.onUserCreateStartListener, { handler });
    };
    for (let count = 0; count < 250; count += 1) await create();
    await assert.rejects(create(), { code: 'flows.tooManyListeners', status: 400 });
  } finally {
    await house.close();
  }
});
