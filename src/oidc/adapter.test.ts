import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { adapterFor } from './adapter.ts';
import { createClients } from './clients.ts';
import { createGrants } from './records.ts';
import { type House, openHouse } from './testing/harness.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

test('of eight requests that end one interaction at the same moment one goes on', async () => {
  const { clock, contoso } = house;
  const { ephemeral } = contoso.store;
  const clients = createClients({ directory: contoso.directory, clock });
  const adapter = adapterFor('Interaction', { ephemeral, clock, clients, grants: createGrants({ ephemeral, clock }) });
  await adapter.upsert('uid', { returnTo: 'https://login.usher.test/resume/uid' }, 60);
  const found = await Promise.all(Array.from({ length: 8 }, () => adapter.find('uid')));
  assert.ok(found.every(Boolean), 'all of them have seen it');
  const ended = await Promise.allSettled(Array.from({ length: 8 }, () => adapter.destroy('uid')));
  assert.equal(ended.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.equal(await adapter.find('uid'), undefined);
});
