import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createIdentity } from './identity.ts';
import { openTenant, password, seed } from './testing/harness.ts';

const house = await openTenant();
after(() => house.close());

test('a lock is told of once, with the account; that of a name without account is told to nobody', async () => {
  const { directory, store, hasher, clock } = house;
  const locked: string[] = [];
  const identity = createIdentity({
    directory,
    ephemeral: store.ephemeral,
    hasher,
    clock,
    observe: () => undefined,
    onLocked: (userId) => void locked.push(userId),
  });
  const { id } = await identity.register(seed, {
    email: 'adele@contoso.example',
    passwordHash: await identity.hashPassword(password),
    attributes: {},
  });
  for (const name of ['adele@contoso.example', 'ghost@contoso.example']) {
    for (let count = 0; count < 12; count += 1) await identity.provePassword(name, `Wrong-password-${count}`);
  }
  assert.deepEqual(locked, [id]);
});
