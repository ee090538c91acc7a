import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, PageIterator } from '@microsoft/microsoft-graph-client';
import { startUsher, type Usher } from '../support/usher.ts';

let usher: Usher;
let client: Client;

before(async () => {
  usher = await startUsher();
  client = Client.init({
    baseUrl: `${usher.url}/`,
    customHosts: new Set(['localhost']),
    authProvider: (done) => {
      usher.graphToken().then(
        (token) => done(null, token),
        (error) => done(error, null),
      );
    },
  });
});

after(() => usher?.stop());

interface Told {
  readonly id: string;
  readonly displayName?: string;
  readonly '@removed'?: { readonly reason: string };
}

/** A round as an application goes through it with the iterator of the SDK. */
async function round(address: string): Promise<{ readonly users: readonly Told[]; readonly next: string }> {
  const users: Told[] = [];
  const first = await client.api(address).get();
  const iterator = new PageIterator(client, first, (user: Told) => users.push(user) > 0);
  await iterator.iterate();
  const next = iterator.getDeltaLink();
  assert.ok(next, 'the iterator has found the link for the next round');
  return { users, next };
}

test('graph client: users are followed from round to round with its page iterator', async () => {
  const create = async (displayName: string): Promise<string> =>
    (
      await client.api('/users').post({
        displayName,
        accountEnabled: true,
        mailNickname: displayName,
        userPrincipalName: `${displayName}@contoso.onmicrosoft.com`,
        passwordProfile: { password: 'a-Password-1!' },
      })
    ).id;
  const made = [await create('delta1'), await create('delta2'), await create('delta3')];
  const all = await round('/users/delta?$select=displayName&$top=2');
  for (const id of made) assert.ok(all.users.some((user) => user.id === id));

  await client.api(`/users/${made[0]}`).update({ displayName: 'renamed' });
  await client.api(`/users/${made[1]}`).delete();
  const later = await round(all.next);
  assert.deepEqual(
    later.users.map(({ id, displayName, '@removed': removed }) => [id, displayName ?? removed?.reason]),
    [
      [made[0], 'renamed'],
      [made[1], 'deleted'],
    ],
  );
  assert.deepEqual((await round(later.next)).users, []);
});
