import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Caller } from '../kernel/index.ts';
import type { EntityType, Version } from '../model/index.ts';
import { inventory, partText } from './inventory.ts';
import { type Answer, openWorld, seed, tenants, type World } from './testing/harness.ts';

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly needed: readonly string[];
  /** What can be shown beside it, and the permissions any of which opens that. */
  readonly expansions: readonly { readonly name: string; readonly opening: readonly string[] }[];
}

const expandable: readonly string[] = ['list', 'get', 'create', 'update', 'put'];

const expansionsOf = ({ navigations, permissions }: EntityType, version: Version) =>
  Object.entries(navigations)
    .filter(([, { versions }]) => versions.includes(version))
    .map(([name, { kind, target }]) => {
      const theirs = target().permissions.read;
      return { name, opening: kind === 'contains' ? theirs : [...permissions.read, ...theirs] };
    });

/** Reads and writes of what has relationships, on keys that may not exist: the caller is asked for before they are looked up. */
const operations = (): readonly Operation[] =>
  (['v1.0', 'beta'] as const).flatMap((version) =>
    inventory(version)
      .filter(({ does }) => expandable.includes(does))
      .map(({ httpMethod, path, permissions, type }) => ({
        method: httpMethod,
        path: `/${version}${path.map((part) => partText(part, 'x')).join('')}`,
        needed: permissions,
        expansions: expansionsOf(type, version),
      })),
  );

const app = (roles: readonly string[]): Caller => ({ kind: 'app', appId: 'a', roles });
const withBody = (method: string) => (['POST', 'PATCH', 'PUT'].includes(method) ? { body: {} } : {});
const refused = ({ status }: Answer): boolean => status === 401 || status === 403;

describe('permissions for what is shown beside something else', () => {
  let world: World;
  before(async () => {
    world = await openWorld('memory');
    await seed(world);
  });
  after(() => world.close());

  describe('of a guest who was invited', () => {
    const guest = { displayName: 'Guest', userPrincipalName: 'known@x.example', mail: 'known@y.example' };
    const body = { invitedUserEmailAddress: guest.mail, inviteRedirectUrl: 'https://app.example/' };
    const invite = (roles: readonly string[], query = '', headers = {}) => {
      world.admit('inviter', tenants[0], app(roles));
      return world.send('POST', `/v1.0/invitations${query}`, { as: 'inviter', body, headers });
    };
    let id: string;
    before(async () => {
      const made = await world.send('POST', '/v1.0/users', { body: { ...guest, jobTitle: 'Spy' } });
      id = made.body.id;
    });

    test('who may only invite learns the id', async () => {
      for (const headers of [{}, { prefer: 'return=representation' }]) {
        const { status, body: made } = await invite(['User.Invite.All'], '', headers);
        assert.deepEqual([status, made.invitedUser], [201, { id }]);
      }
      for (const query of ['?$expand=invitedUser', '?$expand=invitedUser($select=jobTitle)', '?$expand=*']) {
        const { status, body: refusal } = await invite(['User.Invite.All'], query);
        assert.deepEqual([status, refusal.error.code], [403, 'Authorization_RequestDenied'], query);
      }
    });

    test('who may read a basic profile is shown that, and who may read all is shown all', async () => {
      const basic = ['User.Invite.All', 'User.ReadBasic.All'];
      const { body: made } = await invite(basic, '?$expand=invitedUser');
      assert.equal(made.invitedUser.displayName, 'Guest');
      assert.ok(!('jobTitle' in made.invitedUser));
      assert.equal((await invite(basic, '?$expand=invitedUser($select=jobTitle)')).status, 403);
      for (const roles of [['User.Invite.All', 'User.Read.All'], ['User.ReadWrite.All']]) {
        const { body: whole } = await invite(roles, '?$expand=invitedUser($select=jobTitle)');
        assert.deepEqual(whole.invitedUser, { jobTitle: 'Spy' });
        assert.deepEqual((await invite(roles)).body.invitedUser, { id });
      }
    });
  });

  test('what is shown beside something else is opened by the address where it is as well, or by its own', async () => {
    const at = '/beta/identity/b2cUserFlows/B2C_1_susi';
    const get = (roles: readonly string[], path: string) => {
      world.admit('beside', tenants[0], app(roles));
      return world.get(path, { as: 'beside' });
    };
    assert.equal((await get(['IdentityUserFlow.Read.All'], `${at}?$expand=userFlowIdentityProviders`)).status, 200);
    const listeners = '/beta/identity/events/onSignupStart';
    const flow = 'microsoft.graph.invokeUserFlowListener/userFlow';
    assert.equal((await get(['Policy.Read.All'], `${listeners}?$expand=${flow}`)).status, 200);
    const further = [
      `${listeners}?$expand=${flow}($expand=userFlowIdentityProviders)`,
      `${listeners}?$expand=${flow}($expand=languages)`,
      `${listeners}/x/${flow}/userFlowIdentityProviders`,
    ];
    for (const path of further) {
      const { status, body } = await get(['Policy.Read.All'], path);
      assert.deepEqual([status, body.error?.code], [403, 'AADB2C'], path);
      const both = await get(['Policy.Read.All', 'IdentityUserFlow.Read.All'], path);
      assert.ok(!refused(both), path);
    }
  });

  const all = operations();

  test('are asked for by a matrix of all operations', () => {
    assert.ok(all.flatMap(({ expansions }) => expansions).length > 100);
  });

  for (const { method, path, needed, expansions } of all) {
    for (const { name, opening } of expansions) {
      test(`${method} ${path}?$expand=${name}: also ${opening.join(' or ')}`, async () => {
        for (const permission of needed) {
          const send = (roles: readonly string[]) => {
            world.admit('beside', tenants[0], app(roles));
            return world.send(method, `${path}?$expand=${name}`, { as: 'beside', ...withBody(method) });
          };
          assert.equal(refused(await send([permission])), !opening.includes(permission), permission);
          for (const other of opening) assert.ok(!refused(await send([permission, other])), `${permission}, ${other}`);
        }
      });
    }
  }

  test('who may change something and not read it is not shown what became of it', async () => {
    const path = '/beta/policies/b2cAuthenticationMethodsPolicy';
    const change = (roles: readonly string[]) => {
      world.admit('changer', tenants[0], app(roles));
      const headers = { prefer: 'return=representation' };
      return world.send('PATCH', path, {
        as: 'changer',
        headers,
        body: { isPhoneOneTimePasswordAuthenticationEnabled: true },
      });
    };
    const blind = await change(['Policy.ReadWrite.AuthenticationMethod']);
    assert.deepEqual([blind.status, blind.body, blind.headers['preference-applied']], [204, '', undefined]);
    const seeing = await change(['Policy.ReadWrite.AuthenticationMethod', 'Policy.Read.All']);
    assert.deepEqual([seeing.status, seeing.headers['preference-applied']], [200, 'return=representation']);
    assert.equal(seeing.body.isPhoneOneTimePasswordAuthenticationEnabled, true);
  });
});
