import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Directory } from '../directory/index.ts';
import { adjustableClock, system } from '../kernel/index.ts';
import { entities } from '../model/index.ts';
import { createClients } from './clients.ts';
import { type House, ids, openHouse } from './testing/harness.ts';

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

const by = system('test');

/** A directory whose first reading of applications is done, but not handed over before `release` is called. */
function slowly(directory: Directory) {
  const { promise: opened, resolve: release } = Promise.withResolvers<void>();
  const { promise: done, resolve: reach } = Promise.withResolvers<void>();
  let first = true;
  const slow: Directory = {
    ...directory,
    async find(query) {
      const isFirst = first;
      first = false;
      const page = await directory.find(query);
      reach();
      if (isFirst) await opened;
      return page;
    },
  };
  return { slow, done, release };
}

async function change(appId: string, patch: Readonly<Record<string, unknown>>): Promise<void> {
  const { directory } = house.contoso;
  const filter = { op: 'eq', path: ['appId'], value: appId } as const;
  const { items } = await directory.find({ type: entities.application, filter, limit: 1 });
  await directory.update(by, { type: entities.application, id: items[0]?.entity.id ?? '' }, patch);
}

test('an application disabled while it was being read is disabled for whoever asks next', async () => {
  const { slow, done, release } = slowly(house.contoso.directory);
  const clients = createClients({ directory: slow, clock: adjustableClock() });
  const early = clients.find(ids.otherApi);
  await done;
  await change(ids.otherApi, { isDisabled: true });
  assert.equal((await clients.find(ids.otherApi))?.isDisabled, true);
  release();
  await early;
  assert.equal((await clients.find(ids.otherApi))?.isDisabled, true);
});

test('a redirect URI taken away while all applications were being read opens nothing any more', async () => {
  const { slow, done, release } = slowly(house.contoso.directory);
  const clients = createClients({ directory: slow, clock: adjustableClock() });
  const early = clients.isSpaOrigin('https://spa.example');
  await done;
  await change(ids.spa, { spa: { redirectUris: ['http://localhost:3000/'] } });
  const late = clients.isSpaOrigin('https://spa.example');
  release();
  await early;
  assert.equal(await late, false);
  assert.equal(await clients.isSpaOrigin('https://spa.example'), false);
  assert.equal(await clients.isSpaOrigin('http://localhost:3000'), true);
});

test('an application is read once, in letters of any case, and again after a change', async () => {
  let reads = 0;
  const { directory } = house.contoso;
  const counted: Directory = {
    ...directory,
    find(query) {
      if (query.type.name === entities.application.name) reads += 1;
      return directory.find(query);
    },
  };
  const clients = createClients({ directory: counted, clock: adjustableClock() });
  await clients.find(ids.native);
  assert.equal((await clients.find(ids.native.toUpperCase()))?.appId, ids.native);
  assert.equal(reads, 1);
  await change(ids.native, { displayName: 'Renamed' });
  assert.equal((await clients.find(ids.native))?.displayName, 'Renamed');
  assert.equal(reads, 2);
});

test('applications that are created are read, and no other is read again for it', async () => {
  const { directory } = house.contoso;
  const read: string[] = [];
  const counted: Directory = {
    ...directory,
    async find(query) {
      const page = await directory.find(query);
      if (query.type.name === entities.application.name) read.push(...page.items.map(({ entity }) => entity.id));
      return page;
    },
  };
  const clients = createClients({ directory: counted, clock: adjustableClock() });
  await Promise.all([clients.find(ids.native), clients.isSpaOrigin('https://new.example')]);
  read.length = 0;
  const made: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    const { entity } = await directory.create(by, entities.application, {
      displayName: 'New',
      identifierUris: [`https://new${count}.example/api`],
      spa: { redirectUris: [`https://new${count}.example/`] },
    });
    made.push(entity.id);
    assert.equal(await clients.isSpaOrigin(`https://new${count}.example`), true);
    assert.equal((await clients.resource(`HTTPS://new${count}.example/API`))?.id, entity.id);
    await clients.find(ids.native);
  }
  // Once for the index, once as itself.
  assert.deepEqual(
    read,
    made.flatMap((id) => [id, id]),
  );
  await directory.remove(by, { type: entities.application, id: made[0] ?? '' });
  assert.equal(await clients.isSpaOrigin('https://new0.example'), false);
  assert.equal(await clients.resource('https://new0.example/api'), undefined);
  assert.equal(await clients.mayReturnTo('https://new1.example/'), true);
});

test('a service principal proves its application with secrets of its own, and switched off shuts it at once', async () => {
  const { directory } = house.contoso;
  const clients = createClients({ directory, clock: adjustableClock() });
  const isShut = async () => (await clients.find(ids.web))?.isDisabled;
  assert.equal(await isShut(), false);
  const { entity } = await directory.create(system('test'), entities.servicePrincipal, { appId: ids.web });
  const ref = { type: entities.servicePrincipal, id: entity.id };
  assert.equal(await isShut(), false);
  const issued = await directory.invoke(system('test'), ref, 'addPassword', {});
  const { secretText = '' } = issued as { readonly secretText?: string };
  const web = await clients.find(ids.web);
  assert.deepEqual(web && [secretText, 'another'].map((secret) => clients.hasSecret(web, secret)), [true, false]);
  await directory.update(system('test'), ref, { accountEnabled: false });
  assert.equal(await isShut(), true);
  await directory.remove(system('test'), ref);
  assert.equal(await isShut(), false);
});
