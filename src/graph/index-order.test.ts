import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { openWorld, tenants, type World } from './testing/harness.ts';

type Named = Readonly<Record<string, string>>;

for (const engine of ['memory', 'sqlite'] as const) {
  describe(`the order that nobody asked for (${engine})`, () => {
    let world: World;
    before(async () => {
      world = await openWorld(engine);
      const names = ['Bo', 'Ada', 'Bea', 'Ben', 'Abe', 'Bob', 'bart', 'Zoe'];
      for (const [at, displayName] of names.entries()) {
        const userPrincipalName = `u${at}@contoso.onmicrosoft.com`;
        const draft = { displayName, userPrincipalName, jobTitle: `${at % 2}`, userType: 'Guest' };
        await world.directory(tenants[0]).create(system('test seed'), entities.user, draft);
      }
    });
    after(() => world.close());

    async function pages(path: string): Promise<readonly string[]> {
      const found: string[] = [];
      for (let next: string | undefined = path; next !== undefined; ) {
        const { status, body } = await world.get(next);
        assert.equal(status, 200, JSON.stringify(body));
        found.push(...body.value.map(({ displayName }: Named) => displayName));
        const link: string | undefined = body['@odata.nextLink'];
        next = link && new URL(link).pathname + new URL(link).search;
      }
      return found;
    }

    test('of what begins with a text is that of the index which finds it, on every page', async () => {
      const found = await pages(`/v1.0/users?$filter=startswith(displayName,'b')&$top=2`);
      assert.deepEqual(found, ['bart', 'Bea', 'Ben', 'Bo', 'Bob']);
    });

    test('of what lies above a value is that of the index, other conditions notwithstanding', async () => {
      const found = await pages(`/v1.0/users?$filter=jobTitle eq '0' and displayName ge 'b'&$top=1`);
      assert.deepEqual(found, ['bart', 'Bea', 'Bo']);
    });

    test('of those that share a value is that in which they came', async () => {
      const kept = ['Bo', 'Bea', 'Abe', 'bart'];
      assert.deepEqual(await pages(`/v1.0/users?$filter=jobTitle eq '0'&$top=3`), kept);
      assert.deepEqual(await pages(`/v1.0/users?$filter=userType eq 'Guest' and jobTitle eq '0'&$top=1`), kept);
    });

    test('of other filters is that of the collection without one', async () => {
      const all = await pages('/v1.0/users?$top=3');
      const order = all.filter((name) => ['Bo', 'Bea', 'Abe', 'bart'].includes(name));
      assert.deepEqual(await pages(`/v1.0/users?$filter=startswith(jobTitle,'0')&$top=3`), order);
    });
  });
}
