import assert from 'node:assert/strict';
import { after, before, describe, mock, test } from 'node:test';
import { isUuid, system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { type Answer, type Body, eventual, openWorld, origin, seed, tenants, type World } from './testing/harness.ts';

const flows = '/beta/identity/b2cUserFlows';
const providers = '/v1.0/identity/identityProviders';
const newFlow = (id: string) => ({ id, userFlowType: 'signUpOrSignIn', userFlowTypeVersion: 3 });
const idsOf = ({ body }: Answer): readonly string[] => body.value.map(({ id }: Body) => id);
const jsonType = 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8';

function assertError(answer: Answer, status: number, code: string, message?: string | RegExp): void {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  const { error } = answer.body;
  assert.equal(error.code, code);
  if (typeof message === 'string') assert.equal(error.message, message);
  if (message instanceof RegExp) assert.match(error.message, message);
  assert.equal(error.innerError['request-id'], answer.headers['request-id']);
  assert.equal(error.innerError['client-request-id'], answer.headers['client-request-id']);
  assert.match(error.innerError.date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  assert.equal(answer.headers['content-type'], jsonType);
}

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

    test('$expand reads each relationship once, however many entities there are', async () => {
      const directory = world.directory(tenants[0]);
      for (const name of ['E1', 'E2', 'E3']) await world.send('POST', flows, { body: newFlow(name) });
      const linked = mock.method(directory, 'linked');
      const find = mock.method(directory, 'find');
      const answer = await world.get(
        `${flows}?$expand=userFlowIdentityProviders($select=id),userAttributeAssignments&$orderby=id`,
      );
      assert.ok(answer.body.value.length > 3);
      assert.equal(linked.mock.callCount(), 1);
      assert.equal(find.mock.callCount(), 2);
      mock.restoreAll();
      const susi = answer.body.value.find(({ id }: Body) => id === 'B2C_1_susi');
      assert.deepEqual(susi.userFlowIdentityProviders, [
        { '@odata.type': '#microsoft.graph.socialIdentityProvider', id: 'Google-OAUTH' },
        { '@odata.type': '#microsoft.graph.builtInIdentityProvider', id: 'EmailPassword-OAUTH' },
      ]);
      assert.deepEqual(
        susi.userAttributeAssignments.map(({ id }: Body) => id),
        ['City'],
      );
      const e1 = answer.body.value.find(({ id }: Body) => id === 'B2C_1_E1');
      assert.deepEqual([e1.userFlowIdentityProviders, e1.userAttributeAssignments], [[], []]);
    });

    test('pages follow each other by signed links that keep every option', async () => {
      const make = (n: number) =>
        world.send('POST', '/v1.0/users', {
          body: { displayName: `Page ${n}`, userPrincipalName: `p${n}@x.example`, surname: n % 2 ? 'odd' : 'even' },
        });
      for (let n = 1; n <= 7; n += 1) assert.equal((await make(n)).status, 201);
      const first =
        "/v1.0/users?$filter=startswith(displayName,'Page')&$orderby=surname desc,displayName&$top=3&$select=displayName&$count=true&x=y";
      const seen: string[] = [];
      let url: string | undefined = first;
      let pages = 0;
      while (url) {
        const page: Answer = await world.get(url, eventual);
        assert.equal(page.status, 200, JSON.stringify(page.body));
        assert.equal(page.body['@odata.count'], pages === 0 ? 7 : undefined);
        seen.push(...page.body.value.map(({ displayName }: Body) => displayName));
        const next: string | undefined = page.body['@odata.nextLink'];
        if (next)
          assert.ok(next.startsWith(`${origin}/v1.0/users?`) && next.includes('$top=3') && next.includes('x=y'));
        url = next;
        pages += 1;
      }
      assert.equal(pages, 3);
      assert.deepEqual(
        seen,
        [1, 3, 5, 7, 2, 4, 6].map((n) => `Page ${n}`),
      );
    });

    test('a page link is good for its own path, query and tenant only, and only as it was made', async () => {
      const page = await world.get('/v1.0/users?$top=1');
      const next = new URL(page.body['@odata.nextLink']);
      const token = next.searchParams.get('$skiptoken') ?? '';
      assert.equal((await world.get(next.pathname + next.search)).status, 200);
      const [payload = '', signature = ''] = token.split('.');
      const forged = Buffer.from(JSON.stringify([1, "x' OR 1=1 --"])).toString('base64url');
      const bad: readonly (readonly [string, string?])[] = [
        [`/v1.0/users?$top=2&$skiptoken=${token}`],
        [`/v1.0/users?$skiptoken=${token}`],
        [`/v1.0/users?$top=1&$orderby=displayName&$skiptoken=${token}`],
        [`/v1.0/users?$top=1&$filter=accountEnabled&$skiptoken=${token}`],
        [`/v1.0/applications?$top=1&$skiptoken=${token}`],
        [`/beta/users?$top=1&$skiptoken=${token}`],
        [`/v1.0/users?$top=1&$skiptoken=${token}`, 'other'],
        [`/v1.0/users?$top=1&$skiptoken=${forged}.${signature}`],
        [`/v1.0/users?$top=1&$skiptoken=${payload}`],
        [`/v1.0/users?$top=1&$skiptoken=${payload}.`],
        [`/v1.0/users?$top=1&$skiptoken=${token}x`],
        [`/v1.0/users?$top=1&$skiptoken=.${signature}`],
        ['/v1.0/users?$top=1&$skiptoken='],
      ];
      for (const [path, as = 'all'] of bad) {
        assertError(await world.get(path, { as }), 400, 'BadRequest', 'The page token is not valid for this request.');
      }
    });

    test('users are found by id, by user principal name, by identity and by what is indexed', async () => {
      const made = await world.send('POST', '/v1.0/users', {
        body: {
          displayName: "Miles O'Brien",
          userPrincipalName: 'miles+1@Contoso.example',
          city: 'Utrecht',
          userType: 'guest',
          identities: [{ signInType: 'emailAddress', issuer: 'contoso.example', issuerAssignedId: 'miles@b.example' }],
          passwordProfile: { password: 'Never-shown-1' },
          extension_0_loyalty: '7',
        },
      });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      const { id } = made.body;
      assert.deepEqual(made.body.identities.length, 1);
      assert.equal(made.body.city, 'Utrecht');
      for (const key of [id.toUpperCase(), 'MILES+1@contoso.example', 'miles%2B1@contoso.example']) {
        const read = await world.get(`/v1.0/users/${key}`);
        assert.equal(read.body.id, id, key);
        assert.equal('city' in read.body || 'extension_0_loyalty' in read.body, false);
      }
      assert.equal((await world.get("/v1.0/users(userPrincipalName='miles+1@contoso.example')")).body.id, id);
      const chosen = await world.get(`/beta/users/${id}?select=city,extension_0_loyalty,USERTYPE`);
      assert.deepEqual(chosen.body, {
        '@odata.context': `${origin}/beta/$metadata#users(city,extension_0_loyalty,userType)/$entity`,
        city: 'Utrecht',
        extension_0_loyalty: '7',
        userType: 'guest',
      });
      const filters = [
        "displayName eq 'miles o''brien'",
        "identities/any(i:i/issuer eq 'CONTOSO.example' and i/issuerAssignedId eq 'Miles@b.example')",
        "userType eq 'Guest'",
        `id in ('${id}','x')`,
        "startswith(displayName,'Miles') and not(accountEnabled eq false)",
      ];
      for (const filter of filters) {
        const found = await world.get(`/v1.0/users?$count=true&$filter=${encodeURIComponent(filter)}`, eventual);
        assert.deepEqual(idsOf(found), [id], filter);
      }
      assert.equal((await world.get(`/v1.0/users/$count?$filter=id eq '${id}'`, eventual)).body, '1');
      assert.equal((await world.get('/v1.0/users/$count', eventual)).headers['content-type'], 'text/plain');
      assert.equal(
        (await world.send('PATCH', '/v1.0/users/miles%2B1@contoso.example', { body: { city: null } })).status,
        204,
      );
      assert.equal((await world.send('DELETE', '/v1.0/users/miles+1@contoso.example')).status, 204);
    });

    test('an application is found by its client id', async () => {
      const made = await world.send('POST', '/v1.0/applications', { body: { displayName: 'Shop' } });
      const path = `/v1.0/applications(appId='${made.body.appId.toUpperCase()}')`;
      assert.equal((await world.get(path)).body.id, made.body.id);
      const changed = await world.send('PATCH', path, { body: { web: { redirectUris: ['https://a.example/'] } } });
      assert.equal(changed.status, 204);
      const { web } = (await world.get(path)).body;
      assert.deepEqual(web.redirectUris, ['https://a.example/']);
      assert.deepEqual(web.implicitGrantSettings, { enableIdTokenIssuance: false, enableAccessTokenIssuance: false });
      assert.equal((await world.send('DELETE', path)).status, 204);
      assertError(await world.get(path), 404, 'Request_ResourceNotFound');
    });

    test('one property, its bare value, and null', async () => {
      const at = `${flows}/B2C_1_SUSI`;
      assert.deepEqual((await world.get(`${at}/userFlowType`)).body, {
        '@odata.context': `${origin}/beta/$metadata#identity/b2cUserFlows('B2C_1_susi')/userFlowType`,
        value: 'signUpOrSignIn',
      });
      assert.equal((await world.get(`${at}/userFlowTypeVersion/$value`)).body, '3');
      assert.equal((await world.get(`${at}/tokenClaimsConfiguration`)).body.isIssuerEntityUserFlow, false);
      assert.equal((await world.get(`${providers}/Google-OAUTH/clientSecret`)).body.value, '******');
      const bare = await world.send('POST', '/v1.0/users', { body: { displayName: 'Bare' } });
      assert.equal((await world.get(`/v1.0/users/${bare.body.id}/surname`)).status, 204);
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

describe('Graph answers', () => {
  let world: World;
  before(async () => {
    world = await openWorld('memory');
    await seed(world);
  });
  after(() => world.close());

  test('with the headers of the service', async () => {
    const { headers } = await world.get(flows);
    assert.equal(headers['content-type'], jsonType);
    assert.equal(headers['odata-version'], '4.0');
    assert.equal(headers['cache-control'], 'no-store');
    assert.ok(isUuid(headers['request-id'] ?? ''));
    assert.equal(headers['client-request-id'], headers['request-id']);
    const id = '7e3f6f1c-1f43-4e7e-9a52-0cf7bd4b3a11';
    const echoed = (await world.get(flows, { headers: { 'client-request-id': id } })).headers;
    assert.equal(echoed['client-request-id'], id);
    assert.notEqual(echoed['request-id'], id);
  });

  test('with as many annotations as asked for', async () => {
    const at = `${providers}/Google-OAUTH`;
    const read = (level: string) => world.get(at, { headers: { accept: `application/json;odata.metadata=${level}` } });
    const names = (answer: Answer) => Object.keys(answer.body).filter((name) => name.startsWith('@'));
    assert.deepEqual(names(await read('none')), []);
    assert.deepEqual(names(await read('minimal')), ['@odata.context', '@odata.type']);
    const full = await read('full');
    assert.deepEqual(names(full), ['@odata.context', '@odata.type', '@odata.id', '@odata.editLink']);
    assert.equal(full.body['@odata.id'], `${origin}/v1.0/identity/identityProviders('Google-OAUTH')`);
    assert.match(String(full.headers['content-type']), /odata\.metadata=full/);
    const flow = await world.get(`${flows}/B2C_1_susi?$expand=identityProviders,userAttributeAssignments`, {
      headers: { accept: 'application/json;odata.metadata=full' },
    });
    assert.equal(
      flow.body.userAttributeAssignments[0]['@odata.id'],
      `${origin}/beta/identity/b2cUserFlows('B2C_1_susi')/userAttributeAssignments('City')`,
    );
    assert.equal(flow.body.identityProviders[0]['@odata.id'], `${origin}/beta/identityProviders('Google-OAUTH')`);
    assert.equal(
      flow.body['userAttributeAssignments@odata.navigationLink'],
      `${flow.body['@odata.id']}/userAttributeAssignments`,
    );
    assert.equal(flow.body['userFlowType@odata.type'], '#microsoft.graph.userFlowType');
    assert.equal(flow.body['userFlowTypeVersion@odata.type'], '#Single');
    assert.equal(
      flow.body.tokenClaimsConfiguration['@odata.type'],
      '#microsoft.graph.userFlowTokenClaimsConfiguration',
    );
    const page = await world.get(`${providers}?$top=1&$count=true`, {
      headers: { accept: 'application/json;odata.metadata=none' },
    });
    assert.deepEqual(names(page), ['@odata.count', '@odata.nextLink']);
  });

  test('service document, identity and metadata', async () => {
    const root = await world.get('/v1.0/', { as: null });
    assert.equal(root.body['@odata.context'], `${origin}/v1.0/$metadata`);
    for (const [name, kind] of [
      ['applications', 'EntitySet'],
      ['users', 'EntitySet'],
      ['identity', 'Singleton'],
    ]) {
      assert.deepEqual(
        root.body.value.filter((one: Body) => one.name === name),
        [{ name, kind, url: name }],
      );
    }
    const identity = await world.get('/beta/identity');
    assert.deepEqual(identity.body, { '@odata.context': `${origin}/beta/$metadata#identity/$entity`, id: 'identity' });
    const metadata = await world.get('/BETA/$metadata', { as: null });
    assert.equal(metadata.status, 200);
    assert.equal(metadata.headers['content-type'], 'application/xml;charset=utf-8');
    assert.match(metadata.body, /^<\?xml/);
  });

  test('a provider needs its type, in any documented spelling', async () => {
    const body = { displayName: 'A', identityProviderType: 'Amazon', clientId: 'c', clientSecret: 'hush-hush' };
    const post = (type: unknown) =>
      world.send('POST', providers, { body: type === undefined ? body : { '@odata.type': type, ...body } });
    for (const type of [
      undefined,
      7,
      '#microsoft.graph.identityProviderBase',
      '#microsoft.graph.user',
      'nothing',
      '',
    ]) {
      assertError(await post(type), 400, 'Request_BadRequest', /socialIdentityProvider/);
    }
    const made = await post('#Microsoft.Graph.SocialIdentityProvider');
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.equal(Object.keys(made.body)[1], '@odata.type');
    assert.equal(made.body.clientSecret, '******');
    assertError(await post('microsoft.graph.socialIdentityProvider'), 409, 'Conflict');
    assert.equal(
      (await world.send('PATCH', `${providers}/Amazon-OAUTH`, { body: { clientSecret: 'new' } })).status,
      204,
    );
    const revealed = await world
      .directory(tenants[0])
      .reveal({ type: entities.identityProviderBase, id: 'amazon-oauth' });
    assert.deepEqual(revealed, { clientSecret: 'new' });
  });

  test('a body that cannot be read or does not fit', async () => {
    const post = (body: unknown, headers = {}) => world.send('POST', flows, { body, headers });
    assertError(await post('{"id": '), 400, 'BadRequest');
    assertError(await post('[]'), 400, 'Request_BadRequest');
    assertError(await post('null'), 400, 'Request_BadRequest');
    assertError(await world.send('POST', flows), 400, 'BadRequest', 'Empty Payload. JSON content expected.');
    assertError(await post(`{"id":"${'x'.repeat(100_000)}"}`), 413, 'RequestEntityTooLarge');
    assertError(await post('a=b', { 'content-type': 'text/plain' }), 415, 'UnsupportedMediaType');
    assertError(
      await post({ ...newFlow('a'), colour: 'blue' }),
      400,
      'Request_BadRequest',
      "Invalid property 'colour'",
    );
    assertError(await post({ ...newFlow('a'), passwordHash: 'x' }), 400, 'Request_BadRequest');
    assertError(await post({ ...newFlow('a'), authenticationMethods: 'x' }), 400, 'Request_BadRequest', /must be/);
    for (const userFlowType of ['unknownFutureValue', 'sideways', '', 3]) {
      const answer = await post({ ...newFlow('a'), userFlowType });
      assertError(answer, 400, 'AADB2C90063', "The 'identityUserFlow' field is invalid in request");
      assert.equal(answer.body.error.details[0].target, 'userFlowType');
      assert.match(answer.body.error.details[0].message, /must be one of signUp, .*resourceOwner\.$/);
    }
    assertError(await post({ ...newFlow('a'), identityProviders: {} }), 400, 'Request_BadRequest');
    assertError(await post({ ...newFlow('a'), identityProviders: [{}] }), 400, 'Request_BadRequest');
    assertError(
      await post({ ...newFlow('a'), identityProviders: Array(101).fill({ id: 'x' }) }),
      400,
      'Request_BadRequest',
    );
    assertError(
      await post('{"__proto__":{"id":"x"},"userFlowType":"signIn","userFlowTypeVersion":1}'),
      400,
      'Request_BadRequest',
    );
    assertError(
      await post({ '@odate.type': 'x', userFlowType: 'signIn', userFlowTypeVersion: 1 }),
      400,
      'Request_BadRequest',
      /'id'/,
    );
    const immutable = await world.send('PATCH', `${flows}/B2C_1_susi`, { body: { userFlowType: 'signIn' } });
    assertError(immutable, 400, 'Request_BadRequest', /cannot be changed/);
    assertError(
      await world.send('PATCH', `${flows}/B2C_1_susi`, { body: { id: 'B2C_1_x' } }),
      400,
      'Request_BadRequest',
    );
    const related = { userAttributeAssignments: [] };
    assertError(await world.send('PATCH', `${flows}/B2C_1_susi`, { body: related }), 400, 'Request_BadRequest');
  });

  test('a flow created among those of every kind is of the kind its id begins with, of B2C without a word', async () => {
    const every = '/beta/identity/userFlows';
    for (const [id, type] of [
      ['Plain', undefined],
      ['b2c_1_Prefixed', undefined],
      ['Typed', '#microsoft.graph.b2cIdentityUserFlow'],
      ['Base', '#microsoft.graph.identityUserFlow'],
    ] as const) {
      const typed = type === undefined ? {} : { '@odata.type': type };
      const made = await world.send('POST', every, { body: { ...newFlow(id), ...typed } });
      assert.equal(made.status, 201, JSON.stringify(made.body));
      assert.equal(made.body['@odata.type'], '#microsoft.graph.b2cIdentityUserFlow');
      assert.equal((await world.get(`${flows}/${made.body.id}`)).status, 200);
      assert.equal((await world.get(new URL(String(made.headers['location'])).pathname)).body.id, made.body.id);
    }
    const guest = await world.send('POST', every, { body: newFlow('b2x_1_Guest') });
    assert.equal(guest.body['@odata.type'], '#microsoft.graph.b2xIdentityUserFlow');
    assert.equal((await world.get(`/v1.0/identity/b2xUserFlows/${guest.body.id}`)).status, 200);
    const { id: _, ...nameless } = newFlow('x');
    assertError(await world.send('POST', every, { body: nameless }), 400, 'Request_BadRequest', /'id'/);
    assertError(await world.send('PATCH', `${every}/B2C_1_susi`, { body: {} }), 405, 'Request_BadRequest');
  });

  test('query options that cannot be served', async () => {
    const cases: readonly (readonly [string, string, RegExp])[] = [
      ['/v1.0/users?$top=0', 'Request_UnsupportedQuery', /'0'.*1 and 999/],
      ['/v1.0/users?$top=1000', 'Request_UnsupportedQuery', /'1000'/],
      ['/v1.0/users?$top=ten', 'BadRequest', /whole number/],
      ['/v1.0/users?$count=yes', 'BadRequest', /'true' or 'false'/],
      ['/v1.0/users?$skip=1', 'Request_UnsupportedQuery', /\$skip/],
      ['/v1.0/users?$search="a"', 'Request_UnsupportedQuery', /\$search/],
      ['/v1.0/users?$apply=x', 'BadRequest', /\$apply/],
      ['/v1.0/users?$format=xml', 'BadRequest', /json/],
      ['/v1.0/users?$select=nothing-at-all', 'BadRequest', /nothing-at-all/],
      ['/v1.0/users?$select=passwordHash', 'BadRequest', /passwordHash/],
      ['/v1.0/users?$select=', 'BadRequest', /''/],
      ['/v1.0/users?$orderby=city', 'Request_UnsupportedQuery', /city/],
      ['/v1.0/users?$orderby=passwordHash', 'BadRequest', /passwordHash/],
      ['/v1.0/users?$orderby=displayName up', 'BadRequest', /asc/],
      ['/v1.0/users?$orderby=displayName,DISPLAYNAME desc', 'BadRequest', /twice/],
      ['/v1.0/users?$orderby=identities', 'Request_UnsupportedQuery', /identities/],
      ["/v1.0/users?$filter=displayName eq 'a", 'BadRequest', /position 15/],
      ['/v1.0/users?$expand=manager', 'BadRequest', /manager/],
      [`${flows}?$expand=identityProviders($expand=x)`, 'BadRequest', /'x'/],
      [`${flows}?$expand=identityProviders($select=nothing)`, 'BadRequest', /nothing/],
      [`${flows}?$expand=identityProviders,IDENTITYPROVIDERS`, 'BadRequest', /twice/],
      [`${flows}?$expand=identityProviders(`, 'BadRequest', /parentheses/],
      [`${flows}/B2C_1_susi?$filter=id eq 'x'`, 'Request_UnsupportedQuery', /\$filter/],
      [`${flows}/B2C_1_susi/identityProviders?$filter=x eq 'x'`, 'BadRequest', /'x'/],
    ];
    for (const [path, code, message] of cases) assertError(await world.get(path), 400, code, message);
    assertError(await world.send('DELETE', `${flows}/B2C_1_susi?$filter=id eq 'x'`), 400, 'Request_UnsupportedQuery');
    assert.equal((await world.get(`${flows}/B2C_1_susi`)).status, 200);
  });

  test('405 with what is allowed', async () => {
    const answer = await world.send('PUT', flows, { body: {} });
    assertError(answer, 405, 'Request_BadRequest', 'Specified HTTP method is not allowed for the request target.');
    assert.equal(answer.headers['allow'], 'GET, POST');
  });

  test('a failure of the server says nothing of its cause, and the log has it', async () => {
    const directory = world.directory(tenants[0]);
    mock.method(directory, 'find', () => Promise.reject(new Error('SELECT secret FROM users')));
    const answer = await world.get('/v1.0/users');
    mock.restoreAll();
    assertError(answer, 500, 'generalException');
    assert.doesNotMatch(JSON.stringify(answer), /SELECT/);
    const [seen] = world.observed.splice(0);
    assert.ok(seen?.kind === 'http.failed' && seen.error instanceof Error && seen.error.message.includes('SELECT'));
  });

  test('nothing secret or internal is in any answer', async () => {
    const made = await world.directory(tenants[0]).create(system('test'), entities.user, {
      displayName: 'Secretive',
      passwordHash: '$argon2id$very-internal',
      forceChangePassword: true,
    });
    const paths = [
      `/v1.0/users/${made.entity.id}`,
      `/v1.0/users/${made.entity.id}?$select=*,passwordProfile,identities`,
      '/v1.0/users',
      providers,
      `${providers}?$select=id,clientSecret`,
      `${flows}?$expand=identityProviders($select=clientSecret,id)`,
      `${providers}/Google-OAUTH/clientSecret/$value`,
    ];
    for (const path of paths) {
      const answer = await world.get(path);
      assert.equal(answer.status, 200, path);
      // The context repeats what was asked for; the members are what counts.
      const shown = JSON.stringify(answer.body, (name, value) => (name === '@odata.context' ? '' : value));
      assert.doesNotMatch(shown, /argon2|not-for-eyes|passwordHash|forceChange|passwordProfile/, path);
    }
  });
});
