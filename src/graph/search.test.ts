import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { system } from '../kernel/index.ts';
import { type EntityType, entities } from '../model/index.ts';
import { type Answer, eventual, openWorld, tenants, type World } from './testing/harness.ts';

const { application, servicePrincipal, user } = entities;

const stored: readonly (readonly [EntityType, readonly Readonly<Record<string, unknown>>[]])[] = [
  [
    application,
    [
      { displayName: "'DotNetWeb-App' ", description: 'Shows the orders of today' },
      { displayName: 'Webshop' },
      { displayName: 'cobweb' },
    ],
  ],
  [
    servicePrincipal,
    [
      { displayName: 'myContosoTeam', appId: 'a13d0fc1-04ab-4ede-b215-63de0174cbb4', description: 'A team of ours' },
      { displayName: 'Steamer', appId: '2a6a1a0e-7f2d-4b52-9f0b-7d2a58a5d1b6' },
    ],
  ],
  [
    user,
    [
      { displayName: 'Oscar Ward', mail: 'oscarward@contoso.example', userPrincipalName: 'oscar@contoso.example' },
      { displayName: "Zoë O'Neil-Smith", mail: 'zoe@contoso.example', userPrincipalName: 'zoe@contoso.example' },
      { displayName: 'Edward' },
    ],
  ],
];

/** The clauses of a search, and the names of what it finds. */
const searches: readonly (readonly [path: string, search: string, found: readonly string[]])[] = [
  ['applications', '"displayName:Web"', ["'DotNetWeb-App' ", 'Webshop']],
  ['applications', '"displayName:netdot web"', []],
  ['applications', '"displayName:app net"', ["'DotNetWeb-App' "]],
  ['applications', '"displayName:webapp"', []],
  ['applications', '"displayName:dotnetwebapp"', ["'DotNetWeb-App' "]],
  ['applications', '"description:order"', ["'DotNetWeb-App' "]],
  ['servicePrincipals', '"displayName:Team"', ['myContosoTeam']],
  ['servicePrincipals', '"DISPLAYNAME:CONTOSO"', ['myContosoTeam']],
  ['servicePrincipals', '"description:ours" OR "displayName:steam"', ['myContosoTeam', 'Steamer']],
  ['users', '"displayName:wa"', ['Oscar Ward']],
  ['users', '"displayName:wa" OR "displayName:ed"', ['Edward', 'Oscar Ward']],
  ['users', '"displayName:wa" AND "displayName:ed"', []],
  ['users', '("displayName:os" OR "displayName:zo") AND "mail:zoe@"', ["Zoë O'Neil-Smith"]],
  ['users', '"displayName:smith o neil"', ["Zoë O'Neil-Smith"]],
  ['users', '"displayName:ZOE\u0308"', ["Zoë O'Neil-Smith"]],
  ['users', '"displayName:neilsmith"', []],
  ['users', '"mail:contoso"', []],
  ['users', '"userPrincipalName:OSCAR"', ['Oscar Ward']],
];

function assertRefused({ status, body }: Answer, message: RegExp): void {
  assert.equal(status, 400);
  assert.match(body.error.message, message);
}

for (const engine of ['memory', 'sqlite'] as const) {
  describe(`$search (${engine})`, () => {
    let world: World;
    before(async () => {
      world = await openWorld(engine);
      const directory = world.directory(tenants[0]);
      for (const [type, drafts] of stored) {
        for (const draft of drafts) await directory.create(system('test seed'), type, draft);
      }
    });
    after(() => world.close());

    for (const [path, search, wanted] of searches) {
      test(`of ${path} for ${search} finds ${wanted.join(' and ') || 'nothing'}`, async () => {
        const query = `$search=${encodeURIComponent(search)}&$count=true`;
        const { status, body } = await world.get(`/v1.0/${path}?${query}`, eventual);
        assert.equal(status, 200, JSON.stringify(body));
        assert.equal(body['@odata.count'], wanted.length);
        const names: readonly string[] = body.value.map((one: Readonly<Record<string, string>>) => one['displayName']);
        assert.deepEqual([...names].sort(), [...wanted].sort());
      });
    }

    test('goes with a filter and an order', async () => {
      const query = `$search="displayName:wa" OR "displayName:ed"&$filter=startswith(displayName,'o')&$orderby=displayName&$count=true`;
      const { body } = await world.get(`/v1.0/users?${query}`, eventual);
      assert.deepEqual(
        body.value.map((one: Readonly<Record<string, string>>) => one['displayName']),
        ['Oscar Ward'],
      );
    });

    test('is an advanced query, of the text properties that have an index', async () => {
      assertRefused(await world.get('/v1.0/users?$search="displayName:a"'), /ConsistencyLevel: eventual/);
      const refused = async (search: string, message: RegExp) =>
        assertRefused(await world.get(`/v1.0/users?$search=${encodeURIComponent(search)}`, eventual), message);
      await refused('displayName:a', /double quotes/);
      await refused('"displayName"', /property:text/);
      await refused('"displayName:"', /property:text/);
      await refused('"displayName:--"', /letter or a digit/);
      await refused('"displayName:a" "displayName:b"', /AND or OR/);
      await refused('("displayName:a"', /'\)'/);
      await refused('"nothing:a"', /nothing/);
      await refused('"passwordHash:a"', /Could not find a property named 'passwordHash'/);
      await refused('"passwordPolicies:a"', /not indexed/);
      await refused('"accountEnabled:true"', /accountEnabled/);
      await refused(Array(21).fill('"displayName:a"').join(' OR '), /more than 20/);
      await refused(`${'('.repeat(9)}"displayName:a"${')'.repeat(9)}`, /nested deeper/);
    });
  });
}
