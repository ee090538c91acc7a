import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Caller } from '../kernel/index.ts';
import { isApplicationPermission, type PermissionName } from '../model/index.ts';
import { inventory, partText } from './inventory.ts';
import {
  type Answer,
  type Body,
  eventual,
  everyPermission,
  openWorld,
  seed,
  tenants,
  type World,
} from './testing/harness.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly needed: readonly PermissionName[];
  /** Those that open reading what is written, and not the writing. */
  readonly readers: readonly string[];
  readonly identity: boolean;
}

/** Every operation the model promises, on keys that may not exist: the caller is asked for before they are looked up. */
const operations = (): readonly Operation[] =>
  (['v1.0', 'beta'] as const).flatMap((version) =>
    inventory(version).map(({ httpMethod, path, permissions, type }) => ({
      method: httpMethod,
      path: `/${version}${path.map((part) => partText(part, 'x')).join('')}`,
      needed: permissions,
      readers: type.permissions.read.filter((permission) => !permissions.includes(permission)),
      identity: /^(?:identity|identityProviders|policies|invokeUserFlow\w+)$/.test(String(path[0])),
    })),
  );

const app = (roles: readonly string[]): Caller => ({ kind: 'app', appId: 'a', roles });
const person = (scopes: readonly string[]): Caller => ({ kind: 'user', userId: 'u', appId: 'a', scopes });
const withBody = (method: string) => (['POST', 'PATCH', 'PUT'].includes(method) ? { body: {} } : {});
const refused = ({ status }: Answer): boolean => status === 401 || status === 403;

describe('permissions', () => {
  let world: World;
  before(async () => {
    world = await openWorld('memory');
    await seed(world);
  });
  after(() => world.close());

  const all = operations();

  test('are asked for by a matrix of all operations', () => assert.ok(all.length > 60, String(all.length)));

  for (const { method, path, needed, readers, identity } of all) {
    const send = (caller: Caller) => {
      world.admit('matrix', tenants[0], caller);
      return world.send(method, path, { as: 'matrix', ...withBody(method) });
    };

    test(`${method} ${path}: ${needed.join(' or ')}`, async () => {
      assert.ok(needed.length > 0);
      for (const permission of needed) {
        const opens = isApplicationPermission(permission);
        assert.equal(!refused(await send(app([permission]))), opens, `${permission} for an application`);
        assert.ok(!refused(await send(person([permission]))), `${permission} is enough for a person`);
      }
    });

    test(`${method} ${path}: 403 with every other permission`, async () => {
      const others = everyPermission.filter((permission) => !needed.some((one) => one === permission));
      const close = needed.map((permission) => permission.toLowerCase());
      const ofApplications = needed.filter(isApplicationPermission);
      for (const [caller, kind, asked] of [
        [app(others), 'application', ofApplications],
        [person(others), 'delegated', needed],
        [app(readers), 'application', ofApplications],
        [person(readers), 'delegated', needed],
        [app([]), 'application', ofApplications],
        [app([...close, '']), 'application', ofApplications],
      ] as const) {
        const { status, body } = await send(caller);
        assert.equal(status, 403);
        assert.equal(body.error.code, identity ? 'AADB2C' : 'Authorization_RequestDenied');
        const words = `The application does not have any of the required ${kind} permissions (${asked.join(', ')}) to access the resource.`;
        assert.equal(body.error.message, identity ? words : 'Insufficient privileges to complete the operation.');
      }
    });

    test(`${method} ${path}: 401 without a token that is good`, async () => {
      for (const as of [null, 'unknown']) {
        const { status, body, headers } = await world.send(method, path, { as, ...withBody(method) });
        assert.equal(status, 401);
        assert.equal(body.error.code, 'InvalidAuthenticationToken');
        assert.match(String(headers['www-authenticate']), /^Bearer /);
      }
    });
  }

  test('an application that may write its own applications only gets none, since nobody owns any', async () => {
    const made = await world.send('POST', '/v1.0/applications', { body: { displayName: 'Somebody else' } });
    world.admit('owner', tenants[0], app(['Application.ReadWrite.OwnedBy']));
    for (const [method, path] of [
      ['GET', '/v1.0/applications'],
      ['GET', `/v1.0/applications/${made.body.id}`],
      ['POST', '/v1.0/applications'],
      ['PATCH', `/v1.0/applications/${made.body.id}`],
      ['DELETE', `/v1.0/applications/${made.body.id}`],
    ] as const) {
      const { status, body } = await world.send(method, path, { as: 'owner', ...withBody(method) });
      assert.equal(status, 403, `${method} ${path}`);
      assert.equal(body.error.code, 'Authorization_RequestDenied');
    }
  });

  test('User.ReadBasic.All shows a basic profile, and nothing is learned of the rest', async () => {
    const made = await world.send('POST', '/v1.0/users', {
      body: { displayName: 'Basic', userPrincipalName: 'basic@x.example', jobTitle: 'Spy', extension_0_code: '7' },
    });
    const basic = ['id', 'displayName', 'givenName', 'surname', 'mail', 'userPrincipalName'].toSorted();
    for (const caller of [app(['User.ReadBasic.All']), person(['User.ReadBasic.All'])]) {
      world.admit('basic', tenants[0], caller);
      const get = (path: string) => world.get(path, { as: 'basic', ...eventual });
      const one = await get(`/v1.0/users/${made.body.id}`);
      const members = Object.keys(one.body).filter((name) => !name.startsWith('@'));
      assert.deepEqual(members.toSorted(), basic);
      for (const item of (await get('/v1.0/users')).body.value) assert.deepEqual(Object.keys(item).toSorted(), basic);
      for (const path of [
        '/v1.0/users/basic@x.example',
        `/v1.0/users/${made.body.id}/mail`,
        '/v1.0/users?$select=id,displayName&$orderby=displayName',
        "/v1.0/users?$filter=startswith(displayName,'B') and not(mail eq 'x')&$count=true",
        "/v1.0/users/$count?$filter=surname eq 'x'",
      ]) {
        assert.ok([200, 204].includes((await get(path)).status), path);
      }
      for (const path of [
        '/v1.0/users?$select=displayName,jobTitle',
        '/v1.0/users?$select=*',
        `/v1.0/users/${made.body.id}?$select=identities`,
        `/v1.0/users/${made.body.id}?$select=extension_0_code`,
        `/v1.0/users/${made.body.id}/jobTitle`,
        `/v1.0/users/${made.body.id}/jobTitle/$value`,
        '/v1.0/users?$filter=accountEnabled',
        "/v1.0/users?$filter=displayName eq 'x' or not(userType eq 'Guest')&$count=true",
        "/v1.0/users?$filter=identities/any(i:i/issuer eq 'x' and i/issuerAssignedId eq 'y')",
        "/v1.0/users/$count?$filter=userType eq 'Guest'",
        '/v1.0/users?$orderby=createdDateTime',
      ]) {
        const { status, body } = await get(path);
        assert.equal(status, 403, path);
        assert.equal(body.error.code, 'Authorization_RequestDenied');
      }
      for (const method of ['PATCH', 'DELETE']) {
        const refusal = await world.send(method, `/v1.0/users/${made.body.id}`, { as: 'basic', ...withBody(method) });
        assert.equal(refusal.status, 403);
      }
      world.admit('both', tenants[0], app(['User.ReadBasic.All', 'User.Read.All']));
      const all = await world.get(`/v1.0/users/${made.body.id}?$select=jobTitle`, { as: 'both' });
      assert.equal(all.body.jobTitle, 'Spy');
    }
  });

  test('a path that leads nowhere is told before anyone asks who is calling', async () => {
    for (const path of ['/v1.0/identity/b2cUserFlows', '/v1.0/identity/b2cUserFlows/x']) {
      const { status, body } = await world.get(path, { as: null });
      assert.equal(status, 400);
      assert.equal(body.error.code, 'BadRequest');
      assert.equal(body.error.message, "Resource not found for the segment 'b2cUserFlows'.");
    }
  });

  test('a body is not looked at before the caller may write', async () => {
    world.admit('reader', tenants[0], app(['IdentityUserFlow.Read.All']));
    const answer = await world.send('POST', '/beta/identity/b2cUserFlows', { as: 'reader', body: '{"not json' });
    assert.equal(answer.status, 403);
  });
});

describe('a tenant', () => {
  let world: World;
  before(async () => {
    world = await openWorld('sqlite');
    for (const tenant of tenants) await seed(world, tenant);
  });
  after(() => world.close());

  const flows = '/beta/identity/b2cUserFlows';

  test('sees and changes its own objects only, also under equal ids', async () => {
    const patch = (as: string, defaultLanguageTag: string) =>
      world.send('PATCH', `${flows}/B2C_1_susi`, { as, body: { defaultLanguageTag } });
    assert.equal((await patch('all', 'nl')).status, 204);
    assert.equal((await patch('other', 'fr')).status, 204);
    assert.equal((await world.get(`${flows}/B2C_1_susi`)).body.defaultLanguageTag, 'nl');

    await world.send('POST', flows, { body: { id: 'Mine', userFlowType: 'signIn', userFlowTypeVersion: 3 } });
    const made = await world.send('POST', '/v1.0/users', {
      body: { displayName: 'Mine', userPrincipalName: 'mine@x' },
    });
    const foreign = [
      ['GET', `${flows}/B2C_1_Mine`],
      ['PATCH', `${flows}/B2C_1_Mine`],
      ['DELETE', `${flows}/B2C_1_Mine`],
      ['GET', `${flows}/B2C_1_Mine/userAttributeAssignments`],
      ['GET', `${flows}/B2C_1_Mine/identityProviders`],
      ['DELETE', `${flows}/B2C_1_Mine/identityProviders/Google-OAUTH/$ref`],
      ['GET', `/v1.0/users/${made.body.id}`],
      ['GET', '/v1.0/users/mine@x'],
      ['DELETE', `/v1.0/users/${made.body.id}`],
    ] as const;
    for (const [method, path] of foreign) {
      assert.equal(
        (await world.send(method, path, { as: 'other', ...withBody(method) })).status,
        404,
        `${method} ${path}`,
      );
    }
    const names = async (path: string) => (await world.get(path, { as: 'other' })).body.value.map(({ id }: Body) => id);
    assert.deepEqual(await names(flows), ['B2C_1_susi']);
    assert.deepEqual(await names("/v1.0/users?$filter=userPrincipalName eq 'mine@x'"), []);
    assert.equal((await world.get('/v1.0/users/$count', { as: 'other', ...eventual })).body, '0');
    assert.equal((await world.get(`${flows}/B2C_1_Mine`)).status, 200);
  });

  test('deletes a provider without touching that of another', async () => {
    const at = '/v1.0/identity/identityProviders/Facebook-OAUTH';
    assert.equal((await world.send('DELETE', at, { as: 'other' })).status, 204);
    assert.equal((await world.get(at, { as: 'other' })).status, 404);
    assert.equal((await world.get(at)).status, 200);
  });
});

/** What scanners send where a value is expected. */
const hostile: readonly string[] = [
  "'",
  "''",
  "' OR '1'='1",
  "x' OR 1=1 --",
  "'; DROP TABLE user; --",
  "') OR ('1'='1",
  "' UNION SELECT * FROM sqlite_master --",
  '" OR ""="',
  '%',
  '_',
  '%_%',
  '\\',
  "\\' OR 1=1 --",
  '$.values',
  '$[0]',
  '{"$ne":null}',
  '[]',
  'null',
  '1; SELECT 1',
  'x\u0000y',
  '\ud800',
  '../../etc/passwd',
  '#{7*7}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  'extractvalue(1,concat(0x7e,version()))',
  '0x27',
  'ａ＇ OR 1＝1',
];

for (const engine of ['memory', 'sqlite'] as const) {
  describe(`injection over ${engine}`, () => {
    let world: World;
    before(async () => {
      world = await openWorld(engine);
      await seed(world);
      await world.send('POST', '/v1.0/users', { body: { displayName: 'Victim', userPrincipalName: 'victim@x' } });
    });
    after(() => world.close());

    const quoted = (text: string) => encodeURIComponent(`'${text.replaceAll("'", "''")}'`);
    const encoded = (text: string) => encodeURIComponent(text.toWellFormed());

    for (const text of hostile) {
      test(`${JSON.stringify(text)} is a value, never a part of the query`, async () => {
        const literal = quoted(text.toWellFormed());
        const none: readonly string[] = [
          `/v1.0/users?$filter=displayName eq ${literal}`,
          `/v1.0/users?$filter=startswith(displayName,${literal})`,
          `/v1.0/users?$filter=contains(displayName,${literal})`,
          `/v1.0/users?$filter=displayName in (${literal},'x')`,
          `/v1.0/users?$filter=identities/any(i:i/issuer eq ${literal})`,
        ];
        for (const path of none) {
          const answer = await world.get(path);
          // An engine may refuse a text it cannot hold, but it must not find anyone by it.
          if (answer.status === 200) assert.deepEqual(answer.body.value, [], path);
          else assert.equal(answer.status, 400, path);
        }
        const loose: readonly string[] = [
          `/v1.0/users?$filter=${encoded(text)}`,
          `/v1.0/users?$filter=displayName eq ${encoded(text)}`,
          `/v1.0/users?$orderby=${encoded(text)}`,
          `/v1.0/users?$orderby=displayName ${encoded(text)}`,
          `/v1.0/users?$select=${encoded(text)}`,
          `/v1.0/users?$expand=${encoded(text)}`,
          `/v1.0/users?$top=${encoded(text)}`,
          `/v1.0/users?$skiptoken=${encoded(text)}`,
          `/v1.0/users/${encoded(text)}`,
          `/v1.0/users(${encoded(text)})`,
          `/v1.0/users(userPrincipalName=${literal})`,
          `/v1.0/users('${encoded(text)}')`,
          `/beta/identity/b2cUserFlows/B2C_1_susi/userAttributeAssignments/${encoded(text)}`,
          `/beta/identity/b2cUserFlows/B2C_1_susi/identityProviders/${encoded(text)}`,
        ];
        for (const path of loose) {
          const { status, body } = await world.get(path);
          // Some of these are an honest question (`eq null`); the answer to it still shows nobody.
          assert.ok([200, 400, 404].includes(status), `${path} ${status}`);
          assert.doesNotMatch(JSON.stringify(body), /Victim|victim@x/, path);
        }
        const link = await world.send('POST', '/beta/identity/b2cUserFlows/B2C_1_susi/identityProviders/$ref', {
          body: { '@odata.id': text },
        });
        assert.ok([400, 404].includes(link.status));
        assert.deepEqual(world.observed, [], 'nothing failed inside');
        assert.equal((await world.get("/v1.0/users/$count?$filter=displayName eq 'Victim'", eventual)).body, '1');
      });
    }
  });
}
