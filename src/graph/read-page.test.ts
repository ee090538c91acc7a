import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { type Body, eventual, openWorld, origin, tenants, type World } from './testing/harness.ts';

/** Many times more than a page may hold. */
const people = 60;
/** 200 kB of each. */
const texts = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`extension_0_${at}`, 'x'.repeat(4_000)]));
const select = `$select=displayName,${Object.keys(texts).join(',')}`;
/** Bytes: the limit of a page, and what is around its entities. */
const mostBytes = 4_300_000;

for (const engine of ['memory', 'sqlite'] as const) {
  describe(`pages of large entities over ${engine}`, () => {
    let world: World;
    before(async () => {
      world = await openWorld(engine);
      const directory = world.directory(tenants[0]);
      for (let at = 0; at < people; at += 1) {
        await directory.create(system('test seed'), entities.user, {
          displayName: `Person ${String(at).padStart(3, '0')}`,
          userPrincipalName: `p${at}@x.example`,
          ...texts,
        });
      }
    });
    after(() => world.close());

    async function pagesFrom(path: string): Promise<readonly Body[]> {
      const pages: Body[] = [];
      for (let next: string | undefined = path; next !== undefined && pages.length < people; ) {
        const { status, body } = await world.get(next, eventual);
        assert.equal(status, 200);
        pages.push(body);
        next = body['@odata.nextLink']?.slice(origin.length);
      }
      return pages;
    }

    for (const path of [
      `/v1.0/users?$top=999&${select}`,
      `/v1.0/users?$top=45&$count=true&$orderby=displayName desc&${select}`,
      `/v1.0/users?$top=999&$filter=startswith(displayName,'P')&${select}`,
      `/v1.0/users/delta?$top=999&${select}`,
    ]) {
      test(`end early, and all of them have everything: ${path.slice(0, 80)}`, async () => {
        const pages = await pagesFrom(path);
        for (const page of pages) assert.ok(JSON.stringify(page).length < mostBytes);
        const full = pages.slice(0, -1).map(({ value }) => value.length);
        assert.ok(full.length >= 2 && full.every((length) => length >= 10), String(full));
        const names = pages.flatMap(({ value }) => value.map(({ displayName }: Body) => displayName));
        assert.deepEqual([names.length, new Set(names).size], [people, people]);
        if (path.includes('$count')) {
          assert.deepEqual(names, names.toSorted().toReversed());
          assert.deepEqual([pages[0]['@odata.count'], pages[1]['@odata.count']], [people, undefined]);
        }
      });
    }

    test('are as long as was asked for where the entities are small', async () => {
      const [page] = await pagesFrom('/v1.0/users?$top=3&$select=id');
      assert.equal(page.value.length, 3);
    });

    test('of changes are bounded as well', async () => {
      const begun = await world.get(`/v1.0/users/delta?$deltatoken=latest&${select}`);
      for (const { id } of (await pagesFrom('/v1.0/users?$select=id')).flatMap(({ value }) => value)) {
        const body = Object.fromEntries(Object.keys(texts).map((name) => [name, 'y'.repeat(4_000)]));
        assert.equal((await world.send('PATCH', `/v1.0/users/${id}`, { body: { displayName: 'z' } })).status, 204);
        await world.directory(tenants[0]).update(system('test'), { type: entities.user, id }, body);
      }
      const pages = await pagesFrom(begun.body['@odata.deltaLink'].slice(origin.length));
      const told = pages.flatMap(({ value }) => value.map(({ id }: Body) => id));
      assert.equal(new Set(told).size, people);
      for (const page of pages) assert.ok(JSON.stringify(page).length < mostBytes);
    });
  });
}
