import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { Letter } from './connectors/index.ts';
import { createJourneyLog } from './flows/index.ts';
import { bootstrapTenant, createHasher, createSignInLog } from './identity/index.ts';
import { newId, silent, system, systemClock } from './kernel/index.ts';
import { allTypes, entities } from './model/index.ts';
import { createWords } from './pages/index.ts';
import { type Database, missedChanges, openDatabase, removedTenant } from './store/index.ts';
import { createTenants } from './tenant-rooms.ts';

async function setUp(t: TestContext) {
  const store = await openDatabase('memory:', { clock: systemClock, observe: silent, types: allTypes() });
  const hasher = createHasher({ memoryKib: 64, passes: 1, queueLimit: 10 });
  t.after(async () => {
    await hasher.close();
    await store.close();
  });
  /** Run after the store has answered and before whoever asked is told. */
  let meanwhile: () => void | Promise<void> = () => undefined;
  const database: Database = {
    ...store,
    tenants: {
      ...store.tenants,
      async find(name) {
        const found = await store.tenants.find(name);
        const run = meanwhile;
        meanwhile = () => undefined;
        await run();
        return found;
      },
    },
  };
  const letters: Letter[] = [];
  const tenants = createTenants({
    database,
    hasher,
    signInLog: createSignInLog({ clock: systemClock, observe: silent }),
    journeyLog: createJourneyLog({ clock: systemClock, observe: silent }),
    mailer: { send: async (letter) => void letters.push(letter) },
    texter: { send: async () => undefined },
    outside: { send: async () => ({ kind: 'failed', cause: 'forbidden', reason: 'nobody is called here' }) },
    words: createWords(),
    clock: systemClock,
    observe: silent,
    encryptionKey: randomBytes(32),
    journeyLifetimeSeconds: 60,
    origin: () => 'https://login.example',
    passwordRulesOf: () => 'b2c-strong',
  });
  return {
    tenants,
    letters,
    create: (id: string, domain: string, displayName = domain) =>
      store.tenants.create({ id, domains: [domain], displayName }),
    remove: (id: string) => store.tenants.remove(id),
    during(run: () => void | Promise<void>) {
      meanwhile = run;
    },
  };
}

test('a tenant has one set of rooms, by its id and by every name in letters of any case', async (t) => {
  const { tenants, create } = await setUp(t);
  const id = newId();
  await create(id, 'contoso.example');
  const all = await Promise.all([id, id.toUpperCase(), 'contoso.example', 'CONTOSO.example'].map(tenants.roomsOf));
  assert.equal(new Set(all).size, 1);
  assert.equal(all[0]?.tenant.id, id);
  assert.equal(await tenants.roomsOf('fabrikam.example'), undefined);
});

test('a tenant that another process removes is known no longer, also while it is looked for', async (t) => {
  const { tenants, create, remove, during } = await setUp(t);
  const id = newId();
  const told = { sequence: 1, tenantId: id, type: removedTenant, key: id, verb: 'deleted', properties: [] } as const;
  const removeThere = async () => {
    await remove(id);
    tenants.receive({ ...told, by: system('test'), at: 0 });
  };
  await create(id, 'contoso.example');
  assert.ok(await tenants.roomsOf('contoso.example'));
  await removeThere();
  assert.equal(await tenants.roomsOf('contoso.example'), undefined);
  assert.equal(await tenants.roomsOf(id), undefined);
  await create(id, 'contoso.example');
  during(removeThere);
  assert.equal(await tenants.roomsOf(id), undefined);
});

test('after changes that went by unseen every tenant is opened anew', async (t) => {
  const { tenants, create } = await setUp(t);
  const id = newId();
  await create(id, 'contoso.example');
  const before = await tenants.roomsOf(id);
  const missed = { sequence: 1, tenantId: '', type: missedChanges, key: '', verb: 'deleted', properties: [] } as const;
  tenants.receive({ ...missed, by: system('test'), at: 0 });
  const after = await tenants.roomsOf(id);
  assert.ok(before && after && before !== after);
});

test('rooms asked for while all data is replaced are those of the new data', async (t) => {
  const { tenants, create, remove, during } = await setUp(t);
  const id = newId();
  await create(id, 'contoso.example', 'Before');
  during(async () => {
    await remove(id);
    tenants.clear();
    await create(id, 'contoso.example', 'After');
  });
  assert.equal((await tenants.roomsOf('contoso.example'))?.tenant.displayName, 'After');
  assert.equal((await tenants.roomsOf(id))?.tenant.displayName, 'After');
});

test('a tenant that is gone after all data was replaced has no rooms', async (t) => {
  const { tenants, create, remove, during } = await setUp(t);
  const id = newId();
  await create(id, 'contoso.example');
  during(async () => {
    await remove(id);
    tenants.clear();
  });
  assert.equal(await tenants.roomsOf(id), undefined);
  assert.equal(await tenants.roomsOf(id), undefined);
});

test('of more tenants than are kept open the one used longest ago is closed, and opens again by any name', async (t) => {
  const { tenants, create } = await setUp(t);
  const ids = Array.from({ length: 201 }, newId);
  for (const [index, id] of ids.entries()) await create(id, `tenant-${index}.example`);
  const [first = '', second = ''] = ids;
  const rooms = await tenants.roomsOf(first);
  const others = await tenants.roomsOf(second);
  await tenants.roomsOf('tenant-0.example');
  for (const id of ids.slice(2)) await tenants.roomsOf(id);
  assert.equal(await tenants.roomsOf(first), rooms);
  const again = await tenants.roomsOf('tenant-1.example');
  assert.equal(again?.tenant.id, second);
  assert.notEqual(again, others);
});

test('a tenant that is renamed invites in its new name', async (t) => {
  const { tenants, create, letters } = await setUp(t);
  const id = newId();
  await create(id, 'contoso.example', 'Contoso');
  const { directory, identity } = (await tenants.roomsOf(id)) ?? assert.fail('there is such a tenant');
  const by = system('test');
  await bootstrapTenant(directory);
  await directory.update(by, { type: entities.organization, id }, { displayName: 'Contoso Ltd' });
  await directory.create(by, entities.invitation, {
    invitedUserEmailAddress: 'guest@fabrikam.example',
    inviteRedirectUrl: 'https://contoso.example/welcome',
    sendInvitationMessage: true,
  });
  assert.deepEqual(
    letters.map(({ sender, subject }) => [sender, subject]),
    [['Contoso Ltd', 'Contoso Ltd has invited you']],
  );
  assert.equal((await identity.settings()).displayName, 'Contoso Ltd');
});
