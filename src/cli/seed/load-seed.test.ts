import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createDirectory, createSecretBox, type Directory } from '../../directory/index.ts';
import { flowBehaviours } from '../../flows/index.ts';
import { createHasher, identityBehaviours } from '../../identity/index.ts';
import { digest, type Fault, type Observation, systemClock } from '../../kernel/index.ts';
import { allTypes, type EntityType, entities, graphPermissions } from '../../model/index.ts';
import { createWords } from '../../pages/index.ts';
import { openDatabase } from '../../store/index.ts';
import { contoso, defaultSeed } from './default-seed.ts';
import { applySeed } from './load-seed.ts';
import { readSeed } from './read-seed.ts';
import { allowTryPage } from './try-redirect.ts';

async function open(context: TestContext) {
  const changes: Observation[] = [];
  const observe = (observation: Observation): void => {
    if (observation.kind === 'directory.changed') changes.push(observation);
  };
  const database = await openDatabase('memory:', { clock: systemClock, observe, types: allTypes() });
  const hasher = createHasher({ workers: 1, memoryKib: 64, passes: 1 });
  context.after(async () => {
    await hasher.close();
    await database.close();
  });
  const directories = new Map<string, Directory>();
  const box = createSecretBox(randomBytes(32));
  async function directoryOf(tenantId: string): Promise<Directory> {
    const tenant = await database.tenants.find(tenantId);
    assert.ok(tenant);
    const behaviours = [...identityBehaviours({ hasher, rules: 'b2c-strong' }), ...flowBehaviours(createWords())];
    const directory =
      directories.get(tenantId) ??
      createDirectory({ tenant, store: database.tenant(tenantId), behaviours, clock: systemClock, observe, box });
    directories.set(tenantId, directory);
    return directory;
  }
  return { database, directoryOf, changes };
}

async function all(directory: Directory, type: EntityType): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await directory.find({ type, limit: 100 })).items.map(({ entity }) => entity);
}

const seedOf = (content: unknown) => ({ origin: 'seed.yaml', content });

test('the default seed holds what scripts rely on', async (context) => {
  const access = await open(context);
  await applySeed(defaultSeed, access);
  const directory = await access.directoryOf(contoso.tenantId);
  assert.deepEqual(directory.tenant.domains, ['contoso.onmicrosoft.com']);

  const find = async (appId: string) => {
    const filter = { op: 'eq', path: ['appId'], value: appId } as const;
    const [found] = (await directory.find({ type: entities.application, filter, limit: 1 })).items;
    assert.ok(found, appId);
    return found.entity;
  };
  const [spa, web, api, daemon, native] = await Promise.all(
    [contoso.spa, contoso.webApp, contoso.api, contoso.daemon, contoso.native].map(find),
  );
  assert.deepEqual(spa?.spa.redirectUris, ['http://localhost:3000/', 'http://localhost:5173/']);
  assert.deepEqual(web?.web.redirectUris, ['http://localhost:3001/cb']);
  assert.equal(web?.passwordCredentials[0]?.secretHash, digest('usher-dev-secret'));
  assert.equal(daemon?.passwordCredentials[0]?.secretHash, digest('usher-dev-secret'));
  assert.deepEqual(api?.identifierUris, ['https://contoso.onmicrosoft.com/tasks-api']);
  const scopes = api?.api.oauth2PermissionScopes ?? [];
  assert.deepEqual(
    scopes.map(({ value }) => value),
    ['tasks.read', 'tasks.write'],
  );
  assert.deepEqual([native?.publicClient.redirectUris, native?.isFallbackPublicClient], [['http://localhost'], true]);
  for (const client of [spa, web, native]) {
    const [granted] = client?.requiredResourceAccess ?? [];
    assert.equal(granted?.resourceAppId, contoso.api);
    assert.deepEqual(
      granted?.resourceAccess.map(({ id }) => id),
      scopes.map(({ id }) => id),
    );
  }
  const roles = daemon?.requiredResourceAccess[0]?.resourceAccess.map(({ id }) => id);
  assert.deepEqual(roles, Object.values(graphPermissions));

  const flow = { type: entities.b2cIdentityUserFlow, id: contoso.flow };
  const stored = await directory.get(flow);
  assert.deepEqual([stored?.entity.userFlowType, stored?.entity.userFlowTypeVersion], ['signUpOrSignIn', 3]);
  const providers = (await directory.linked([flow], 'userFlowIdentityProviders'))[0] ?? [];
  assert.deepEqual(
    providers.map(({ entity }) => entity.id),
    ['EmailPassword-OAUTH'],
  );
  const within = [{ parent: flow, navigation: 'userAttributeAssignments' }];
  const { items } = await directory.find({ type: entities.identityUserFlowAttributeAssignment, within, limit: 10 });
  assert.deepEqual(
    items.map(({ entity }) => entity.id),
    ['email', 'displayName', 'givenName', 'surname'],
  );

  const flows = (await all(directory, entities.identityUserFlow)).map((one) => [one['id'], one['userFlowType']]);
  assert.deepEqual(flows, [
    ['B2C_1_edit', 'profileUpdate'],
    ['B2C_1_reset', 'passwordReset'],
    ['B2C_1_ropc', 'resourceOwner'],
    ['B2C_1_signin', 'signIn'],
    ['B2C_1_signup', 'signUp'],
    ['B2C_1_susi', 'signUpOrSignIn'],
    ['B2X_1_guests', 'signUpOrSignIn'],
  ]);

  const people = await all(directory, entities.user);
  assert.deepEqual(people.map(({ mail }) => mail).sort(), ['adele@contoso.example', 'admin@contoso.example']);
});

test('providers of every kind come from a seed, and once', async (context) => {
  const access = await open(context);
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' });
  const client = { clientId: 'client', clientSecret: 'secret' };
  const appId = '11111111-1111-4111-8111-111111111111';
  const seed = seedOf({
    tenant: { id: contoso.tenantId, displayName: 'Contoso', domains: [contoso.domain] },
    identityProviders: [
      { '@odata.type': 'microsoft.graph.socialIdentityProvider', identityProviderType: 'Google', ...client },
      {
        '@odata.type': '#microsoft.graph.appleManagedIdentityProvider',
        displayName: 'Apple',
        developerId: 'UBF8T346G9',
        serviceId: 'com.contoso.app',
        keyId: '99P6D879C4',
        certificateData: String(key),
      },
      {
        '@odata.type': 'microsoft.graph.openIdConnectIdentityProvider',
        displayName: 'Fabrikam',
        ...client,
        claimsMapping: { userId: 'sub', displayName: 'name' },
        metadataUrl: 'https://fabrikam.example/.well-known/openid-configuration',
        responseMode: 'form_post',
        responseType: 'code',
        scope: 'openid',
      },
      {
        '@odata.type': 'microsoft.graph.oidcIdentityProvider',
        displayName: 'Woodgrove',
        clientId: 'client',
        issuer: 'https://woodgrove.example',
        responseType: 'code',
        scope: 'openid',
        clientAuthentication: { '@odata.type': 'microsoft.graph.oidcPrivateJwtKeyClientAuthentication' },
      },
    ],
    applications: [
      {
        appId,
        displayName: 'App',
        extensionProperties: [{ name: 'size', dataType: 'Integer', targetObjects: ['User'] }],
      },
    ],
    servicePrincipals: [{ appId }],
    b2cUserFlows: [
      {
        id: 'B2C_1_susi',
        userFlowType: 'signUpOrSignIn',
        userFlowTypeVersion: 3,
        userFlowIdentityProviders: [{ id: 'Apple-Managed-OIDC' }, { displayName: 'Fabrikam' }],
      },
    ],
  });
  await applySeed(seed, access);
  const directory = await access.directoryOf(contoso.tenantId);
  const names = async () => (await all(directory, entities.identityProviderBase)).map((one) => one['displayName']);
  const before = await names();
  for (const name of ['Google', 'Apple', 'Fabrikam', 'Woodgrove']) assert.ok(before.includes(name), name);
  const flow = { type: entities.b2cIdentityUserFlow, id: 'B2C_1_susi' };
  const linked = (await directory.linked([flow], 'userFlowIdentityProviders'))[0] ?? [];
  assert.deepEqual(linked.map(({ type }) => type.name).sort(), [
    'appleManagedIdentityProvider',
    'openIdConnectIdentityProvider',
  ]);
  const principals = await all(directory, entities.servicePrincipal);
  assert.deepEqual(principals.map((one) => one['appDisplayName']).sort(), ['App', 'Microsoft Graph']);
  const written = access.changes.length;
  await applySeed(seed, access);
  assert.deepEqual([await names(), access.changes.length], [before, written]);
});

test('a second run writes nothing, and reverts nobody’s change', async (context) => {
  const access = await open(context);
  await applySeed(defaultSeed, access);
  const directory = await access.directoryOf(contoso.tenantId);
  await allowTryPage(directory, 'https://localhost:8443');
  const by = { kind: 'system', reason: 'test' } as const;
  const adele = (await all(directory, entities.user)).find(({ mail }) => mail === contoso.user);
  await directory.update(by, { type: entities.user, id: String(adele?.['id']) }, { displayName: 'Somebody Else' });
  const before = access.changes.length;
  await applySeed(defaultSeed, access);
  await allowTryPage(directory, 'https://localhost:8443');
  assert.equal(access.changes.length, before);
  assert.ok((await all(directory, entities.user)).some(({ displayName }) => displayName === 'Somebody Else'));
});

test('the try page of this start replaces that of an earlier one', async (context) => {
  const access = await open(context);
  await applySeed(defaultSeed, access);
  const directory = await access.directoryOf(contoso.tenantId);
  await allowTryPage(directory, 'https://localhost:40001');
  await allowTryPage(directory, 'https://localhost:40002');
  const spa = (await directory.get({ type: entities.application, id: '11111111-1111-4111-9111-111111111111' }))?.entity;
  assert.deepEqual(spa?.spa.redirectUris, [
    'http://localhost:3000/',
    'http://localhost:5173/',
    'https://localhost:40002/try/',
  ]);
});

test('a YAML file brings its own tenant with attributes, providers and flows inline', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-seed-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'fabrikam.yaml');
  writeFileSync(
    path,
    `
tenant: { id: 0f5d2b2e-0c65-4e7f-8325-4da6a181ca8b, domains: [fabrikam.example], displayName: Fabrikam }
userFlowAttributes:
  - { displayName: Hobby, dataType: string }
identityProviders:
  - { '@odata.type': '#microsoft.graph.socialIdentityProvider', identityProviderType: Google, displayName: Google, clientId: a, clientSecret: b }
b2cUserFlows:
  - id: signup
    userFlowType: signUp
    userFlowTypeVersion: 1
    identityProviders: [{ id: Google-OAUTH }]
    userAttributeAssignments:
      - { userAttribute: { displayName: Hobby }, displayName: Hobby, isOptional: true, requiresVerification: false, userInputType: textBox }
tenants:
  - { domains: [empty.example] }
`,
  );
  const access = await open(context);
  const seed = await readSeed(path);
  await applySeed(seed, access);
  const before = access.changes.length;
  await applySeed(seed, access);
  assert.equal(access.changes.length, before);
  const tenants = await access.database.tenants.list();
  assert.deepEqual(tenants.map(({ domains }) => domains[0]).sort(), ['empty.example', 'fabrikam.example']);
  const directory = await access.directoryOf('0f5d2b2e-0c65-4e7f-8325-4da6a181ca8b');
  const flow = { type: entities.b2cIdentityUserFlow, id: 'B2C_1_signup' };
  const providers = (await directory.linked([flow], 'identityProviders'))[0] ?? [];
  assert.deepEqual(
    providers.map(({ entity }) => entity.id),
    ['Google-OAUTH'],
  );
  const within = [{ parent: flow, navigation: 'userAttributeAssignments' }];
  const { items } = await directory.find({ type: entities.identityUserFlowAttributeAssignment, within, limit: 10 });
  assert.match(items[0]?.entity.id ?? '', /^extension_[0-9a-f]{32}_Hobby$/);
});

test('a flow comes with its settings, connectors, claims, languages, texts and layouts inline', async (context) => {
  const access = await open(context);
  await applySeed(defaultSeed, access);
  const directory = await access.directoryOf(contoso.tenantId);
  const heading = { ElementType: 'UxElement', ElementId: null, StringId: 'heading', Override: true, Value: 'Servus' };
  const content = {
    apiConnectors: [
      {
        displayName: 'Check',
        targetUrl: 'https://api.example.com/check',
        authenticationConfiguration: {
          '@odata.type': '#microsoft.graph.basicAuthentication',
          username: 'a',
          password: 'b',
        },
      },
    ],
    b2cUserFlows: [
      {
        id: 'whole',
        userFlowType: 'signUpOrSignIn',
        userFlowTypeVersion: 3,
        isLanguageCustomizationEnabled: true,
        defaultLanguageTag: 'de-AT',
        tokenLifetimeConfiguration: { accessAndIdTokenLifetimeInMinutes: 5 },
        settings: { layoutTemplate: 'classic' },
        apiConnectorConfiguration: { postAttributeCollection: { displayName: 'Check' } },
        applicationClaims: [{ id: 'city' }],
        languages: [
          { id: 'de-AT', overridesPages: [{ id: 'signuporsignin', LocalizedStrings: [heading] }] },
          { id: 'de' },
        ],
        pageLayouts: [{ id: 'error', pageUri: 'https://pages.example.com/error.html' }],
      },
    ],
    b2xUserFlows: [{ id: 'partner', userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 1 }],
  };
  await applySeed(seedOf(content), access);
  const before = access.changes.length;
  await applySeed(seedOf(content), access);
  assert.equal(access.changes.length, before);

  const flow = { type: entities.b2cIdentityUserFlow, id: 'B2C_1_whole' };
  const { entity } = (await directory.get(flow)) ?? assert.fail('created');
  assert.equal(entity.tokenLifetimeConfiguration.accessAndIdTokenLifetimeInMinutes, 5);
  assert.deepEqual([entity.settings.layoutTemplate, entity.apiConnectorConfiguration], ['classic', {}]);
  const namesAt = async (navigation: string) =>
    ((await directory.linked([flow], navigation))[0] ?? []).map((one) => one.entity['displayName' as 'id']);
  assert.deepEqual(await namesAt('apiConnectorConfiguration/postAttributeCollection'), ['Check']);
  assert.deepEqual(await namesAt('applicationClaims'), ['City']);
  const language = {
    type: entities.userFlowLanguageConfiguration,
    id: 'de-AT',
    within: { parent: flow, navigation: 'languages' },
  };
  const page = await directory.get({
    type: entities.userFlowLanguagePage,
    id: 'signuporsignin',
    within: { parent: language, navigation: 'overridesPages' },
  });
  assert.deepEqual(JSON.parse(page?.entity.content ?? ''), { LocalizedStrings: [heading] });
  const within = { parent: flow, navigation: 'pageLayouts' };
  const layout = await directory.get({ type: entities.userFlowPageLayout, id: 'error', within });
  assert.equal(layout?.entity.isCustomPageUri, true);
  assert.ok(await directory.get({ type: entities.b2xIdentityUserFlow, id: 'B2X_1_partner' }));
});

test('authentication events of both generations come with what they refer to inline', async (context) => {
  const access = await open(context);
  await applySeed(defaultSeed, access);
  const directory = await access.directoryOf(contoso.tenantId);
  const [listener, later] = ['2adb5c12-5c12-4adb-925c-db2a125cdb2a', '990d94e5-cc8f-4c4b-97b4-27e2678aac28'];
  const content = {
    authenticationEvents: [
      {
        '@odata.type': '#Microsoft.Cpim.Api.DataModels.invokeUserFlowAction',
        id: listener,
        priority: 101,
        sourceFilter: { includeApplications: [contoso.spa] },
        userFlow: { id: 'B2X_1_guests' },
      },
    ],
    customAuthenticationExtensions: [
      {
        '@odata.type': '#microsoft.graph.onTokenIssuanceStartCustomExtension',
        displayName: 'More claims',
        authenticationConfiguration: { '@odata.type': '#microsoft.graph.azureAdPopTokenAuthentication' },
      },
    ],
    authenticationEventsFlows: [
      {
        '@odata.type': '#microsoft.graph.externalUsersSelfServiceSignUpEventsFlow',
        displayName: 'Customers',
        conditions: { applications: { includeApplications: [{ appId: contoso.spa }] } },
        onAuthenticationMethodLoadStart: {
          '@odata.type': '#microsoft.graph.onAuthenticationMethodLoadStartExternalUsersSelfServiceSignUp',
          identityProviders: [{ id: 'EmailPassword-OAUTH' }],
        },
      },
    ],
    authenticationEventListeners: [
      {
        '@odata.type': '#microsoft.graph.onTokenIssuanceStartListener',
        id: later,
        handler: {
          '@odata.type': '#microsoft.graph.onTokenIssuanceStartCustomExtensionHandler',
          customExtension: { displayName: 'More claims' },
        },
      },
    ],
  };
  await applySeed(seedOf(content), access);
  const before = access.changes.length;
  await applySeed(seedOf(content), access);
  assert.equal(access.changes.length, before);

  const linkedTo = async (type: EntityType, id: string, navigation: string) =>
    [...(await directory.linked([{ type, id }], navigation)).values()].flat().map(({ entity }) => entity);
  const [flow] = await linkedTo(entities.invokeUserFlowListener, listener, 'userFlow');
  assert.equal(flow?.id, 'B2X_1_guests');
  const [extension] = await linkedTo(entities.onTokenIssuanceStartListener, later, 'handler/customExtension');
  assert.equal(extension?.['displayName' as 'id'], 'More claims');
  const [events] = (await directory.find({ type: entities.authenticationEventsFlow, limit: 2 })).items;
  const navigation = 'onAuthenticationMethodLoadStart/identityProviders';
  const providers = await linkedTo(
    events?.type ?? entities.authenticationEventsFlow,
    events?.entity.id ?? '',
    navigation,
  );
  assert.deepEqual(
    providers.map(({ id }) => id),
    ['EmailPassword-OAUTH'],
  );
});

test('what a seed gets wrong is named with file and place', async (context) => {
  const access = await open(context);
  await applySeed(defaultSeed, access);
  const user = { userPrincipalName: 'a@contoso.onmicrosoft.com' };
  const cases: readonly [unknown, RegExp][] = [
    [[], /seed\.yaml is wrong at '': an object/],
    [{ user: [] }, /wrong at 'user': .*Did you mean 'users'/],
    [{ users: {} }, /wrong at 'users': a list/],
    [{ users: ['x'] }, /wrong at 'users\[0\]': an object/],
    [{ users: [{ displayName: 'x' }] }, /wrong at 'users\[0\]': one of id, userPrincipalName, identities/],
    [{ users: [user] }, /wrong at 'users\[0\]': /],
    [
      { applications: [{ appId: contoso.spa.replace('1', '9'), displayNam: 'x' }] },
      /at 'applications\[0\]\.displayNam': /,
    ],
    [{ tenant: { domains: ['x'] } }, /at 'tenant\.domains': /],
    [{ tenant: { id: '1', domains: ['x.example'] } }, /at 'tenant\.id': /],
    [{ tenant: { ids: '1' } }, /at 'tenant\.ids': .*Did you mean 'id'/],
    [
      {
        b2cUserFlows: [
          { id: 'x', userFlowType: 'signUp', userFlowTypeVersion: 1, identityProviders: [{ displayName: 'Nobody' }] },
        ],
      },
      /at 'b2cUserFlows\[0\]\.identityProviders\[0\]': there is no .*'Nobody'/,
    ],
    [
      {
        b2xUserFlows: [
          {
            id: 'x',
            userFlowType: 'signUpOrSignIn',
            userFlowTypeVersion: 1,
            apiConnectorConfiguration: { postFederationSignup: { displayName: 'Nobody' } },
          },
        ],
      },
      /at 'b2xUserFlows\[0\]\.apiConnectorConfiguration\.postFederationSignup\[0\]': there is no/,
    ],
  ];
  const before = access.changes.length;
  for (const [content, message] of cases) {
    await assert.rejects(applySeed(seedOf(content), access), (error: Fault) => {
      assert.equal(error.code, 'cli.badSeed');
      assert.match(error.message, message);
      return true;
    });
  }
  assert.equal(access.changes.length, before);
});

test('a file that is not there or not YAML is refused', async () => {
  await assert.rejects(readSeed('/nowhere/seed.yaml'), { code: 'cli.unreadableSeed', status: 78 });
  await assert.rejects(readSeed('/nowhere/seed.json'), { code: 'cli.unreadableSeed' });
});

test('what is wrong with a file is told in one whole sentence', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'usher-seed-'));
  context.after(() => rmSync(folder, { recursive: true }));
  for (const [name, text, said] of [
    ['seed.yaml', 'tenants:\n  - id: a\n  b: c\n', /cannot be read: [A-Z][^\n]* at line 3, column 1\.$/],
    ['seed.json', '{"tenants": [', /cannot be read: [A-Z][^\n]*[^.:]\.$/],
  ] as const) {
    const path = join(folder, name);
    writeFileSync(path, text);
    await assert.rejects(readSeed(path), { code: 'cli.unreadableSeed', message: said });
  }
});
