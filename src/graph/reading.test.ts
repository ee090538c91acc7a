import assert from 'node:assert/strict';
import { after, before, describe, mock, test } from 'node:test';
import { system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { type Answer, type Body, eventual, openWorld, origin, seed, tenants, type World } from './testing/harness.ts';
import { assertError, flows, idsOf, newFlow, providers } from './testing/steps.ts';

for (const engine of ['memory', 'sqlite'] as const) {
  describe(`reading over ${engine}`, () => {
    let world: World;
    before(async () => {
      world = await openWorld(engine);
      await seed(world);
    });
    after(() => world.close());

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

    test('a page has a hundred items unless fewer or more are asked for, up to 999', async () => {
      const directory = world.directory(tenants[0]);
      for (let n = 1; n <= 101; n += 1)
        await directory.create(system('test'), entities.identityUserFlowAttribute, {
          id: `extension_x_many${n}`,
          displayName: `many${n}`,
          userFlowAttributeType: 'custom',
          dataType: 'string',
        });
      const attributes = '/v1.0/identity/userFlowAttributes';
      const sizeOf = async (query: string, headers = {}) => {
        const { body } = await world.get(`${attributes}${query}`, { headers });
        return [body.value.length, '@odata.nextLink' in body];
      };
      assert.deepEqual(await sizeOf(''), [100, true]);
      assert.deepEqual(await sizeOf('?$top=101'), [101, true]);
      assert.deepEqual(await sizeOf('?$top=999'), [102, false]);
      assert.deepEqual(await sizeOf('', { prefer: 'odata.maxpagesize=7' }), [7, true]);
      assert.deepEqual(await sizeOf('?$top=5', { prefer: 'odata.maxpagesize=7' }), [5, true]);
      assert.deepEqual(await sizeOf('?$top=102'), [102, false], 'a full last page has no link');
      assertError(await world.get(`${attributes}?$top=1000`), 400, 'Request_UnsupportedQuery');
    });

    test('a page link is good for its own path, query and tenant only, and only as it was made', async () => {
      const page = await world.get('/v1.0/users?$top=1');
      const next = new URL(page.body['@odata.nextLink']);
      const token = next.searchParams.get('$skiptoken') ?? '';
      assert.equal((await world.get(next.pathname + next.search)).status, 200);
      const sealed = Buffer.from(token, 'base64url');
      const forged = Buffer.from(sealed.map((byte, at) => (at === 12 ? byte ^ 1 : byte))).toString('base64url');
      const readable = Buffer.from(JSON.stringify([2, "x' OR 1=1 --"])).toString('base64url');
      const bad: readonly (readonly [string, string?])[] = [
        [`/v1.0/users?$top=2&$skiptoken=${token}`],
        [`/v1.0/users?$skiptoken=${token}`],
        [`/v1.0/users?$top=1&$orderby=displayName&$skiptoken=${token}`],
        [`/v1.0/users?$top=1&$filter=accountEnabled&$skiptoken=${token}`],
        [`/v1.0/applications?$top=1&$skiptoken=${token}`],
        [`/beta/users?$top=1&$skiptoken=${token}`],
        [`/v1.0/users?$top=1&$skiptoken=${token}`, 'other'],
        [`/v1.0/users?$top=1&$skiptoken=${forged}`],
        [`/v1.0/users?$top=1&$skiptoken=${readable}`],
        [`/v1.0/users?$top=1&$skiptoken=${readable}.${token}`],
        [`/v1.0/users?$top=1&$skiptoken=${token.slice(0, -8)}`],
        [`/v1.0/users?$top=1&$skiptoken=${token}x`],
        [`/v1.0/users?$top=1&$skiptoken=.${token}`],
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
  });
}
