import assert from 'node:assert/strict';
import { after, before, describe, mock, test } from 'node:test';
import { isUuid, system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { type Answer, type Body, openWorld, origin, seed, tenants, type World } from './testing/harness.ts';
import { assertError, flows, jsonType, newFlow, providers } from './testing/steps.ts';

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
    const nested = await post({ ...newFlow('a'), passwordComplexityConfiguration: { minLength: 8 } });
    assertError(nested, 400, 'Request_BadRequest', "Invalid property 'minLength'");
    assert.match(
      nested.body.error.details[0].message,
      /^'minLength' must be one of the properties of '\w+' \(see \$metadata\): .*complexityLevel/,
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
