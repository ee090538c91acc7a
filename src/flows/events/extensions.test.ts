import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Caller } from '../../kernel/index.ts';
import { entities, graphAppId, graphPermissions } from '../../model/index.ts';
import { type House, openHouse, seed } from '../testing/harness.ts';

const admin: Caller = { kind: 'app', appId: '44444444-4444-4444-8444-444444444444', roles: [] };
const { customAuthenticationExtension: base, onTokenIssuanceStartCustomExtension: type } = entities;
const appId = 'a13d0fc1-04ab-4ede-b215-63de0174cbb4';

type Json = Readonly<Record<string, unknown>>;

const endpoint = (targetUrl: string) => ({ '@odata.type': '#microsoft.graph.httpRequestEndpoint', targetUrl });
const token = (resourceId: string) => ({ '@odata.type': '#microsoft.graph.azureAdTokenAuthentication', resourceId });
const draft = {
  displayName: 'onTokenIssuanceStartCustomExtension',
  description: 'Fetch additional claims from custom user store',
  endpointConfiguration: endpoint('https://authenticationeventsAPI.contoso.com'),
  authenticationConfiguration: token(`api://authenticationeventsAPI.contoso.com/${appId}`),
  clientConfiguration: { timeoutInMilliseconds: 2000, maximumRetries: 1 },
  claimsForTokenConfiguration: [{ claimIdInApiResponse: 'DateOfBirth' }, { claimIdInApiResponse: 'CustomRoles' }],
};

const allErrors = [
  {
    code: 'IncorrectResourceIdFormat',
    message: "ResourceId should be in the format of 'api://{fully qualified domain name}/{appid}'",
  },
  {
    code: 'DomainNameDoesNotMatch',
    message: 'The fully qualified domain name in resourceId should match that of the targetUrl',
  },
  {
    code: 'ServicePrincipalNotFound',
    message: 'The appId of the resourceId should correspond to a real service principal in the tenant',
  },
];
const warnings = [
  {
    code: 'PermissionNotGrantedToServicePrincipal',
    message:
      'The permission CustomAuthenticationExtensions.Receive.Payload is not granted to the service principal of the resource app',
  },
];

describe('a custom authentication extension', () => {
  let house: House;
  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());

  const create = (change: Json = {}) => house.directory.create(admin, type, { ...draft, ...change });
  const patch = (id: string, change: Json) => house.directory.update(admin, { type: base, id }, change);

  test('is stored as it was sent', async () => {
    const { entity } = await create();
    const { '@odata.type': kind, ...values } = entity.authenticationConfiguration;
    assert.deepEqual(
      [kind, values],
      ['azureAdTokenAuthentication', { resourceId: draft.authenticationConfiguration.resourceId }],
    );
    assert.deepEqual(entity.clientConfiguration, draft.clientConfiguration);
    assert.deepEqual(entity.claimsForTokenConfiguration, draft.claimsForTokenConfiguration);
    assert.equal(entity.behaviorOnError, null);
  });

  test('needs its type and its authentication, and no more', async () => {
    await assert.rejects(house.directory.create(admin, base, draft), { code: 'model.abstractType', status: 400 });
    await assert.rejects(create({ authenticationConfiguration: undefined }), { code: 'model.requiredProperty' });
    const { entity } = await house.directory.create(admin, entities.onOtpSendCustomExtension, {
      authenticationConfiguration: { '@odata.type': 'microsoft.graph.azureAdPopTokenAuthentication' },
    });
    assert.deepEqual(
      [entity.endpointConfiguration, entity.clientConfiguration, entity.displayName],
      [null, null, null],
    );
  });

  test('accepts what should happen on an error, which says nothing', async () => {
    const behaviorOnError = { '@odata.type': 'microsoft.graph.customExtensionBehaviorOnError' };
    const { entity } = await create({ behaviorOnError });
    assert.equal(entity.behaviorOnError, null);
    assert.equal((await patch(entity.id, { behaviorOnError: {} })).entity.behaviorOnError, null);
  });

  test('waits from 200 to 2000 milliseconds and tries at most twice', async () => {
    const waiting = async (clientConfiguration: Json) =>
      (await create({ clientConfiguration })).entity.clientConfiguration;
    assert.deepEqual(await waiting({}), { timeoutInMilliseconds: 1000, maximumRetries: null });
    assert.deepEqual(await waiting({ timeoutInMilliseconds: 200, maximumRetries: 0 }), {
      timeoutInMilliseconds: 200,
      maximumRetries: 0,
    });
    assert.deepEqual(await waiting({ timeoutInMilliseconds: null }), {
      timeoutInMilliseconds: null,
      maximumRetries: null,
    });
    for (const wrong of [
      { timeoutInMilliseconds: 199 },
      { timeoutInMilliseconds: 2001 },
      { timeoutInMilliseconds: '1000' },
      { maximumRetries: 2 },
      { maximumRetries: -1 },
    ]) {
      await assert.rejects(waiting(wrong), { code: 'model.invalidValue', status: 400 }, JSON.stringify(wrong));
    }
  });

  test('is called over https', async () => {
    const refused = { code: 'flows.badExtensionUrl', status: 400 };
    await assert.rejects(create({ endpointConfiguration: endpoint('http://api.contoso.com') }), refused);
    const { entity } = await create({ endpointConfiguration: endpoint('http://localhost:7071/api') });
    await assert.rejects(patch(entity.id, { endpointConfiguration: endpoint('https://u:p@api.contoso.com') }), refused);
    const moved = await patch(entity.id, { endpointConfiguration: endpoint('https://api.contoso.com/v2') });
    assert.equal(moved.entity.endpointConfiguration?.targetUrl, 'https://api.contoso.com/v2');
  });

  const validate = (parameters: Json) =>
    house.directory.invoke(admin, { type: base }, 'validateAuthenticationConfiguration', parameters);

  test('is validated before it is stored, against the applications of the tenant', async () => {
    const resourceId = `api://api.contoso.com/${appId}`;
    const configuration = (targetUrl: string, id = resourceId) => ({
      endpointConfiguration: endpoint(targetUrl),
      authenticationConfiguration: token(id),
    });
    const [, domain, application] = allErrors;
    assert.deepEqual(await validate(configuration('https://australia.contoso.com/users')), {
      errors: [domain, application],
      warnings,
    });
    const created = await house.directory.create(seed, entities.application, { appId, displayName: 'API' });
    assert.deepEqual(await validate(configuration('https://API.contoso.com:8443/users')), { errors: [], warnings });
    const access = { id: graphPermissions['CustomAuthenticationExtension.Receive.Payload'], type: 'Role' };
    await house.directory.update(
      seed,
      { type: entities.application, id: created.entity.id },
      {
        requiredResourceAccess: [{ resourceAppId: graphAppId, resourceAccess: [access] }],
      },
    );
    assert.deepEqual(await validate(configuration('https://api.contoso.com', resourceId.toUpperCase())), {
      errors: [],
      warnings: [],
    });
    for (const wrong of [
      'x',
      `api://contoso/${appId}`,
      'api://api.contoso.com/app',
      `https://api.contoso.com/${appId}`,
    ]) {
      assert.deepEqual(await validate(configuration('https://api.contoso.com', wrong)), {
        errors: allErrors,
        warnings,
      });
    }
  });

  test('is validated as it is stored', async () => {
    const { entity } = await create({ authenticationConfiguration: token('wrong') });
    const target = { type: base, id: entity.id };
    const validated = await house.directory.invoke(admin, target, 'validateAuthenticationConfiguration', {});
    assert.deepEqual(validated, { errors: allErrors, warnings });
  });

  test('has nothing to validate when it names no application', async () => {
    const authenticationConfiguration = { '@odata.type': 'azureAdPopTokenAuthentication' };
    assert.deepEqual(await validate({ authenticationConfiguration }), { errors: [], warnings: [] });
    await assert.rejects(validate({}), { code: 'model.requiredProperty' });
  });

  test('stays while a listener or a flow calls it', async () => {
    const { entity } = await create();
    const handler = { '@odata.type': 'onTokenIssuanceStartCustomExtensionHandler' };
    const listener = await house.directory.create(
      admin,
      entities.onTokenIssuanceStartListener,
      { handler },
      { links: { 'handler/customExtension': [entity.id] } },
    );
    const remove = () => house.directory.remove(admin, { type: base, id: entity.id });
    await assert.rejects(remove(), { code: 'flows.extensionInUse', status: 409 });
    await house.directory.remove(admin, { type: entities.authenticationEventListener, id: listener.entity.id });
    await remove();
  });
});

test('a tenant has at most 100 custom authentication extensions, of whatever type', async () => {
  const house = await openHouse();
  try {
    for (let count = 0; count < 100; count += 1) {
      await house.directory.create(admin, count % 2 ? type : entities.onPasswordSubmitCustomExtension, {
        authenticationConfiguration: draft.authenticationConfiguration,
      });
    }
    await assert.rejects(house.directory.create(admin, type, draft), { code: 'flows.tooManyExtensions', status: 400 });
  } finally {
    await house.close();
  }
});
