import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Answer, type Body, openWorld, origin, tenants, type World } from './testing/harness.ts';

const users = '/v1.0/users';
const delta = `${users}/delta`;

for (const engine of ['memory', 'sqlite'] as const) {
  describe(`changes of users over ${engine}`, () => {
    let world: World;
    before(async () => {
      world = await openWorld(engine);
    });
    after(() => world.close());

    const create = async (displayName: string, more = {}): Promise<string> =>
      (await world.send('POST', users, { body: { displayName, ...more } })).body.id;
    const patch = async (id: string, body: object): Promise<void> =>
      assert.equal((await world.send('PATCH', `${users}/${id}`, { body })).status, 204);
    const remove = async (id: string): Promise<void> =>
      assert.equal((await world.send('DELETE', `${users}/${id}`)).status, 204);
    const follow = async (link: string, sent: Parameters<World['get']>[1] = {}): Promise<Answer> => {
      const answer = await world.get(link.replace(origin, ''), sent);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer;
    };
    const latest = async (query = ''): Promise<string> =>
      (await follow(`${delta}?$deltatoken=latest${query}`)).body['@odata.deltaLink'];
    const ids = ({ body }: Answer): readonly string[] => body.value.map(({ id }: Body) => id);

    /** Everything until the `deltaLink`. */
    async function round(link: string, sent: Parameters<World['get']>[1] = {}) {
      const value: Body[] = [];
      for (let next = link, pages = 1; ; pages += 1) {
        const { body } = await follow(next, sent);
        value.push(...body.value);
        const link: string | undefined = body['@odata.nextLink'];
        assert.equal(link === undefined, body['@odata.deltaLink'] !== undefined, 'there is one way to go on');
        if (link === undefined) return { value, pages, deltaLink: String(body['@odata.deltaLink']) };
        next = link;
      }
    }

    test('begin with all there are, page by page, and end with the link to ask again', async () => {
      const made = new Set<string>();
      for (const name of ['A', 'B', 'C', 'D', 'E']) made.add(await create(name, { surname: `${name}son` }));
      const first = await follow(`${delta}?$top=2&$select=displayName,surname,givenName`);
      assert.equal(first.body['@odata.context'], `${origin}/v1.0/$metadata#users(displayName,surname,givenName)`);
      assert.match(
        first.body['@odata.nextLink'],
        /^https:\/\/localhost:8443\/v1\.0\/users\/delta\?\$skiptoken=[\w.-]+$/,
      );
      assert.equal(first.body.value.length, 2);
      const all = await round(`${delta}?$top=2&$select=displayName,surname,givenName`);
      assert.equal(all.pages, 3);
      assert.deepEqual(new Set(all.value.map(({ id }) => id)), made);
      const [one] = all.value;
      assert.deepEqual(Object.keys(one), ['displayName', 'surname', 'id'], 'what was never set is left out');
      const again = await follow(all.deltaLink);
      assert.deepEqual(again.body.value, []);
      assert.notEqual(again.body['@odata.deltaLink'], undefined);
      for (const id of made) await remove(id);
    });

    test('tell who was made, changed and removed since', async () => {
      const [kept, changed, removed] = [await create('Kept'), await create('Old name'), await create('Removed')];
      const link = await latest();
      const made = await create('Made');
      await patch(changed, { displayName: 'New name', jobTitle: 'Chief' });
      await patch(changed, { jobTitle: null });
      await remove(removed);
      const { value, deltaLink } = await round(link);
      const byId = new Map(value.map((one) => [one.id, one]));
      assert.equal(byId.has(kept), false);
      assert.equal(byId.get(made).displayName, 'Made');
      assert.equal(byId.get(changed).displayName, 'New name');
      assert.equal(byId.get(changed).jobTitle, null, 'it was set to null');
      assert.equal('surname' in byId.get(changed), false, 'it was never set');
      assert.deepEqual(byId.get(removed), { id: removed, '@removed': { reason: 'deleted' } });
      assert.deepEqual((await round(deltaLink)).value, []);
      assert.equal((await round(link)).value.length, 3, 'a link can be used again');
      for (const id of [kept, changed, made]) await remove(id);
    });

    test('are those of what was selected, and on request only what has changed', async () => {
      const id = await create('One', { surname: 'Uno', city: 'Rome' });
      const link = await latest('&$select=displayName,surname');
      await patch(id, { city: 'Milan', usageLocation: 'IT' });
      const nothing = await round(link);
      assert.deepEqual(nothing.value, [], 'nobody asked for the city');
      await patch(id, { surname: 'Due', city: 'Turin' });
      assert.deepEqual((await round(link)).value, [{ displayName: 'One', surname: 'Due', id }]);
      const minimal = await follow(link, { headers: { prefer: 'return=minimal' } });
      assert.deepEqual(minimal.body.value, [{ surname: 'Due', id }]);
      assert.equal(minimal.headers['preference-applied'], 'return=minimal');
      const other = await create('Two', { surname: 'Secondo' });
      const both = await follow(nothing.deltaLink, { headers: { prefer: 'return=minimal' } });
      assert.deepEqual(
        both.body.value.map((one: Body) => Object.keys(one)),
        [
          ['surname', 'id'],
          ['displayName', 'surname', 'id'],
        ],
        'who is new is told as a whole',
      );
      for (const one of [id, other]) await remove(one);
    });

    test('that happen while all are listed are not lost', async () => {
      const [first, second, third] = [await create('F'), await create('S'), await create('T')];
      const begun = await follow(`${delta}?$top=1&$select=displayName`);
      const late = await create('Late');
      for (const id of [first, second]) await patch(id, { displayName: 'Changed' });
      await remove(third);
      const rest = await round(begun.body['@odata.nextLink']);
      const since = await round(rest.deltaLink);
      const told = new Map([...begun.body.value, ...rest.value, ...since.value].map((one) => [one.id, one]));
      assert.deepEqual(
        [first, second, third, late].map((id) => told.get(id)?.displayName ?? told.get(id)?.['@removed']?.reason),
        ['Changed', 'Changed', 'deleted', 'Late'],
      );
      for (const id of [first, second, late]) await remove(id);
    });

    test('come in pages too, of the size that was asked for', async () => {
      const link = await latest('&$top=2');
      const made: string[] = [];
      for (const name of ['A', 'B', 'C', 'D', 'E']) made.push(await create(name));
      const page = await follow(link);
      assert.deepEqual(ids(page), made.slice(0, 2));
      const all = await round(link);
      assert.deepEqual(
        all.value.map(({ id }) => id),
        made,
      );
      const larger = await follow(link, { headers: { prefer: 'odata.maxpagesize=4' } });
      assert.equal(larger.body.value.length, 4);
      assert.equal(larger.headers['preference-applied'], 'odata.maxpagesize=4');
      for (const id of made) await remove(id);
    });

    test('can be those of some users only', async () => {
      const [one, two, three] = [await create('1'), await create('2'), await create('3')];
      const filter = encodeURIComponent(`id eq '${one}' or id eq '${two.toUpperCase()}'`);
      const begun = await round(`${delta}?$filter=${filter}`);
      assert.deepEqual(new Set(begun.value.map(({ id }) => id)), new Set([one, two]));
      for (const id of [one, two, three]) await patch(id, { displayName: 'x' });
      await remove(two);
      const { value } = await round(begun.deltaLink);
      assert.deepEqual(
        value.map((user) => [user.id, user['@removed']?.reason]),
        [
          [one, undefined],
          [two, 'deleted'],
        ],
      );
      for (const id of [one, three]) await remove(id);
    });

    test('cannot be told when the log no longer reaches back, and begin anew', async () => {
      const link = await latest();
      const id = await create('Forgotten');
      const chosen = await latest(`&$select=id,displayName&$filter=id eq '${id}'`);
      await remove(id);
      await world.wait(100);
      const answer = await world.get(link.replace(origin, ''));
      assert.equal(answer.status, 410);
      assert.equal(answer.body.error.code, 'syncStateNotFound');
      assert.equal(answer.headers['location'], `${origin}${delta}?$deltatoken=`);
      const anew = await round(String(answer.headers['location']));
      assert.deepEqual(anew.value, []);
      const asked = `$select=id,displayName&$filter=${encodeURIComponent(`id eq '${id}'`)}`;
      const narrow = await world.get(chosen.replace(origin, ''));
      assert.equal(narrow.headers['location'], `${origin}${delta}?${asked}&$deltatoken=`, 'with the options it had');
      await round(String(narrow.headers['location']));
      const made = await create('After');
      assert.deepEqual(ids(await follow(anew.deltaLink)), [made]);
      await remove(made);
    });
  });
}

describe('the function delta', () => {
  let world: World;
  before(async () => {
    world = await openWorld('memory');
    await world.send('POST', users, { body: { displayName: 'Ada', city: 'London' } });
  });
  after(() => world.close());

  const linkOf = async (path: string, link = '@odata.deltaLink', as = 'all'): Promise<string> => {
    const answer = await world.get(path, { as });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return String(answer.body[link]).replace(origin, '');
  };

  test('is called in every form, on both versions, of users alone', async () => {
    for (const name of ['delta', 'DELTA()', 'microsoft.graph.delta', 'microsoft.graph.delta()']) {
      const link = await linkOf(`/beta/users/${name}`);
      assert.ok(link.startsWith(`/beta/users/${name}?$deltatoken=`), link);
      assert.equal((await world.get(link)).status, 200);
    }
    assert.equal((await world.send('POST', delta, { body: {} })).status, 405);
    assert.equal((await world.get(`${delta}('x')`)).status, 404);
    assert.equal((await world.get(`${delta}/x`)).status, 400);
    assert.equal((await world.get('/v1.0/identity/identityProviders/delta')).status, 404);
  });

  test('takes few options, and with a token no others than before', async () => {
    for (const query of [
      '$expand=manager',
      '$orderby=displayName',
      '$search="a"',
      '$count=true',
      '$skip=1',
      "$filter=displayName eq 'x'",
      "$filter=id ne 'x'",
      "$filter=startswith(id,'x')",
      `$filter=id in (${Array.from({ length: 51 }, (_, at) => `'${at}'`).join(',')})`,
      '$top=0',
      '$select=passwordHash',
      '$skiptoken=x&$deltatoken=latest',
    ]) {
      const answer = await world.get(`${delta}?${query}`);
      assert.equal(answer.status, 400, query);
    }
    const link = await linkOf(`${delta}?$select=displayName`);
    assert.equal((await world.get(`${link}&$select=displayName`)).status, 200);
    assert.equal((await world.get(`${link}&$select=displayName,city`)).status, 400);
    assert.equal((await world.get(`${link}&$filter=id eq 'x'`)).status, 400);
    assert.equal((await world.get(`${users}?$deltatoken=latest`)).status, 400, 'a list has none');
  });

  test('believes only tokens of its own, for the same tenant, version and purpose', async () => {
    const link = await linkOf(delta);
    await world.send('POST', users, { body: { displayName: 'Grace' } });
    const next = await linkOf(`${delta}?$top=1`, '@odata.nextLink');
    const [path, token = ''] = link.split('$deltatoken=');
    const refused = async (address: string, as = 'all') => {
      const answer = await world.get(address, { as });
      assert.equal(answer.status, 400, address);
      assert.equal(answer.body.error.code, 'BadRequest');
    };
    await refused(`${path}$deltatoken=x`);
    await refused(`${path}$deltatoken=${token}x`);
    await refused(`${path}$deltatoken=${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`);
    await refused(`${path}$skiptoken=${token}`);
    await refused(next.replace('$skiptoken', '$deltatoken'));
    await refused(link.replace('v1.0', 'beta'));
    await refused(link, 'other');
    const [page] = (await world.get(`${users}?$top=1`)).body['@odata.nextLink'].split('&').slice(-1);
    await refused(`${delta}?${page}`);
  });

  test('tells nothing of what the caller may not read, not even that it has changed', async () => {
    world.admit('basic', tenants[0], { kind: 'app', appId: 'test', roles: ['User.ReadBasic.All'] });
    world.admit('none', tenants[0], { kind: 'app', appId: 'test', roles: ['Policy.Read.All'] });
    assert.equal((await world.get(delta, { as: 'none' })).status, 403);
    assert.equal((await world.get(delta, { as: null })).status, 401);
    assert.equal((await world.get(`${delta}?$select=city`, { as: 'basic' })).status, 403);
    const all = await world.get(delta, { as: 'basic' });
    assert.doesNotMatch(JSON.stringify(all.body), /London/);
    const link = await linkOf(delta, '@odata.deltaLink', 'basic');
    const [ada] = (await world.get(users)).body.value.filter(({ displayName }: Body) => displayName === 'Ada');
    await world.send('PATCH', `${users}/${ada.id}`, { body: { city: 'Paris' } });
    assert.deepEqual((await world.get(link, { as: 'basic' })).body.value, []);
    await world.send('PATCH', `${users}/${ada.id}`, { body: { displayName: 'Ada L.', city: 'Rome' } });
    const told = await world.get(link, { as: 'basic' });
    assert.equal(told.body.value[0].displayName, 'Ada L.');
    assert.doesNotMatch(JSON.stringify(told.body), /Rome/);
    const privileged = await linkOf(`${delta}?$select=city`);
    assert.equal((await world.get(privileged, { as: 'basic' })).status, 403, 'a link opens nothing');
  });

  test('keeps tenants apart', async () => {
    const link = await linkOf(delta, '@odata.deltaLink', 'other');
    await world.send('POST', users, { body: { displayName: 'Not yours' } });
    assert.deepEqual((await world.get(link, { as: 'other' })).body.value, []);
    assert.deepEqual((await world.get(delta, { as: 'other' })).body.value, []);
  });
});
